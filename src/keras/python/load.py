"""A model that tfjs-im2col-pooling converted, in Keras 3: `from load import load; model = load()`. Needs keras and numpy."""
import os

import keras
import numpy as np

FOLDER = os.path.dirname(os.path.abspath(__file__))


def load(folder=FOLDER):
    with open(os.path.join(folder, 'config.json'), encoding='utf-8') as file:
        model = keras.models.model_from_json(file.read())
    values = np.load(os.path.join(folder, 'weights.npz'))
    keys = {tuple(name.split('/')[-2:]): name for name in values.files}
    for variable in model.weights:
        *owners, own = variable.path.split('/')
        variable.assign(next(values[keys[owner, own]] for owner in reversed(owners) if (owner, own) in keys))
    return model


if __name__ == '__main__':
    load().summary()

"""Writes keras_saved/: the models of keras.json as Keras 3 saves them, and one that stock Keras made, with its predictions.

    KERAS_BACKEND=tensorflow python test/golden/make_keras_saved.py
"""
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, '..', '..', 'src', 'keras', 'python')]
os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '3')

import keras  # noqa: E402
import numpy as np  # noqa: E402
from keras import layers  # noqa: E402

import im2col_pooling  # noqa: E402

OUT = os.path.join(HERE, 'keras_saved')
os.makedirs(OUT, exist_ok=True)
with open(os.path.join(HERE, 'keras.json'), encoding='utf-8') as file:
    MODELS = json.load(file)['models']
with open(os.path.join(HERE, 'keras.bin'), 'rb') as file:
    BYTES = file.read()


def array(entry):
    return np.frombuffer(BYTES, entry['dtype'], int(np.prod(entry['shape'])), entry['at']).reshape(entry['shape'])


for case in MODELS:
    model = keras.models.model_from_json(json.dumps(case['keras']))
    values = {im2col_pooling.keras_name(one['name'], {one['name'] for one in case['weights']}): array(one['array']) for one in case['weights']}
    for variable, name in im2col_pooling.named(model, list(values)):
        variable.assign(values[name])
    model.save(os.path.join(OUT, f"{case['name']}.keras"))
    if case['name'] == 'sequences':
        model.save(os.path.join(OUT, 'sequences.h5'))

keras.utils.set_random_seed(1)
inputs = layers.Input((3, 4, 4, 2), name='volume')
x = layers.TimeDistributed(layers.Dense(3, activation='silu'), name='dense_over_time')(inputs)
flat = layers.GlobalMaxPooling3D(keepdims=True)(x)
x = layers.AveragePooling3D(2, strides=1)(x)
x = layers.Reshape((6, 9))(x)
x = layers.Bidirectional(layers.GRU(3, reset_after=False, return_sequences=True))(x)
y = layers.GlobalAveragePooling1D()(x)
pictures = layers.Reshape((4, 4, 6))(layers.Flatten()(inputs))
z = layers.AdaptiveAveragePooling2D((3, 2))(pictures)
z = layers.LeakyReLU()(layers.DepthwiseConv2D(2)(z))
w = layers.Dense(2, kernel_regularizer='l2')(layers.Concatenate()([layers.Flatten()(flat), layers.Flatten()(z), y]))
stock = keras.Model(inputs, [w, layers.AdaptiveMaxPooling2D(2)(pictures)], name='stock')
stock.save(os.path.join(OUT, 'stock.keras'))
stock.save(os.path.join(OUT, 'stock.h5'))
x = (np.random.default_rng(3).integers(-16, 17, (2, 3, 4, 4, 2)) / 8).astype('float32')
ys = [np.asarray(y) for y in stock(x)]
with open(os.path.join(HERE, 'keras_saved.json'), 'w', encoding='utf-8') as file:
    json.dump({'keras': keras.__version__, 'x': x.ravel().tolist(), 'ys': [y.ravel().tolist() for y in ys]}, file, separators=(',', ':'))
    file.write('\n')

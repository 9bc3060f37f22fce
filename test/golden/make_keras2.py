"""Writes keras_saved/*.keras2.h5: models of keras.json in the layout of the .h5 files that Keras 2 wrote, by h5py.

    python test/golden/make_keras2.py

No Keras 2 wrote them; its layout is: attributes keras_version, backend, model_config (JSON); model_weights/LAYER with the attribute
weight_names, and below it each variable by that name, which begins with its layer's own name and ends with ':0'. The variables of a
nested model lie in the group of that model; those of a recurrent layer below their cell.
See https://github.com/keras-team/keras/blob/v2.15.0/keras/saving/legacy/hdf5_format.py
"""
import json
import os

import h5py
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
CELLS = {'LSTM': 'lstm_cell', 'GRU': 'gru_cell', 'SimpleRNN': 'simple_rnn_cell'}
with open(os.path.join(HERE, 'keras.json'), encoding='utf-8') as file:
    MODELS = {model['name']: model for model in json.load(file)['models']}
with open(os.path.join(HERE, 'keras.bin'), 'rb') as file:
    BYTES = file.read()


def array(entry):
    return np.frombuffer(BYTES, entry['dtype'], int(np.prod(entry['shape'])), entry['at']).reshape(entry['shape'])


def as_keras2(json_of_tfjs):
    """Its JSON is tfjs's but for the class of functional models and for the package's own layers, which it has not."""
    if isinstance(json_of_tfjs, list):
        return [as_keras2(item) for item in json_of_tfjs]
    if not isinstance(json_of_tfjs, dict):
        return json_of_tfjs
    made = {key: as_keras2(value) for key, value in json_of_tfjs.items()}
    if made.get('class_name') == 'Model':
        made['class_name'] = 'Functional'
    if str(made.get('class_name')).startswith('Im2Col'):
        made['class_name'] = made['class_name'][len('Im2Col'):]
        known = ('name', 'trainable', 'dtype', 'batch_input_shape', 'pool_size', 'strides', 'padding', 'data_format')
        made['config'] = {key: value for key, value in made['config'].items() if key in known}
    return made


def layers_of(model):
    config = model['config']
    return config if isinstance(config, list) else config['layers']


def names_in(layer):
    """The layer's name and those below it."""
    nested = [name for inner in layers_of(layer) for name in names_in(inner)] if 'layers' in layer['config'] else []
    return [layer['config']['name'], *nested]


def cell_of(layer):
    inner = layer['config'].get('layer', layer)
    return CELLS.get(inner['class_name'])


for name in ('digits', 'sequences', 'nested'):
    topology = as_keras2(MODELS[name]['topology'])
    model_config = {key: topology[key] for key in ('class_name', 'config')}
    with h5py.File(os.path.join(HERE, 'keras_saved', f'{name}.keras2.h5'), 'w') as file:
        file.attrs.update({'keras_version': '2.15.0', 'backend': 'tensorflow', 'model_config': json.dumps(model_config)})
        root = file.create_group('model_weights')
        layers = layers_of(topology)
        root.attrs['layer_names'] = [layer['config']['name'].encode() for layer in layers]
        for layer in layers:
            group = root.create_group(layer['config']['name'])
            own = names_in(layer)
            stored = []
            for weight in MODELS[name]['weights']:
                *owners, variable = weight['name'].split('/')
                if owners[0] not in own:
                    continue
                cell = cell_of(layer)
                path = '/'.join([*owners, *([cell] if cell else []), f'{variable}:0'])
                group.create_dataset(path, data=array(weight['array']))
                stored.append(path.encode())
            group.attrs['weight_names'] = stored

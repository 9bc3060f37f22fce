"""Keras -> tfjs -> Keras by the command: each model that Keras saved (test/golden/keras_saved) predicts the same after the circle, and
has the same layers. Run.sh runs it; it needs what check.py needs, Node, and `npm run build`.

    KERAS_BACKEND=torch python test/keras/round_trip.py
"""
import glob
import importlib.util
import os
import subprocess
import sys
import tempfile

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, '..', '..')
sys.path.insert(0, os.path.join(ROOT, 'src', 'keras', 'python'))
os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '3')

import keras  # noqa: E402

import im2col_pooling  # noqa: E402,F401

TOLERANCE = 2e-6


def convert(*args):
    command = ['node', os.path.join(ROOT, 'dist', 'cli.js'), 'convert', *args]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)


def layers_of(model):
    """Class and name of each layer, nested models included; an InputLayer may come or go, a pooling layer may become ours."""
    found = []
    for layer in model.layers:
        if type(layer).__name__ != 'InputLayer':
            found.append((type(layer).__name__.replace('Im2Col', ''), layer.name))
        found += layers_of(layer) if hasattr(layer, 'layers') else []
    return found


def inputs_of(model):
    random = np.random.default_rng(1)
    shapes = [[2 if size is None else size for size in tensor.shape] for tensor in model.inputs]
    # Whole numbers serve pictures and embeddings alike.
    return [random.integers(0, 4, shape).astype('float32') for shape in shapes]


def list_of(values):
    return [np.asarray(keras.ops.convert_to_numpy(v)) for v in (values if isinstance(values, (list, tuple)) else [values])]


def check(path, folder, pooling):
    model = keras.models.load_model(path)
    there, back = os.path.join(folder, 'there'), os.path.join(folder, 'back')
    convert(path, there, '--to', 'tfjs', '--pooling', pooling)
    convert(os.path.join(there, 'model.json'), back, '--to', 'keras', '--pooling', pooling)
    spec = importlib.util.spec_from_file_location('load_again', os.path.join(back, 'load.py'))
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, back)
    spec.loader.exec_module(module)
    sys.path.remove(back)
    again = module.load(back)
    xs = inputs_of(model)
    pairs = list(zip(list_of(model(xs if len(xs) > 1 else xs[0])), list_of(again(xs if len(xs) > 1 else xs[0]))))
    difference = max(float(np.max(np.abs(a - b), initial=0)) for a, b in pairs)
    if layers_of(model) != layers_of(again):
        return f'other layers: {layers_of(model)} and {layers_of(again)}', difference
    return ('' if difference <= TOLERANCE else f'predictions differ by {difference}'), difference


if not os.path.exists(os.path.join(ROOT, 'dist', 'cli.js')):
    print('LEFT OUT: the round trip Keras -> tfjs -> Keras: `npm run build` makes the command that it needs')
    sys.exit(0)
failed = 0
worst = 0.0
paths = sorted(glob.glob(os.path.join(HERE, '..', 'golden', 'keras_saved', '*.keras')))
for path in paths:
    name = os.path.basename(path)
    # Stock layers where they can express the model, or else this package's.
    for pooling in ('builtin', 'im2col'):
        with tempfile.TemporaryDirectory() as folder:
            try:
                problem, difference = check(path, folder, pooling)
                worst = max(worst, difference)
                break
            except subprocess.CalledProcessError as error:
                problem = (error.stderr or error.stdout).strip()[:400]
    if problem:
        failed += 1
        print(f'  {name}: {problem}')
print(f'Round trip, Keras on {keras.backend.backend()}: {len(paths) - failed} of {len(paths)} models; predictions within {worst:.1e}')
sys.exit(1 if failed else 0)

"""Compares Keras 3 with what tfjs computed (test/golden/keras.json), on the backend that KERAS_BACKEND names. Status 1 where they differ.

    KERAS_BACKEND=torch python test/keras/check.py
"""
import json
import os
import sys

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', '..', 'src', 'keras', 'python'))
os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '3')
os.environ.setdefault('TF_ENABLE_ONEDNN_OPTS', '0')

import keras  # noqa: E402
from keras import ops  # noqa: E402

import im2col_pooling  # noqa: E402

BACKEND = keras.backend.backend()
with open(os.path.join(HERE, '..', 'golden', 'keras.json'), encoding='utf-8') as file:
    FIXTURES = json.load(file)
with open(os.path.join(HERE, '..', 'golden', 'keras.bin'), 'rb') as file:
    BYTES = file.read()
TOLERANCE = 2e-6


def array(entry):
    count = int(np.prod(entry['shape']))
    return np.frombuffer(BYTES, entry['dtype'], count, entry['at']).reshape(entry['shape'])


def gradients(loss, inputs, variables):
    """Of a function of tensors: by its inputs, and by variables."""
    if BACKEND == 'tensorflow':
        import tensorflow as tf
        tensors = [tf.constant(x) for x in inputs]
        with tf.GradientTape() as tape:
            tape.watch(tensors)
            value = loss(tensors)
        found = tape.gradient(value, tensors + [v.value for v in variables])
        dense = [None if g is None else np.asarray(tf.convert_to_tensor(g)) for g in found]
    elif BACKEND == 'torch':
        import torch
        tensors = [torch.tensor(x, requires_grad=np.issubdtype(x.dtype, np.floating)) for x in inputs]
        wanted = [t for t in tensors if t.requires_grad] + [v.value for v in variables]
        found = torch.autograd.grad(loss(tensors), wanted, allow_unused=True)
        dense = [None if g is None else g.detach().numpy() for g in found]
    else:
        import jax

        def pure(xs, values):
            mapping = list(zip(variables, values))
            with keras.StatelessScope(state_mapping=mapping):
                return loss(list(xs))
        by_x, by_v = jax.jit(jax.grad(pure, argnums=(0, 1), allow_int=True))([np.asarray(x) for x in inputs], [v.value for v in variables])
        dense = [np.asarray(g) for g in [*by_x, *by_v]]
    return dense[:len(inputs)], dense[len(inputs):]


def jitted(function):
    """JAX compiles each operation by itself unless it is told to compile all at once."""
    if BACKEND != 'jax':
        return function
    import jax
    return jax.jit(function)


def same(a, b):
    """Equal as numbers: NaN equals NaN."""
    return a.shape == b.shape and np.array_equal(a, b, equal_nan=True)


def distance(a, b):
    if a.shape != b.shape or not np.array_equal(np.isnan(a), np.isnan(b)):
        return np.inf
    with np.errstate(invalid='ignore'):
        gap = np.where((a == b) | np.isnan(a), 0, np.abs(a - b))
    return float(np.max(gap / np.maximum(1, np.abs(b)), initial=0))


def check_layers(report):
    # JAX compiles each shape, for a second or two: a quarter of the layers unless WIDE_TESTS=1.
    step = 4 if BACKEND == 'jax' and os.environ.get('WIDE_TESTS') != '1' else 1
    for number, case in enumerate(FIXTURES['layers']):
        if (number + number // 8) % step != 0:
            continue
        label = f"layer {number} {case['class_name']} {case['config']}"
        layer = getattr(im2col_pooling, case['class_name']).from_config(case['config'])
        xs, ys = [array(one) for one in case['xs']], [array(one) for one in case['ys']]
        dy, dx = array(case['dy']), array(case['dx'])

        def forward(tensors):
            y = layer(tensors if len(tensors) > 1 else tensors[0])
            return y if isinstance(y, list) else [y]

        run = jitted(forward)
        got = [ops.convert_to_numpy(y) for y in run([ops.convert_to_tensor(x) for x in xs])]
        exact = 'Max' in case['class_name']
        for part, (a, b) in zip(('y', 'argmax'), zip(got, ys)):
            report(f'{label}: {part}', a, b, exact)
        # The first input's gradient; an argmax has none.
        found, _ = gradients(lambda tensors: ops.sum(forward([tensors[0], *map(ops.convert_to_tensor, xs[1:])])[0] * ops.convert_to_tensor(dy)), xs[:1], [])
        report(f'{label}: dx', found[0], dx, exact and np.isfinite(dx).all())
        # The configuration survives, and so do shapes where batch and sizes are unknown.
        again = type(layer).from_config(layer.get_config())
        assert again.get_config() == layer.get_config(), label
        unknown = [keras.KerasTensor((None, *x.shape[1:]), str(x.dtype)) for x in xs]
        spec = layer(unknown if len(unknown) > 1 else unknown[0])
        shapes = [tuple(one.shape) for one in (spec if isinstance(spec, list) else [spec])]
        assert shapes == [(None, *y.shape[1:]) for y in ys], (label, shapes)


def by_keras_name(entries):
    names = {one['name'] for one in entries}
    return {im2col_pooling.keras_name(one['name'], names): array(one['array']) for one in entries}


def check_models(report):
    for case in FIXTURES['models']:
        for kind in ('keras', 'stock'):
            if case[kind] is None:
                continue
            model = keras.models.model_from_json(json.dumps(case[kind]))
            values = by_keras_name(case['weights'])
            names = {}
            for variable, name in im2col_pooling.named(model, list(values)):
                variable.assign(values[name])
                names[id(variable)] = '/'.join(name.split('/')[-2:])
            check_model(report, f"model {case['name']} ({kind})", model, case, names, kind)


def check_model(report, label, model, case, names, kind):
    xs, ys, cs = ([array(one) for one in case[key]] for key in ('xs', 'ys', 'cs'))

    def forward(tensors):
        y = model(tensors if len(tensors) > 1 else tensors[0], training=False)
        return y if isinstance(y, (list, tuple)) else [y]

    for i, (a, b) in enumerate(zip(forward([ops.convert_to_tensor(x) for x in xs]), ys)):
        report(f'{label}: y{i}', ops.convert_to_numpy(a), b)
    trainable = model.trainable_variables
    by_x, by_weight = gradients(lambda tensors: sum(ops.sum(y * ops.convert_to_tensor(c)) for y, c in zip(forward(tensors), cs)), xs, trainable)
    # Stock layers give a tie's gradient to other elements than the first.
    if kind == 'stock':
        return
    for i, entry in enumerate(case['dxs']):
        report(f'{label}: dx{i}', by_x[i], array(entry))
    expected = by_keras_name(case['gradients'])
    for variable, gradient in zip(trainable, by_weight):
        name = names[id(variable)]
        report(f'{label}: {name}', np.zeros_like(expected[name]) if gradient is None else gradient, expected[name])


def main():
    results = {'exact': 0, 'close': 0, 'failed': []}
    largest = 0.0

    def report(label, got, expected, exact=False):
        nonlocal largest
        got = np.asarray(got)
        if same(got, expected):
            results['exact'] += 1
            return
        gap = distance(got, expected)
        if exact or gap > TOLERANCE:
            results['failed'].append(f'{label}: differs by {gap}, {np.argwhere(~np.isclose(got, expected, 0, 0, equal_nan=True))[:3].tolist() if got.shape == expected.shape else (got.shape, expected.shape)}')
            return
        largest = max(largest, gap)
        results['close'] += 1

    check_layers(report)
    check_models(report)
    for line in results['failed'][:40]:
        print('DIFFERS', line)
    print(f"{BACKEND} (keras {keras.__version__}): {results['exact']} arrays equal, {results['close']} within {largest:.1e}, "
          f"{len(results['failed'])} differ")
    sys.exit(1 if results['failed'] else 0)


main()

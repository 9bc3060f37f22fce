"""Makes family.json: average, adaptive, global and Lp pooling and max unpooling by PyTorch, with gradients, and by ONNX's reference.

    python3 test/golden/make_family.py      (needs torch and onnx; it was made with the versions named in the file)

Everything is channels-last, as this package has it; options have this package's names. PyTorch computes in float64
from float32 inputs. `dx` is the gradient of sum(y * dy); `ddx` that of sum(g * g) / 2 with g the gradient of
sum(y * y * dy) / 2. Argmax is turned from PyTorch's index in the plane into the tap's number in its own window.
ONNX's cases (no gradients) have what PyTorch lacks: dilation, asymmetric padding and powers of magnitudes. Unpooling has
overlapping windows and values of its own, so that it shows which window writes last; no gradients, as PyTorch's goes to all
windows of an element, written or not.
"""
import json
import os

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator

RNG = np.random.default_rng(20240301)
CASES = []
FUNCTIONS = {
    'averagePool': (F.avg_pool1d, F.avg_pool2d, F.avg_pool3d),
    'adaptiveAveragePool': (F.adaptive_avg_pool1d, F.adaptive_avg_pool2d, F.adaptive_avg_pool3d),
    'adaptiveMaxPool': (F.adaptive_max_pool1d, F.adaptive_max_pool2d, F.adaptive_max_pool3d),
    'lpPool': (F.lp_pool1d, F.lp_pool2d, F.lp_pool3d),
}


def numbers(shape, positive=False):
    """Distinct multiples of 1/64 in random order, so that JSON holds them exactly and in few digits."""
    size = int(np.prod(shape))
    values = RNG.permutation(size) + 1.0 if positive else RNG.permutation(size) - size // 2 + 0.5
    return (values / 64).reshape(shape)


def stored(array):
    flat = np.asarray(array, dtype=np.float64).ravel()
    return {'shape': list(array.shape), 'data': [float(f'{value:.10g}') for value in flat]}


def last(array):
    """[batch, channels, ...spatial] to channels last."""
    return np.moveaxis(np.asarray(array), 1, -1)


def add(source, op, rank, options, **arrays):
    CASES.append({'source': source, 'op': f'{op}{rank}d', 'options': options,
                  **{name: stored(last(array)) for name, array in arrays.items()}})


def torch_case(op, rank, shape, options, call, positive=False):
    x = torch.tensor(numbers(shape, positive), dtype=torch.float64, requires_grad=True)
    y = call(x)
    dy = torch.tensor(RNG.integers(-8, 9, tuple(y.shape)) / 4.0, dtype=torch.float64)
    dx, = torch.autograd.grad((y * dy).sum(), x, retain_graph=True)
    g, = torch.autograd.grad((y * y * dy).sum() / 2, x, create_graph=True)
    ddx, = torch.autograd.grad((g * g).sum() / 2, x)
    arrays = {'x': x, 'y': y, 'dy': dy, 'dx': dx, 'ddx': ddx}
    add(f'pytorch {torch.__version__}', op, rank, options, **{k: v.detach().numpy() for k, v in arrays.items()})


def averages():
    rows = [
        (1, (2, 3, 7), 2, None, 0, False), (1, (1, 2, 8), 3, 2, 1, True), (1, (1, 2, 9), 4, 3, 2, True),
        (2, (2, 3, 6, 5), 2, None, 0, False), (2, (1, 4, 7, 7), 3, 2, 0, False), (2, (1, 2, 6, 6), 3, 2, 1, False),
        (2, (1, 2, 6, 7), 3, 2, 1, True), (2, (1, 1, 5, 5), 3, 1, 1, False), (2, (1, 2, 6, 6), 3, 2, 0, True),
        (2, (2, 1, 7, 5), (3, 2), (1, 2), (1, 0), False), (2, (1, 5, 4, 4), 4, 4, 0, False),
        (2, (1, 2, 8, 7), (4, 3), (3, 2), (2, 1), True), (3, (1, 2, 4, 5, 4), 2, None, 0, False),
        (3, (1, 2, 3, 4, 5), 3, 2, 1, True),
    ]
    for rank, shape, size, stride, pad, ceil in rows:
        for count in (False, True):
            options = {'poolSize': size, 'padding': pad, 'ceilMode': ceil, 'countIncludePad': count}
            if stride is not None:
                options['strides'] = stride
            torch_case('averagePool', rank, shape, options, lambda x, r=rank: FUNCTIONS['averagePool'][r - 1](
                x, size, stride, pad, ceil_mode=ceil, count_include_pad=count))


def adaptives():
    rows = [
        (1, (2, 3, 11), 4), (1, (1, 2, 12), 4), (2, (2, 3, 7, 5), (3, 2)), (2, (1, 2, 10, 10), 7), (2, (1, 2, 6, 8), (3, 4)),
        (2, (1, 2, 8, 5), (4, 3)), (2, (1, 2, 3, 2), (5, 3)), (2, (2, 2, 5, 4), 1), (3, (1, 2, 5, 4, 7), (2, 3, 3)),
        (3, (1, 2, 4, 4, 4), 2),
    ]
    for rank, shape, size in rows:
        options = {'outputSize': size}
        for op in ('adaptiveAveragePool', 'adaptiveMaxPool'):
            torch_case(op, rank, shape, options, lambda x, o=op, r=rank: FUNCTIONS[o][r - 1](x, size))
        taps_of(rank, shape, options, size)


def taps_of(rank, shape, options, size):
    x = torch.tensor(numbers(shape), dtype=torch.float64)
    index = FUNCTIONS['adaptiveMaxPool'][rank - 1](x, size, return_indices=True)[1].numpy()
    inputs, outputs = shape[2:], index.shape[2:]
    taps = np.zeros_like(index)
    for place in np.ndindex(*index.shape):
        position = np.unravel_index(index[place], inputs)
        starts = [o * i // n for o, i, n in zip(place[2:], inputs, outputs)]
        lengths = [-(-(o + 1) * i // n) - s for o, i, n, s in zip(place[2:], inputs, outputs, starts)]
        taps[place] = np.ravel_multi_index([p - s for p, s in zip(position, starts)], lengths)
    add(f'pytorch {torch.__version__}', 'adaptiveMaxPoolWithArgmax', rank, options, x=x.numpy(), argmax=taps)


def globals_():
    for rank, shape in ((1, (2, 3, 7)), (2, (2, 3, 5, 4)), (2, (1, 2, 12, 11)), (3, (1, 2, 3, 2, 4))):
        for op in ('adaptiveAveragePool', 'adaptiveMaxPool'):
            name = op.replace('adaptive', 'global')
            torch_case(name, rank, shape, {'keepDims': True}, lambda x, o=op, r=rank: FUNCTIONS[o][r - 1](x, 1))


def norms():
    rows = [
        (1, (2, 3, 8), 2, 2, None, False), (2, (1, 2, 6, 6), 2, 3, 2, False), (2, (2, 2, 6, 4), 4, 2, None, False),
        (2, (1, 2, 6, 6), 1, 2, None, False), (2, (1, 2, 6, 6), 3, 2, 1, True), (2, (1, 2, 6, 6), 2.5, 3, 1, True),
        (1, (1, 2, 9), 1.5, 3, 2, True), (3, (1, 2, 4, 4, 4), 2, 2, None, False),
    ]
    for rank, shape, p, size, stride, positive in rows:
        options = {'poolSize': size, 'p': p}
        if stride is not None:
            options['strides'] = stride
        torch_case('lpPool', rank, shape, options,
                   lambda x, r=rank: FUNCTIONS['lpPool'][r - 1](x, p, size, stride), positive)


def onnx_case(kind, op, rank, shape, options, attributes, positive=False):
    x = numbers(shape, positive).astype(np.float32)
    node = helper.make_node(kind, ['x'], ['y'], **attributes)
    values = [helper.make_tensor_value_info(name, TensorProto.FLOAT, s) for name, s in (('x', shape), ('y', None))]
    model = helper.make_model(helper.make_graph([node], 'pool', values[:1], values[1:]), opset_imports=[helper.make_opsetid('', 22)])
    y = ReferenceEvaluator(model).run(None, {'x': x})[0]
    add(f'onnx {onnx.__version__}', op, rank, options, x=x, y=y)


def by_onnx():
    rows = [
        ((1, 2, 9), [3], [2], [2], [1], [2]), ((2, 2, 7, 6), [2, 3], [1, 2], [1, 1], [0, 1], [1, 0]),
        ((1, 2, 8, 7), [2, 3], [2, 3], [3, 2], [1, 2], [2, 0]), ((1, 3, 6, 6), [3, 3], [2, 2], [1, 1], [1, 1], [1, 1]),
        ((1, 2, 4, 5, 4), [2, 2, 2], [2, 1, 2], [1, 2, 1], [1, 0, 0], [0, 1, 1]),
    ]
    for shape, size, strides, dilations, before, after in rows:
        rank = len(size)
        options = {'poolSize': size, 'strides': strides, 'dilationRate': dilations, 'padding': list(zip(before, after))}
        attributes = {'kernel_shape': size, 'strides': strides, 'dilations': dilations, 'pads': before + after}
        # In ceil mode the reference splits padding anew, and so moves the windows of the third of these.
        for ceil in (0,) if size == [2, 3] and strides == [2, 3] else (0, 1):
            for count in (0, 1):
                onnx_case('AveragePool', 'averagePool', rank, shape,
                          {**options, 'ceilMode': bool(ceil), 'countIncludePad': bool(count)},
                          {**attributes, 'ceil_mode': ceil, 'count_include_pad': count})
        onnx_case('LpPool', 'lpPool', rank, shape, {**options, 'p': 3}, {**attributes, 'p': 3}, positive=True)


def options():
    """Of one kind each: divisor_override, None in output_size, |x|^p, and unpooling that writes."""
    for rank, shape, size, stride, pad, ceil, divisor in (
            (2, (1, 2, 6, 5), 3, 2, 1, False, 5), (2, (1, 3, 6, 6), 3, 2, 0, True, -7), (3, (1, 2, 4, 5, 4), 2, 1, 1, False, 3)):
        torch_case('averagePool', rank, shape,
                   {'poolSize': size, 'strides': stride, 'padding': pad, 'ceilMode': ceil, 'divisorOverride': divisor},
                   lambda x, r=rank: FUNCTIONS['averagePool'][r - 1](x, size, stride, pad, ceil, True, divisor))
    for op in ('adaptiveAveragePool', 'adaptiveMaxPool'):
        torch_case(op, 2, (1, 2, 5, 7), {'outputSize': [None, 3]},
                   lambda x, o=op: FUNCTIONS[o][1](x, (None, 3)))
    for p in (1, 3):
        onnx_case('LpPool', 'lpPool', 2, (1, 2, 5, 6), {'poolSize': [2, 3], 'strides': [1, 2], 'p': p, 'absolute': True},
                  {'kernel_shape': [2, 3], 'strides': [1, 2], 'p': p})
    for rank, shape, size, stride, pad in ((1, (2, 2, 9), 3, 1, 1), (2, (1, 3, 6, 7), 3, 2, 1), (3, (1, 2, 4, 4, 5), 2, 1, 0)):
        unpooling(rank, shape, size, stride, pad)


def unpooling(rank, shape, size, stride, pad):
    pool = (F.max_pool1d, F.max_pool2d, F.max_pool3d)[rank - 1]
    unpool = (F.max_unpool1d, F.max_unpool2d, F.max_unpool3d)[rank - 1]
    index = pool(torch.tensor(numbers(shape)), size, stride, pad, return_indices=True)[1]
    values = torch.tensor(numbers(tuple(index.shape)))
    y = unpool(values, index, size, stride, pad, output_size=shape[2:])
    taps = np.zeros_like(index.numpy())
    for place in np.ndindex(*index.shape):
        position = np.unravel_index(int(index[place]), shape[2:])
        taps[place] = np.ravel_multi_index([p + pad - o * stride for p, o in zip(position, place[2:])], (size,) * rank)
    add(f'pytorch {torch.__version__}', 'maxUnpool', rank,
        {'poolSize': size, 'strides': stride, 'padding': pad, 'overlaps': 'write'}, x=values.numpy(), argmax=taps, y=y.numpy())


if __name__ == '__main__':
    averages()
    adaptives()
    globals_()
    norms()
    by_onnx()
    options()
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'family.json')
    with open(path, 'w', encoding='utf-8') as file:
        file.write('[\n' + ',\n'.join(json.dumps(case, separators=(',', ':')) for case in CASES) + '\n]\n')
    print(f'{len(CASES)} cases')

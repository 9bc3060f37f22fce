"""Writes elsewhere.json: what PyTorch and ONNX Runtime make of small inputs, with their own settings.

pip install torch onnx onnxruntime numpy; python test/golden/make_elsewhere.py
"""
import json
import os

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper

random = np.random.default_rng(1)


def image(*shape):
    # Eighths: sums are exact in any order.
    return (random.integers(-40, 40, shape) / 8).astype(np.float32)


def numbers(array):
    return {'shape': list(array.shape), 'values': np.asarray(array).ravel().tolist()}


def of_torch(module, settings, x, takes_indices=False):
    pool = getattr(torch.nn, module)(**settings)
    y = pool(torch.from_numpy(x))
    entry = {'module': module, 'settings': settings, 'x': numbers(x)}
    if isinstance(y, tuple):
        return {**entry, 'y': numbers(y[0].numpy()), 'indices': y[1].flatten().tolist()}
    return {**entry, 'y': numbers(y.numpy())}


def unpooled(settings, x):
    pool = torch.nn.MaxPool2d(**settings, return_indices=True)
    values, indices = pool(torch.from_numpy(x))
    undo = torch.nn.MaxUnpool2d(**settings)
    y = undo(values, indices, output_size=list(x.shape))
    return {'module': 'MaxUnpool2d', 'settings': {**settings, 'output_size': list(x.shape)},
            'values': numbers(values.numpy()), 'indices': indices.flatten().tolist(), 'y': numbers(y.numpy())}


def of_onnx(operator, attributes, x):
    node = helper.make_node(operator, ['x'], ['y'], **attributes)
    kinds = [helper.make_tensor_value_info(n, TensorProto.FLOAT, None) for n in ('x', 'y')]
    model = helper.make_model(helper.make_graph([node], 'g', kinds[:1], kinds[1:]), ir_version=10,
                              opset_imports=[helper.make_opsetid('', 19)])
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=['CPUExecutionProvider'])
    y = session.run(None, {'x': x})[0]
    return {'operator': operator, 'attributes': attributes, 'x': numbers(x), 'y': numbers(y)}


x2 = image(1, 2, 7, 6)
result = {
    'versions': {'torch': torch.__version__.split('+')[0], 'onnxruntime': onnxruntime.__version__},
    'torch': [
        of_torch('MaxPool2d', {'kernel_size': 3, 'stride': 2, 'padding': 1}, x2),
        of_torch('MaxPool2d', {'kernel_size': [2, 3], 'dilation': 2, 'stride': 1}, x2),
        of_torch('MaxPool2d', {'kernel_size': 2, 'ceil_mode': True, 'return_indices': True}, x2),
        of_torch('MaxPool1d', {'kernel_size': 3, 'stride': 2, 'padding': 1, 'dilation': 2}, image(2, 2, 9)),
        of_torch('MaxPool3d', {'kernel_size': [1, 2, 2], 'stride': [1, 2, 1]}, image(1, 2, 3, 4, 4)),
        of_torch('AvgPool2d', {'kernel_size': 3, 'stride': 2, 'padding': 1}, x2),
        of_torch('AvgPool2d', {'kernel_size': 3, 'stride': 2, 'padding': 1, 'count_include_pad': False}, x2),
        of_torch('AvgPool2d', {'kernel_size': 3, 'stride': 2, 'padding': 1, 'ceil_mode': True}, image(1, 1, 6, 6)),
        of_torch('AvgPool2d', {'kernel_size': 2, 'stride': 2, 'divisor_override': 3}, x2),
        of_torch('AvgPool1d', {'kernel_size': 4, 'padding': 2}, image(2, 2, 9)),
        of_torch('LPPool2d', {'norm_type': 2, 'kernel_size': 2, 'stride': 1}, x2),
        of_torch('LPPool1d', {'norm_type': float(3), 'kernel_size': 3}, abs(image(1, 2, 9))),
        of_torch('AdaptiveMaxPool2d', {'output_size': [3, 4]}, x2),
        of_torch('AdaptiveAvgPool2d', {'output_size': [3, None]}, x2),
        of_torch('AdaptiveAvgPool3d', {'output_size': 2}, image(1, 1, 3, 4, 5)),
        unpooled({'kernel_size': 2, 'stride': 2}, x2),
        unpooled({'kernel_size': 3, 'stride': 2, 'padding': 1}, x2),
    ],
    'onnx': [
        of_onnx('MaxPool', {'kernel_shape': [3, 2]}, x2),
        of_onnx('MaxPool', {'kernel_shape': [3, 3], 'strides': [2, 2], 'pads': [1, 0, 1, 2]}, x2),
        of_onnx('MaxPool', {'kernel_shape': [2, 2], 'strides': [2, 2], 'dilations': [2, 1], 'ceil_mode': 1}, x2),
        of_onnx('MaxPool', {'kernel_shape': [3, 2], 'strides': [2, 2], 'auto_pad': 'SAME_UPPER'}, x2),
        of_onnx('MaxPool', {'kernel_shape': [2, 3], 'strides': [2, 2], 'auto_pad': 'SAME_LOWER'}, x2),
        of_onnx('MaxPool', {'kernel_shape': [2, 4], 'auto_pad': 'SAME_LOWER'}, x2),
        of_onnx('AveragePool', {'kernel_shape': [3, 3], 'strides': [2, 2], 'pads': [1, 1, 1, 1]}, x2),
        of_onnx('AveragePool', {'kernel_shape': [3, 3], 'strides': [2, 2], 'pads': [1, 1, 1, 1], 'count_include_pad': 1}, x2),
        of_onnx('LpPool', {'kernel_shape': [2], 'strides': [2], 'p': 3}, image(1, 2, 8)),
        of_onnx('LpPool', {'kernel_shape': [2, 2]}, x2),
        of_onnx('GlobalMaxPool', {}, x2),
        of_onnx('GlobalAveragePool', {}, x2),
    ],
}
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'elsewhere.json'), 'w') as file:
    json.dump(result, file, separators=(',', ':'))
    file.write('\n')

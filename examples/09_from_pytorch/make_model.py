"""Writes model.json: a small PyTorch network with its weights, an input, and what PyTorch makes of it.

    pip install torch numpy; python examples/09_from_pytorch/make_model.py

The network pools with padding 1, with ceil_mode, with dilation, and with indices that unpooling uses.
"""
import json
import os

import torch
from torch import nn
from torch.nn import functional as F

torch.manual_seed(1)


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 4, 3, padding=1)
        self.conv2 = nn.Conv2d(4, 4, 3, padding=1)
        self.linear = nn.Linear(36, 3)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 3, stride=2, padding=1, ceil_mode=True)
        values, indices = F.max_pool2d(x, 2, return_indices=True)
        x = F.max_unpool2d(values, indices, 2, output_size=x.shape)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2, stride=1, dilation=2)
        x = F.avg_pool2d(x, 3, stride=2, padding=1)
        x = F.adaptive_avg_pool2d(x, 3)
        return self.linear(torch.flatten(x, 1))


network = Network().eval()
x = torch.rand(2, 1, 16, 16)
with torch.no_grad():
    y = network(x)


def plain(tensor):
    return {'shape': list(tensor.shape), 'values': [round(v, 9) for v in tensor.flatten().tolist()]}


with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'model.json'), 'w', encoding='utf-8') as file:
    json.dump({'torch': torch.__version__.split('+')[0], 'weights': {k: plain(v) for k, v in network.state_dict().items()},
               'x': plain(x), 'y': plain(y)}, file)

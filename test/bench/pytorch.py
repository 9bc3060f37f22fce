"""Times PyTorch's max pooling on the bench's cases: JSON on stdin, JSON on stdout. Started by pytorch.ts.

The same method as measure.ts has: a run before that does not count, then medians; x is what a ReLU gives.
A training step is forward and backward with a given gradient.
"""
import json
import os
import statistics
import sys
import time

import torch
from torch.nn import functional

LAST = {4: torch.channels_last, 5: torch.channels_last_3d}
WARM_UP = 3


def pooling(case):
    rank = len(case["shape"]) - 2
    function = {1: functional.max_pool1d, 2: functional.max_pool2d, 3: functional.max_pool3d}[rank]
    padding = case["window"] // 2 if case["padding"] == "same" else case["padding"]
    return lambda x: function(x, case["window"], case["stride"], padding)


def milliseconds(step, pairs):
    samples = []
    for run in range(-WARM_UP, pairs):
        start = time.perf_counter()
        step()
        if run >= 0:
            samples.append((time.perf_counter() - start) * 1000)
    return statistics.median(samples)


def measure(case, pairs, memory_format):
    batch, *spatial, channels = case["shape"]
    pool = pooling(case)
    x = torch.relu(torch.rand(batch, channels, *spatial) * 2 - 1).contiguous(memory_format=memory_format)
    dy = torch.rand_like(pool(x)).contiguous(memory_format=memory_format)

    def training():
        leaf = x.detach().requires_grad_(True)
        pool(leaf).backward(dy)

    with torch.no_grad():
        forward = milliseconds(lambda: pool(x), pairs)
    return {"forward": forward, "training": milliseconds(training, pairs)}


def main():
    request = json.load(sys.stdin)
    torch.set_num_threads(os.cpu_count())
    rows = []
    for case in request["cases"]:
        last = LAST.get(len(case["shape"]))
        rows.append({
            "name": case["name"],
            "channelsFirst": measure(case, request["pairs"], torch.contiguous_format),
            "channelsLast": None if last is None else measure(case, request["pairs"], last),
        })
    json.dump({"version": torch.__version__, "threads": torch.get_num_threads(), "rows": rows}, sys.stdout)


main()

"""A peer of `npm run bench -- --peers` in Python: takes its turns when it is asked to, on tensors that it reads from files.

python worker.py torch | torch-last | jax | tensorflow. Requests and answers are lines of JSON. Everything is channels last in the
files; torch takes it in a layout of its own, once, before anything is timed.
"""
import json
import os
import sys
import time

import numpy as np

CORES = os.cpu_count() or 1


def read(path, shape):
    return np.fromfile(path, dtype=np.float32).reshape(shape)


class Torch:
    def __init__(self, last):
        import torch

        self.torch, self.last = torch, last
        torch.set_num_threads(CORES)
        self.version = f"PyTorch {torch.__version__.split('+')[0]}, {CORES} threads"

    def format(self, rank):
        t = self.torch
        return {4: t.channels_last, 5: t.channels_last_3d}[rank] if self.last else t.contiguous_format

    def tensor(self, values):
        t = self.torch.from_numpy(values).movedim(-1, 1)
        return t.contiguous(memory_format=self.format(t.ndim))

    def prepare(self, case, x, dy):
        from torch.nn import functional

        rank = x.ndim - 2
        if self.last and rank == 1:
            raise ValueError("no such layout in 1-D")
        pool = {1: functional.max_pool1d, 2: functional.max_pool2d, 3: functional.max_pool3d}[rank]
        padding = case["window"] // 2 if case["padding"] == "same" else case["padding"]
        self.pool = lambda t: pool(t, case["window"], case["stride"], padding)
        self.x, self.dy = self.tensor(x), self.tensor(dy)

    def forward(self):
        with self.torch.no_grad():
            return self.pool(self.x)

    def training(self):
        leaf = self.x.detach().requires_grad_(True)
        self.pool(leaf).backward(self.dy)
        return leaf.grad

    def network(self, weights):
        """SimpleConvNet with the weights of the one in tfjs, whose flattened maps are channels last."""
        t = self.torch
        conv, hidden, scores = t.nn.Conv2d(1, 30, 5), t.nn.Linear(4320, 100), t.nn.Linear(100, 10)
        kernel, conv_bias, dense, dense_bias, last, last_bias = weights
        dense = dense.reshape(12, 12, 30, 100).transpose(2, 0, 1, 3).reshape(4320, 100)
        values = [kernel.transpose(3, 2, 0, 1), conv_bias, dense.T, dense_bias, last.T, last_bias]
        model = t.nn.Sequential(
            conv, t.nn.ReLU(), t.nn.MaxPool2d(2), t.nn.Flatten(), hidden, t.nn.ReLU(), scores
        )
        with t.no_grad():
            for parameter, value in zip(model.parameters(), values):
                parameter.copy_(t.from_numpy(value.copy()))
        self.model = model.to(memory_format=self.format(4))
        self.optimizer = t.optim.Adam(model.parameters(), lr=0.001, eps=1e-7)

    def batch(self, x, labels):
        self.images, self.labels = self.tensor(x), self.torch.from_numpy(labels.astype(np.int64))

    def train(self):
        self.optimizer.zero_grad()
        loss = self.torch.nn.functional.cross_entropy(self.model(self.images), self.labels)
        loss.backward()
        self.optimizer.step()
        return loss.item()

    def total(self, result):
        return float(result.double().sum())


class Jax:
    def __init__(self):
        import jax

        jax.config.update("jax_platforms", "cpu")
        self.jax = jax
        self.version = f"JAX {jax.__version__}, {CORES} threads"

    def prepare(self, case, x, dy):
        jax = self.jax
        inner = lambda size: (1, *[size] * (x.ndim - 2), 1)
        padding = "SAME" if case["padding"] == "same" else [(p, p) for p in (0, *[case["padding"]] * (x.ndim - 2), 0)]

        def pool(t):
            return jax.lax.reduce_window(
                t, -float("inf"), jax.lax.max, inner(case["window"]), inner(case["stride"]), padding
            )

        self.x, self.dy = jax.numpy.asarray(x), jax.numpy.asarray(dy)
        self.pool = jax.jit(pool)
        self.gradient = jax.jit(lambda t, d: jax.vjp(pool, t)[1](d)[0])

    def forward(self):
        return self.pool(self.x).block_until_ready()

    def training(self):
        return self.gradient(self.x, self.dy).block_until_ready()

    def total(self, result):
        return float(np.asarray(result, dtype=np.float64).sum())


class TensorFlow:
    def __init__(self):
        os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
        import tensorflow as tf

        self.tf = tf
        self.version = f"TensorFlow {tf.__version__}, {CORES} threads"

    def prepare(self, case, x, dy):
        tf = self.tf
        padding = case["padding"]
        # tf.nn has no padding by numbers for volumes; -inf around the image is the same for maxima.
        around = 0 if padding == "same" else padding
        said = "SAME" if padding == "same" else "VALID"
        edges = [[0, 0], *[[around, around]] * (x.ndim - 2), [0, 0]]

        def pool(t):
            if around:
                t = tf.pad(t, edges, constant_values=-float("inf"))
            return tf.nn.max_pool(t, case["window"], case["stride"], said)

        def gradient(t, d):
            with tf.GradientTape() as tape:
                tape.watch(t)
                y = pool(t)
            return tape.gradient(y, t, output_gradients=d)

        self.x, self.dy = tf.constant(x), tf.constant(dy)
        self.pool, self.gradient = tf.function(pool), tf.function(gradient)

    def forward(self):
        result = self.pool(self.x)
        result.numpy()
        return result

    def training(self):
        result = self.gradient(self.x, self.dy)
        result.numpy()
        return result

    def total(self, result):
        return float(result.numpy().astype(np.float64).sum())


PEERS = {
    "torch": lambda: Torch(False),
    "torch-last": lambda: Torch(True),
    "jax": Jax,
    "tensorflow": TensorFlow,
}


def answer(peer, request):
    what = request["what"]
    if what == "version":
        return {"version": peer.version}
    if what == "prepare":
        peer.prepare(request["case"], read(request["x"], request["shape"]), read(request["dy"], request["dyShape"]))
        return {"y": peer.total(peer.forward()), "dx": peer.total(peer.training())}
    if what == "network":
        peer.network([read(path, shape) for path, shape in request["weights"]])
        return {}
    if what == "batch":
        peer.batch(read(request["x"], request["shape"]), np.array(request["labels"]))
        return {}
    step = getattr(peer, what)
    start = time.perf_counter()
    result = step()
    ms = (time.perf_counter() - start) * 1000
    return {"ms": ms, **({"loss": result} if what == "train" else {})}


def main():
    # Libraries may print; answers go where they cannot.
    replies = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    peer, failure = None, None
    try:
        peer = PEERS[sys.argv[1]]()
    except ImportError as error:
        failure = str(error)
    for line in sys.stdin:
        try:
            reply = {"error": failure} if failure else answer(peer, json.loads(line))
        except Exception as error:  # whatever it is, the other peers go on
            reply = {"error": f"{type(error).__name__}: {error}"[:300]}
        print(json.dumps(reply), file=replies, flush=True)


main()

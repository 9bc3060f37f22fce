"""The textbook's pooling layer in NumPy, on 2 pictures of 3 channels, with every intermediate value written to numpy_values.json.

Run: python3 numpy_values.py   (needs NumPy)
The steps are those of Koki Saitoh, "Deep Learning from Scratch" (O'Reilly Japan, 2016), chapter 7: pool 2x2, stride 2, pad 0, channels first.
"""
import json
from pathlib import Path

import numpy as np

N, C, H, W = 2, 3, 4, 4
POOL, STRIDE = 2, 2
OUT = (H - POOL) // STRIDE + 1


def im2col(x):
    """One row per window position; in a row, the taps of channel 0, then of channel 1, ..."""
    windows = np.lib.stride_tricks.sliding_window_view(x, (POOL, POOL), axis=(2, 3))[:, :, ::STRIDE, ::STRIDE]
    return windows.transpose(0, 2, 3, 1, 4, 5).reshape(N * OUT * OUT, C * POOL * POOL)


def col2im(col):
    """Adds each element of the matrix to the pixel that it was read from."""
    dx = np.zeros((N, C, H, W), col.dtype)
    taps = col.reshape(N, OUT, OUT, C, POOL, POOL).transpose(0, 3, 1, 2, 4, 5)
    for i in range(POOL):
        for j in range(POOL):
            dx[:, :, i : i + STRIDE * OUT : STRIDE, j : j + STRIDE * OUT : STRIDE] += taps[..., i, j]
    return dx


x = (np.arange(N * C * H * W) * 37 % 20).reshape(N, C, H, W)
dout = np.arange(1, N * C * OUT * OUT + 1).reshape(N, C, OUT, OUT)

col = im2col(x)
rows = col.reshape(-1, POOL * POOL)
arg_max = np.argmax(rows, axis=1)
out = np.max(rows, axis=1)
y = out.reshape(N, OUT, OUT, C).transpose(0, 3, 1, 2)

dout_last = dout.transpose(0, 2, 3, 1)
dmax = np.zeros((dout_last.size, POOL * POOL), dtype=int)
dmax[np.arange(arg_max.size), arg_max.flatten()] = dout_last.flatten()
dcol = dmax.reshape(N * OUT * OUT, -1)
dx = col2im(dcol)

values = {
    name: {"shape": list(array.shape), "data": array.flatten().tolist()}
    for name, array in dict(
        x=x, col=col, rows=rows, arg_max=arg_max, out=out, y=y, dout=dout, dout_last=dout_last, dmax=dmax, dcol=dcol, dx=dx
    ).items()
}
lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(value)}" for name, value in values.items())
Path(__file__).with_suffix(".json").write_text("{\n" + lines + "\n}\n")

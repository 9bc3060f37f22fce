"""The layers of tfjs-im2col-pooling in keras.ops, for Keras 3 on TensorFlow, PyTorch and JAX; and load and save.

Every kind, every option, 1 to 3 spatial axes, as the JavaScript package has them: the first of equal maxima alone gets the
gradient, padding never wins, NaN wins unless nan='ignore'. Options have the names that files of TensorFlow.js have:
pool_size, strides, padding, dilation_rate, ceil_mode, data_format, nan, ...

    import im2col_pooling
    model = im2col_pooling.load('folder')                       # what `convert --to keras` wrote
    im2col_pooling.save(model, like='tfjs_folder', out='back')  # the trained weights under the model.json they came from
"""
import itertools
import json
import math
import os

import keras
import numpy as np
from keras import ops

PACKAGE = 'tfjs_im2col_pooling'
WINDOWS = dict(pool_size=2, strides=None, padding='valid', dilation_rate=1, ceil_mode=False)
COMMON = dict(data_format='channels_last', implementation='fused')


@keras.saving.register_keras_serializable(package=PACKAGE)
def tfjs_hard_sigmoid(x):
    """TensorFlow.js's hard_sigmoid (that of Keras 3 has another slope)."""
    return ops.clip(0.2 * x + 0.5, 0.0, 1.0)


class _Layer(keras.layers.Layer):
    """Options and configuration; `rank` is the number of spatial axes."""

    rank = None
    options = {}

    def __init__(self, **arguments):
        given = {name: arguments.pop(name, default) for name, default in self.options.items()}
        super().__init__(**arguments)
        self.given = given
        for name, value in given.items():
            setattr(self, name, value)
        if given['data_format'] not in ('channels_last', 'channels_first'):
            raise ValueError(f"expected data_format 'channels_last' or 'channels_first'; got {given['data_format']!r}")

    def get_config(self):
        return {**super().get_config(), **self.given}

    @property
    def first(self):
        """The number of the first spatial axis."""
        return 1 if self.data_format == 'channels_last' else 2

    def per_axis(self, value):
        return [value] * self.rank if isinstance(value, (int, float)) else list(value)

    def sizes(self, shape):
        sizes = list(shape[self.first:self.first + self.rank])
        if None in sizes:
            raise ValueError(f'{type(self).__name__}: expected known spatial sizes when it runs; got {tuple(shape)}')
        return sizes

    def along(self, axis, values):
        """A list of numbers as an array that lies along a spatial axis of the input."""
        return np.asarray(values).reshape([-1 if a == self.first + axis else 1 for a in range(self.rank + 2)])

    def with_sizes(self, shape, sizes):
        return (*shape[:self.first], *sizes, *shape[self.first + self.rank:])


class _Windowed(_Layer):
    """Taps: the elements at one position of every window."""

    def axis(self, i, size):
        """Outputs, padding before, window, stride and dilation of spatial axis i."""
        window, dilation = self.per_axis(self.pool_size)[i], self.per_axis(self.dilation_rate)[i]
        stride = self.per_axis(self.pool_size if self.strides is None else self.strides)[i]
        span = (window - 1) * dilation + 1
        if self.padding == 'same':
            outputs = -(-size // stride)
            return outputs, max(0, (outputs - 1) * stride + span - size) // 2, 0, window, stride, dilation
        pair = 0 if self.padding == 'valid' else self.per_axis(self.padding)[i]
        before, after = pair if isinstance(pair, (list, tuple)) else (pair, pair)
        steps = size + before + after - span
        outputs = (-(-steps // stride) if self.ceil_mode else steps // stride) + 1
        # A last window that would start beyond the input is dropped.
        if self.ceil_mode and (outputs - 1) * stride >= size + before:
            outputs -= 1
        return outputs, before, after, window, stride, dilation

    def positions(self, i, size):
        """Where the taps of each window lie: an array of [outputs, window]; those on padding are outside of the input."""
        outputs, before, _, window, stride, dilation = self.axis(i, size)
        return np.arange(outputs)[:, None] * stride - before + np.arange(window)[None] * dilation

    def output_sizes(self, sizes):
        return [None if size is None else self.axis(i, size)[0] for i, size in enumerate(sizes)]

    def pooled_shape(self, shape):
        return self.with_sizes(shape, self.output_sizes(shape[self.first:self.first + self.rank]))

    def windows(self, x):
        """For each tap, row-major: the elements there, 0 on padding, and whether they are real ones."""
        sizes = self.sizes(x.shape)
        positions = [self.positions(i, size) for i, size in enumerate(sizes)]
        reals = [(at >= 0) & (at < size) for at, size in zip(positions, sizes)]
        for real in reals:
            if real.size == 0 or not real.any(1).all():
                raise ValueError(f'{type(self).__name__}: expected a real element in every window; got {tuple(x.shape)}')
        padded = self.padded(x, sizes)
        for tap in itertools.product(*(range(at.shape[1]) for at in positions)):
            real = np.ones((1,) * (self.rank + 2), bool)
            for i, t in enumerate(tap):
                real = real & self.along(i, reals[i][:, t])
            yield self.at_tap(padded, positions, tap, sizes), real

    def padded(self, x, sizes):
        pads = [(0, 0)] * (self.rank + 2)
        for i, size in enumerate(sizes):
            outputs, before, _, window, stride, dilation = self.axis(i, size)
            end = (outputs - 1) * stride + (window - 1) * dilation + 1
            pads[self.first + i] = (before, max(0, end - size - before))
        return ops.pad(x, pads) if any(map(any, pads)) else x

    def at_tap(self, padded, positions, tap, sizes):
        where = [slice(None)] * (self.rank + 2)
        for i, t in enumerate(tap):
            outputs, before, _, _, stride, dilation = self.axis(i, sizes[i])
            start = t * dilation
            where[self.first + i] = slice(start, start + (outputs - 1) * stride + 1, stride)
        return padded[tuple(where)]

    def stacked(self, x):
        taps, reals = zip(*self.windows(x))
        whole = np.broadcast_shapes(*(real.shape for real in reals))
        real = np.stack([np.broadcast_to(one, whole) for one in reals], -1)
        return ops.stack(taps, -1), real


class _Adaptive:
    """Output i is pooled over [floor(i * in / out), ceil((i + 1) * in / out))."""

    def bounds(self, i, size):
        outputs = self.output_sizes([size] * self.rank)[i]
        starts = [at * size // outputs for at in range(outputs)]
        return starts, [-(-(at + 1) * size // outputs) - start for at, start in enumerate(starts)]

    def output_sizes(self, sizes):
        wanted = self.per_axis(self.output_size)
        return [size if one is None else one for one, size in zip(wanted, sizes)]

    def positions(self, i, size):
        starts, lengths = self.bounds(i, size)
        taps = np.arange(max(lengths))[None]
        # -1 stands for a tap that the window has not.
        return np.where(taps < np.array(lengths)[:, None], np.array(starts)[:, None] + taps, -1)

    def padded(self, x, sizes):
        return x

    def at_tap(self, x, positions, tap, sizes):
        for i, t in enumerate(tap):
            at = np.maximum(positions[i][:, t], 0)
            x = ops.take(x, ops.convert_to_tensor(at, 'int32'), axis=self.first + i)
        return x


class _Max(_Windowed):
    options = dict(WINDOWS, data_format='channels_last', nan='propagate', implementation='fused', return_argmax=False)

    def compute_output_shape(self, shape):
        pooled = self.pooled_shape(shape)
        return [pooled, pooled] if self.return_argmax else pooled

    def compute_output_spec(self, x):
        pooled = self.pooled_shape(x.shape)
        values = keras.KerasTensor(pooled, x.dtype)
        return [values, keras.KerasTensor(pooled, 'int32')] if self.return_argmax else values

    def call(self, x):
        taps, real = self.stacked(x)
        best = _first_winner(taps, real, self.nan)
        values = ops.squeeze(ops.take_along_axis(taps, ops.expand_dims(best, -1), axis=-1), -1)
        return [values, self.own_number(best, x)] if self.return_argmax else values

    def own_number(self, best, x):
        return best


class _AdaptiveMax(_Adaptive, _Max):
    options = dict(output_size=1, data_format='channels_last', implementation='fused', nan='propagate', return_argmax=False)

    def own_number(self, best, x):
        """The number in the window itself, which may be smaller than the longest one."""
        bounds = [self.bounds(i, size)[1] for i, size in enumerate(self.sizes(x.shape))]
        digits, number = [], best
        for lengths in reversed(bounds):
            digits.insert(0, number % max(lengths))
            number = number // max(lengths)
        number = ops.zeros_like(best)
        for i, lengths in enumerate(bounds):
            number = number * ops.convert_to_tensor(self.along(i, lengths), 'int32') + digits[i]
        return number


def _first_winner(taps, real, nan):
    """The first tap of the highest rank: NaN 3 (or as little as any, if it is to be ignored), maximum 2, real 1, padding 0."""
    taps = ops.stop_gradient(taps)
    dtype = keras.backend.standardize_dtype(taps.dtype)
    is_float = keras.backend.is_float_dtype(dtype)
    low = -np.inf if is_float else np.iinfo(dtype).min
    real = ops.convert_to_tensor(real)
    keys = ops.where(real, taps, ops.cast(low, dtype))
    if is_float:
        nans = ops.logical_and(ops.isnan(taps), real)
        keys = ops.where(nans, ops.cast(low, dtype), keys)
    highest = ops.logical_and(ops.equal(keys, ops.max(keys, axis=-1, keepdims=True)), real)
    ones = ops.cast(real, 'int32')
    ranks = ones + ops.cast(highest, 'int32')
    if is_float:
        ranks = ops.where(nans, ones * 3 if nan == 'propagate' else ones, ranks)
    return ops.cast(ops.argmax(ranks, axis=-1), 'int32')


class _Average(_Windowed):
    options = dict(WINDOWS, **COMMON, count_include_pad=False, divisor_override=None)

    def compute_output_shape(self, shape):
        return self.pooled_shape(shape)

    def compute_output_spec(self, x):
        return keras.KerasTensor(self.pooled_shape(x.shape), _floating(x.dtype))

    def call(self, x):
        x = ops.cast(x, _floating(x.dtype))
        total, count = None, 0
        for elements, real in self.windows(x):
            # One after the other: the order in which the JavaScript package adds up.
            elements = elements if real.all() else ops.where(ops.convert_to_tensor(real), elements, 0.0)
            total = elements if total is None else total + elements
            count = count + real.astype('float32')
        return total / ops.convert_to_tensor(self.divisor(count, self.sizes(x.shape)), total.dtype)

    def divisor(self, count, sizes):
        if self.given.get('divisor_override') is not None:
            return np.float32(self.divisor_override)
        if not self.given.get('count_include_pad'):
            return count
        cells = np.ones((1,) * (self.rank + 2), 'float32')
        for i, size in enumerate(sizes):
            after = self.axis(i, size)[2]
            positions = self.positions(i, size)
            if self.padding == 'same':
                cells = cells * self.along(i, np.full(len(positions), positions.shape[1], 'float32'))
            else:
                cells = cells * self.along(i, (positions < size + after).sum(1).astype('float32'))
        return cells


class _AdaptiveAverage(_Adaptive, _Average):
    options = dict(output_size=1, **COMMON)


class _Lp(_Average):
    options = dict(WINDOWS, **COMMON, p=2, absolute=False)

    def call(self, x):
        x = ops.cast(x, _floating(x.dtype))
        taps, real = self.stacked(x)
        p = math.inf if str(self.p).lower() in ('inf', 'infinity') else self.p
        if p >= 2**24:
            best = _first_winner(ops.abs(taps), real, 'propagate')
            taps = ops.abs(taps)
            return ops.squeeze(ops.take_along_axis(taps, ops.expand_dims(best, -1), axis=-1), -1)
        if not real.all():
            taps = ops.where(ops.convert_to_tensor(real), taps, 0.0)
        if self.absolute:
            taps = ops.abs(taps)
        if p == 1:
            return _sum(taps)
        return _norm(taps, p)


def _norm(taps, p):
    """(sum of x^p)^(1/p), scaled by the greatest magnitude. Where a derivative would be infinite, it is 0."""
    magnitudes = ops.stop_gradient(ops.abs(taps))
    largest = np.finfo('float32').max
    greatest = ops.max(ops.where(ops.isnan(magnitudes), 0.0, magnitudes), axis=-1, keepdims=True)
    scale = ops.minimum(ops.where(greatest == 0, 1.0, greatest), largest)
    ratios = taps / scale
    total = _sum(_powers(ratios, p))
    nothing = ops.equal(total, 0.0)
    safe_total = ops.where(nothing, 1.0, total)
    root = ops.sqrt(safe_total) if p == 2 else ops.power(safe_total, 1.0 / p)
    return ops.where(nothing, 0.0, root * ops.squeeze(scale, -1))


def _powers(ratios, p):
    if p == 2:
        return ratios * ratios
    if p == 3:
        return ratios * ratios * ratios
    if p > 1:
        return ops.power(ratios, p)
    is_zero = ops.equal(ratios, 0.0)
    return ops.where(is_zero, 0.0, ops.power(ops.where(is_zero, 1.0, ratios), p))


def _sum(taps):
    total = taps[..., 0]
    for t in range(1, taps.shape[-1]):
        total = total + taps[..., t]
    return total


def _floating(dtype):
    dtype = keras.backend.standardize_dtype(dtype)
    return dtype if keras.backend.is_float_dtype(dtype) else 'float32'


class _Global(_Layer):
    options = dict(data_format='channels_last', keep_dims=False, implementation='fused')

    def axes(self):
        return tuple(range(self.first, self.first + self.rank))

    def compute_output_shape(self, shape):
        if self.keep_dims:
            return self.with_sizes(shape, [1] * self.rank)
        return (*shape[:self.first], *shape[self.first + self.rank:])

    def compute_output_spec(self, x, mask=None):
        return keras.KerasTensor(self.compute_output_shape(x.shape), self.dtype_of(x))

    def dtype_of(self, x):
        return _floating(x.dtype)

    def compute_mask(self, inputs, mask=None):
        return None


class _GlobalAverage(_Global):
    def __init__(self, **arguments):
        super().__init__(**arguments)
        self.supports_masking = self.rank == 1

    def call(self, x, mask=None):
        x = ops.cast(x, _floating(x.dtype))
        if mask is None or self.rank > 1:
            return ops.mean(x, axis=self.axes(), keepdims=self.keep_dims)
        steps = ops.expand_dims(ops.cast(mask, 'bool'), -1 if self.first == 1 else 1)
        count = ops.sum(ops.cast(steps, x.dtype), axis=self.axes(), keepdims=self.keep_dims)
        total = ops.sum(ops.where(steps, x, 0.0), axis=self.axes(), keepdims=self.keep_dims)
        return total / ops.where(count == 0, np.nan, count)


class _GlobalMax(_Global):
    options = dict(_Global.options, nan='propagate')

    def dtype_of(self, x):
        return x.dtype

    def call(self, x):
        first = ops.moveaxis(x, -1, 1) if self.first == 1 else x
        flat = ops.reshape(first, (-1, first.shape[1], math.prod(self.sizes(x.shape))))
        best = _first_winner(flat, np.ones((1, 1, flat.shape[-1]), bool), self.nan)
        values = ops.squeeze(ops.take_along_axis(flat, ops.expand_dims(best, -1), axis=-1), -1)
        return ops.reshape(values, (-1, *self.compute_output_shape(x.shape)[1:]))


class _Unpooling(_Windowed):
    options = dict(WINDOWS, data_format='channels_last', nan='propagate', implementation='fused', output_size=None,
                   overlaps='add')

    def restored(self, i, outputs):
        wanted = None if self.output_size is None else self.per_axis(self.output_size)[i]
        if wanted is not None or outputs is None:
            return wanted
        _, before, after, window, stride, dilation = self.axis(i, outputs)
        if self.padding == 'same':
            return outputs * stride
        return (outputs - 1) * stride - before - after + (window - 1) * dilation + 1

    def compute_output_shape(self, shapes):
        shape = shapes[0]
        sizes = shape[self.first:self.first + self.rank]
        return self.with_sizes(shape, [self.restored(i, size) for i, size in enumerate(sizes)])

    def compute_output_spec(self, inputs):
        return keras.KerasTensor(self.compute_output_shape([one.shape for one in inputs]), inputs[0].dtype)

    def call(self, inputs):
        values, argmax = inputs
        argmax = ops.cast(argmax, 'int32')
        outputs = self.sizes(values.shape)
        sizes = [self.restored(i, size) for i, size in enumerate(outputs)]
        target, is_real = self.targets(argmax, sizes)
        batch = ops.shape(values)[0]
        channels = values.shape[-1 if self.first == 1 else 1]
        plane = math.prod(sizes)
        image = ops.reshape(ops.arange(batch, dtype='int32'), [-1] + [1] * (self.rank + 1))
        channel = np.arange(channels, dtype='int32').reshape(
            [-1 if a == (self.rank + 1 if self.first == 1 else 1) else 1 for a in range(self.rank + 2)])
        channel = ops.convert_to_tensor(channel)
        if self.first == 1:
            target = (image * plane + target) * channels + channel
        else:
            target = (image * channels + channel) * plane + target
        count = batch * plane * channels
        # What lies on padding, or is no tap, goes to a place of its own behind all others.
        flat = ops.reshape(ops.where(is_real, target, count), (-1,))
        y = self.placed(ops.reshape(values, (-1,)), flat, count)
        return ops.reshape(y, (-1, *self.with_sizes(values.shape, sizes)[1:]))

    def targets(self, argmax, sizes):
        """Where in its image each value belongs, and whether there is such a place."""
        windows = self.per_axis(self.pool_size)
        is_real = ops.logical_and(argmax >= 0, argmax < math.prod(windows))
        digits, rest = [], argmax
        for window in reversed(windows):
            digits.insert(0, rest % window)
            rest = rest // window
        target = ops.zeros_like(argmax)
        for i, size in enumerate(sizes):
            starts = self.positions(i, size)[:, 0]
            dilation = self.per_axis(self.dilation_rate)[i]
            at = ops.convert_to_tensor(self.along(i, starts).astype('int32')) + digits[i] * dilation
            is_real = ops.logical_and(is_real, ops.logical_and(at >= 0, at < size))
            target = target * size + at
        return target, is_real

    def placed(self, values, flat, count):
        if self.overlaps != 'write':
            return ops.segment_sum(values, flat, num_segments=count + 1)[:-1]
        # The last one that has a place writes it.
        turns = ops.arange(1, ops.shape(values)[0] + 1, dtype='int32')
        last = ops.maximum(ops.segment_max(turns, flat, num_segments=count + 1)[:-1], 0)
        written = ops.take(values, ops.maximum(last - 1, 0), axis=0)
        return ops.where(last > 0, written, ops.zeros_like(written))


def _define():
    kinds = dict(Im2ColMaxPooling=_Max, Im2ColAveragePooling=_Average, Im2ColLpPooling=_Lp,
                 Im2ColGlobalMaxPooling=_GlobalMax, Im2ColGlobalAveragePooling=_GlobalAverage,
                 Im2ColAdaptiveMaxPooling=_AdaptiveMax, Im2ColAdaptiveAveragePooling=_AdaptiveAverage,
                 MaxUnpooling=_Unpooling)
    for kind, base in kinds.items():
        for rank in (1, 2, 3):
            name = f'{kind}{rank}D'
            made = type(name, (base,), {'rank': rank, '__module__': __name__, '__doc__': f'As the JavaScript package has it.'})
            globals()[name] = keras.saving.register_keras_serializable(package=PACKAGE)(made)


_define()


def load(folder):
    """The model in a folder that `convert --to keras` wrote."""
    with open(os.path.join(folder, 'config.json'), encoding='utf-8') as file:
        model = keras.models.model_from_json(file.read())
    values = np.load(os.path.join(folder, 'weights.npz'))
    for variable, name in named(model, values.files):
        variable.assign(values[name])
    return model


def save(model, like, out):
    """Writes the model's weights to the folder `out`, under the model.json of the folder `like`, from which it came."""
    with open(os.path.join(like, 'model.json'), encoding='utf-8') as file:
        document = json.load(file)
    specs = [spec for group in document['weightsManifest'] for spec in group['weights'] if spec.get('group') != 'optimizer']
    names = [spec['name'] for spec in specs]
    originals = {keras_name(name, set(names)): name for name in names}
    values = {originals[name]: variable for variable, name in named(model, list(originals))}
    missing = [name for name in names if name not in values]
    if missing:
        raise ValueError(f'expected weights {missing} in the model')
    os.makedirs(out, exist_ok=True)
    with open(os.path.join(out, 'weights.bin'), 'wb') as file:
        for spec in specs:
            spec.pop('quantization', None)
            array = keras.ops.convert_to_numpy(values[spec['name']])
            if list(array.shape) != list(spec['shape']):
                raise ValueError(f"expected {spec['name']} of shape {spec['shape']}; got {list(array.shape)}")
            file.write(np.ascontiguousarray(array, spec['dtype']).tobytes())
    document['weightsManifest'] = [{'paths': ['weights.bin'], 'weights': specs}]
    document.pop('trainingConfig', None)
    with open(os.path.join(out, 'model.json'), 'w', encoding='utf-8') as file:
        json.dump(document, file)


def keras_name(name, names):
    """Keras 3 calls `kernel` what DepthwiseConv2D has; SeparableConv2D, which has a pointwise one too, keeps the name."""
    layer, _, own = name.rpartition('/')
    is_depthwise = own == 'depthwise_kernel' and f'{layer}/pointwise_kernel' not in names
    return f'{layer}/kernel' if is_depthwise else name


def named(model, names):
    """Each of the model's variables with its name among `names`: a layer's and the variable's own, which its path has."""
    by_parts = {tuple(name.split('/')[-2:]): name for name in names}
    for variable in model.weights:
        *owners, own = variable.path.split('/')
        found = [by_parts[owner, own] for owner in reversed(owners) if (owner, own) in by_parts]
        if not found:
            raise ValueError(f'{variable.path}: expected one of the weights {sorted(names)}')
        yield variable, found[0]

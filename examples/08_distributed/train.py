"""Trains a converted model on with tf.distribute.

    python train.py mirrored keras_folder tfjs_folder data.npz out      # one process, two devices
    python train.py worker   keras_folder tfjs_folder data.npz out      # one of the processes that TF_CONFIG lists
"""
import json
import os
import sys

os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '3')
os.environ['KERAS_BACKEND'] = 'tensorflow'
os.environ['CUDA_VISIBLE_DEVICES'] = '-1'

import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402

KIND, KERAS_FOLDER, TFJS_FOLDER, DATA, OUT = sys.argv[1:6]
STEPS, BATCH = 60, 64
sys.path.insert(0, KERAS_FOLDER)


def say(text):
    print(text, flush=True)


def batches(x, y):
    return tf.data.Dataset.from_tensor_slices((x, y)).repeat().batch(BATCH, drop_remainder=True)


def accuracy(model, x, y):
    return float(np.mean(np.argmax(np.asarray(model(x)), 1) == np.argmax(y, 1)))


def mirrored(data):
    import keras
    cpu = tf.config.list_physical_devices('CPU')[0]
    tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
    strategy = tf.distribute.MirroredStrategy(['CPU:0', 'CPU:1'])
    with strategy.scope():
        import im2col_pooling
        model = im2col_pooling.load(KERAS_FOLDER)
        model.compile(keras.optimizers.Adam(0.001), 'categorical_crossentropy')
    say(f'MirroredStrategy, {strategy.num_replicas_in_sync} devices: accuracy {accuracy(model, data["test_x"], data["test_y"]):.4f}')

    class Progress(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            if (batch + 1) % 20 == 0:
                say(f'  step {batch + 1} of {STEPS}: loss {logs["loss"]:.3f}')
    model.fit(batches(data['x'], data['y']), steps_per_epoch=STEPS, verbose=0, callbacks=[Progress()])
    finish(model, data, 'MirroredStrategy')


def worker(data):
    index = json.loads(os.environ['TF_CONFIG'])['task']['index']
    strategy = tf.distribute.MultiWorkerMirroredStrategy()
    # Keras 3's fit does not run under this strategy (keras issue 20585), so the loop is written out.
    with strategy.scope():
        import im2col_pooling
        import keras
        model = im2col_pooling.load(KERAS_FOLDER)
        weights = [v.value for v in model.trainable_variables]
        moments = [(tf.Variable(tf.zeros_like(w)), tf.Variable(tf.zeros_like(w))) for w in weights]
    count = strategy.num_replicas_in_sync
    shard = {name: data[name][index::count] for name in ('x', 'y')}
    each = BATCH // count

    def adam(step, gradients):
        for weight, gradient, (first, second) in zip(weights, gradients, moments):
            first.assign(0.9 * first + 0.1 * gradient)
            second.assign(0.999 * second + 0.001 * gradient * gradient)
            weight.assign_sub(0.001 * first / (1 - 0.9**step) / (tf.sqrt(second / (1 - 0.999**step)) + 1e-7))

    @tf.function
    def train(step, x, y):
        def replica(step, x, y):
            with tf.GradientTape() as tape:
                loss = tf.reduce_sum(keras.losses.categorical_crossentropy(y, model(x, training=True))) / BATCH
            context = tf.distribute.get_replica_context()
            gradients = context.all_reduce(tf.distribute.ReduceOp.SUM, tape.gradient(loss, weights))
            adam(step, gradients)
            return loss
        losses = strategy.run(replica, args=(step, x, y))
        return strategy.reduce(tf.distribute.ReduceOp.SUM, losses, axis=None)

    for step in range(1, STEPS + 1):
        at = np.arange((step - 1) * each, step * each) % len(shard['x'])
        loss = train(tf.constant(float(step)), tf.constant(shard['x'][at]), tf.constant(shard['y'][at]))
        if index == 0 and step % 20 == 0:
            say(f'  step {step} of {STEPS}: loss {float(loss):.3f}')
    checksum = float(sum(np.abs(w.numpy()).sum() for w in weights))
    say(f'  worker {index} of {count}: sum of weights {checksum:.6f}')
    if index == 0:
        finish(model, data, 'MultiWorkerMirroredStrategy')


def finish(model, data, name):
    import im2col_pooling
    say(f'{name}: accuracy {accuracy(model, data["test_x"], data["test_y"]):.4f} after {STEPS} steps')
    im2col_pooling.save(model, like=TFJS_FOLDER, out=OUT)
    np.asarray(model(data['test_x'])).astype('<f4').tofile(os.path.join(OUT, 'predictions.bin'))


{'mirrored': mirrored, 'worker': worker}[KIND](np.load(DATA))

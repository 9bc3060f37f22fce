/** In the worker: one network, the digits, and training that gives way between batches. */
import { type Tensor, dispose, tidy } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { compile, newNetwork } from '../../mnist/networks';
import type { Backend } from '../shared/backends';
import { CLASSES, PIXELS } from '../shared/mnist_format';
import type { Predictions, Progress, Step, TrainOptions } from '../workers/train_protocol';
import { BATCH, stepsPerEpochOf } from './batch';
import { type Digits, toTensors } from './digits';
import { shuffled } from './shuffle';

const TEST_BATCH = 200;
/** The figures of a network that was compiled as this page's are. */
const FIGURES = 'loss,acc';

export class Session {
  private loss: number[] = [];
  private accuracy: number[] = [];
  private tested: Progress['test'] = null;
  private paused = false;

  constructor(
    private readonly digits: { train: Digits; test: Digits },
    public model: LayersModel,
    private readonly options: TrainOptions,
    public backend: Backend,
  ) {}

  static create(digits: { train: Digits; test: Digits }, backend: Backend, options: TrainOptions): Session {
    const { network, pooling, seed, kind } = options;
    return new Session(digits, newNetwork(network, pooling, seed, kind), options, backend);
  }

  /** A session whose model was loaded. */
  static resume(
    digits: { train: Digits; test: Digits },
    backend: Backend,
    model: LayersModel,
    saved: Progress,
  ): Session {
    // Those that were saved without their optimizer, or learn by other figures than this page shows, are compiled anew.
    const isCompiled = Boolean(model.optimizer) && model.metricsNames.join() === FIGURES;
    const session = new Session(
      digits,
      isCompiled ? model : compile(model, saved.options.network),
      saved.options,
      backend,
    );
    session.loss = [...saved.loss];
    session.accuracy = [...saved.accuracy];
    session.tested = saved.test;
    return session;
  }

  get progress(): Progress {
    const { options, backend, loss, accuracy, tested } = this;
    return { options, backend, loss: [...loss], accuracy: [...accuracy], test: tested };
  }

  pause(): void {
    this.paused = true;
  }

  async train(epochs: number, onStep: (step: Step) => void): Promise<'finished' | 'paused'> {
    this.paused = false;
    const samples = Math.min(this.options.samples, this.digits.train.count);
    const stepsPerEpoch = stepsPerEpochOf(samples);
    // An epoch that was paused is finished first.
    const end = (Math.floor(this.loss.length / stepsPerEpoch) + epochs) * stepsPerEpoch;
    let order: Uint32Array | undefined;
    let ordered = -1;
    while (this.loss.length < end) {
      const step = this.loss.length;
      const epoch = Math.floor(step / stepsPerEpoch);
      if (ordered !== epoch) [order, ordered] = [shuffled(samples, 1000 * this.options.seed + epoch), epoch];
      const from = (step % stepsPerEpoch) * BATCH;
      await this.trainBatch(order!.subarray(from, from + BATCH));
      onStep({ loss: this.loss[step], accuracy: this.accuracy[step] });
      await breathe();
      if (this.paused) return 'paused';
    }
    return 'finished';
  }

  async test(): Promise<void> {
    const { test } = this.digits;
    const probabilities = await this.probabilities(test, test.count);
    let [loss, right] = [0, 0];
    test.labels.forEach((label, i) => {
      const row = probabilities.subarray(i * CLASSES, (i + 1) * CLASSES);
      loss -= Math.log(Math.max(row[label], 1e-7));
      if (row.indexOf(Math.max(...row)) === label) right++;
    });
    this.tested = { step: this.loss.length, loss: loss / test.count, accuracy: right / test.count };
  }

  async predict(count: number): Promise<Predictions> {
    const { pixels, labels } = this.digits.test;
    const probabilities = await this.probabilities(this.digits.test, count);
    return { count, pixels: pixels.slice(0, count * PIXELS), labels: labels.slice(0, count), probabilities };
  }

  dispose(): void {
    this.model.dispose();
  }

  private async trainBatch(indices: Uint32Array): Promise<void> {
    const { x, y } = toTensors(this.digits.train, indices);
    try {
      const [loss, accuracy] = (await this.model.trainOnBatch(x, y)) as number[];
      this.loss.push(loss);
      this.accuracy.push(accuracy);
    } finally {
      dispose([x, y]);
    }
  }

  private async probabilities(digits: Digits, count: number): Promise<Float32Array> {
    const all = new Float32Array(count * CLASSES);
    for (let start = 0; start < count; start += TEST_BATCH) {
      const indices = Array.from({ length: Math.min(TEST_BATCH, count - start) }, (_, i) => start + i);
      const output = tidy(() => this.model.predict(toTensors(digits, indices).x) as Tensor);
      all.set(await output.data(), start * CLASSES);
      dispose(output);
      await breathe();
    }
    return all;
  }
}

/** Lets messages in, such as "pause". */
function breathe(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve);
  });
}

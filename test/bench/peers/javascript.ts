/** Ours on wasm, and the peers in JavaScript, in this process: jax-js and onnxruntime-web, both WebAssembly on one thread. */
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import type { BenchCase } from '../cases';
import { contestant } from '../contestants';
import { maxPoolModel } from './onnx_model';
import { type Peer, type PeerCase, type PeerOffer, type What, sum } from './peer';

export const JAVASCRIPT_PEERS: readonly PeerOffer[] = [
  { name: 'onnxruntime-web', install: 'npm install --no-save onnxruntime-web', open: openOnnx },
  { name: 'jax-js', install: 'npm install --no-save @jax-js/jax', open: openJaxJs },
];

/** Ours on the wasm backend. */
export async function openOurs(): Promise<Peer> {
  tf.enableProdMode();
  await tf.setBackend('wasm');
  let steps: Record<What, () => tf.Tensor>;
  let held: tf.Tensor[] = [];
  return {
    title: 'ours, wasm',
    prepare({ benchCase, x, dy, dyShape }) {
      tf.dispose(held);
      const { pool } = contestant('ours', benchCase);
      const [image, gradient] = (held = [tf.tensor(x, [...benchCase.shape]), tf.tensor(dy, [...dyShape])]);
      const training = tf.grad(pool);
      steps = { forward: () => pool(image), training: () => training(image, gradient) };
      const total = (step: () => tf.Tensor) => tf.tidy(() => sum(step().dataSync()));
      return Promise.resolve({ forward: total(steps.forward), training: total(steps.training) });
    },
    step(what) {
      const start = performance.now();
      const result = steps[what]();
      const ms = performance.now() - start;
      result.dispose();
      return Promise.resolve(ms);
    },
    close: () => tf.dispose(held),
  };
}

/** The part of onnxruntime-web that is used. */
interface Onnx {
  readonly env: { readonly versions: { readonly common: string }; readonly wasm: { numThreads: number } };
  readonly InferenceSession: { create(model: Uint8Array, options: object): Promise<OnnxSession> };
  readonly Tensor: new (type: 'float32', data: Float32Array, dims: readonly number[]) => object;
}
interface OnnxSession {
  run(feeds: Record<string, object>): Promise<Record<string, { readonly data: Float32Array }>>;
  release(): Promise<void>;
}

async function openOnnx(): Promise<Peer> {
  const ort = load<Onnx>('onnxruntime-web');
  ort.env.wasm.numThreads = 1;
  const hadWorker = 'Worker' in globalThis;
  let session: OnnxSession | undefined;
  let input: object;
  return Promise.resolve({
    title: `onnxruntime-web ${ort.env.versions.common}, one thread`,
    async prepare({ benchCase, x }: PeerCase) {
      await session?.release();
      const shape = channelsFirst(benchCase);
      session = await ort.InferenceSession.create(maxPoolModel(benchCase, shape), { executionProviders: ['wasm'] });
      input = new ort.Tensor('float32', toChannelsFirst(x, benchCase), shape);
      const { y } = await session.run({ x: input });
      // It leaves a Worker behind in Node, by which jax-js would take the memory that it has for a shared one.
      if (!hadWorker) Reflect.deleteProperty(globalThis, 'Worker');
      return { forward: sum(y.data), training: null };
    },
    async step() {
      const start = performance.now();
      await session!.run({ x: input });
      return performance.now() - start;
    },
    close: () => void session?.release(),
  });
}

/** The part of jax-js that is used. Its arrays count references: `.ref` for each use but the last. */
interface JaxArray {
  readonly ref: JaxArray;
  mul(other: JaxArray): JaxArray;
  data(): Promise<Float32Array>;
  blockUntilReady(): Promise<JaxArray>;
  dispose(): void;
}
type JaxFunction = (...args: JaxArray[]) => JaxArray;
interface JaxJs {
  init(device: 'wasm'): Promise<string[]>;
  defaultDevice(device: 'wasm'): void;
  jit(f: JaxFunction): JaxFunction;
  grad(f: JaxFunction): JaxFunction;
  readonly numpy: {
    array(values: Float32Array, options: { shape: readonly number[] }): JaxArray;
    max(x: JaxArray): JaxArray;
    sum(x: JaxArray): JaxArray;
    pad(x: JaxArray, width: readonly (readonly number[])[]): JaxArray;
  };
  readonly lax: {
    reduceWindow(
      x: JaxArray,
      f: (x: JaxArray) => JaxArray,
      window: readonly number[],
      strides: readonly number[],
    ): JaxArray;
  };
}

async function openJaxJs(): Promise<Peer> {
  const jax = load<JaxJs>('@jax-js/jax');
  await jax.init('wasm');
  jax.defaultDevice('wasm');
  let steps: Record<What, () => JaxArray>;
  let held: JaxArray[] = [];
  return {
    title: `jax-js ${versionOf('@jax-js/jax')}`,
    async prepare({ benchCase, x, dy, dyShape }) {
      held.forEach((array) => array.dispose());
      const pool = jaxPool(jax, benchCase);
      const [image, gradient] = (held = [
        jax.numpy.array(x, { shape: benchCase.shape }),
        jax.numpy.array(dy, { shape: dyShape }),
      ]);
      const forward = jax.jit(pool);
      const training = jax.jit(jax.grad((t, d) => jax.numpy.sum(pool(t).mul(d))));
      steps = { forward: () => forward(image.ref), training: () => training(image.ref, gradient.ref) };
      return { forward: sum(await steps.forward().data()), training: sum(await steps.training().data()) };
    },
    async step(what) {
      const start = performance.now();
      const result = await steps[what]().blockUntilReady();
      const ms = performance.now() - start;
      result.dispose();
      return ms;
    },
    close: () => held.forEach((array) => array.dispose()),
  };
}

/** It has no padding of its own for windows; zeros never win over what a ReLU gives. */
function jaxPool({ numpy, lax }: JaxJs, { shape, window, stride, padding }: BenchCase): JaxFunction {
  const inner = (size: number) => [1, ...shape.slice(1, -1).map(() => size), 1];
  const around = padding === 'same' ? Math.floor(window / 2) : padding;
  const edges = shape.map((_, axis) => (axis === 0 || axis === shape.length - 1 ? [0, 0] : [around, around]));
  return (x) =>
    lax.reduceWindow(around > 0 ? numpy.pad(x, edges) : x, (part) => numpy.max(part), inner(window), inner(stride));
}

function channelsFirst({ shape }: BenchCase): number[] {
  return [shape[0], shape[shape.length - 1], ...shape.slice(1, -1)];
}

function toChannelsFirst(x: Float32Array, { shape }: BenchCase): Float32Array {
  const axes = shape.map((_, axis) => axis);
  return tf.tidy(() =>
    tf.transpose(tf.tensor(x, [...shape]), [0, axes.length - 1, ...axes.slice(1, -1)]).dataSync(),
  ) as Float32Array;
}

function load<T>(name: string): T {
  return require(name) as T;
}

function versionOf(name: string): string {
  // Its package.json may not be exported.
  const [folder] = require.resolve(name).split(`${name}/`);
  return (require(`${folder}${name}/package.json`) as { version: string }).version;
}

/** In the worker: builds a network that somebody else may have made, or refuses it before it takes all of the memory. */
import { type Tensor, engine, io } from '@tensorflow/tfjs-core';
import { LayersModel, layers, loadLayersModel } from '@tensorflow/tfjs-layers';
import { CLASSES, SIDE } from '../shared/mnist_format';

/** Numbers in what a layer makes of one digit; 200 digits are tested at a time. */
const LARGEST_OUTPUT = 2 ** 18;

type Layer = LayersModel['layers'][number];
type Size = number | null;

/** Ours, in words for the reader; those of TensorFlow.js are not. */
class Refusal extends Error {}

/** @throws Error in words for the reader; nothing that was built until then is left */
export async function buildModel(artifacts: io.ModelArtifacts): Promise<LayersModel> {
  const before = new Set(Object.values(engine().registeredVariables));
  try {
    const held = (artifacts.weightSpecs ?? []).reduce((total, { shape }) => total + sizeOf(shape), 0);
    const model = await withinWeights(held, () => loadLayersModel(io.fromMemory(artifacts)));
    checkEnds(model);
    layersOf(model).forEach(checkOutput);
    return model;
  } catch (error) {
    for (const variable of Object.values(engine().registeredVariables)) if (!before.has(variable)) variable.dispose();
    throw inWords(error as Error);
  }
}

type AddWeight = (this: Layer, name: string, shape: Size[], ...rest: unknown[]) => Tensor;

/** Layers make their weights before those of the files are read: as many, and not more. */
async function withinWeights<T>(held: number, build: () => Promise<T>): Promise<T> {
  const prototype: object = layers.Layer.prototype;
  const addWeight = Reflect.get(prototype, 'addWeight') as AddWeight;
  let left = held;
  const counted: AddWeight = function (name, shape, ...rest) {
    left -= sizeOf(shape);
    if (left >= 0) return addWeight.call(this, name, shape, ...rest);
    throw new Refusal(
      `The layer ${this.name.slice(0, 40)} wants weights of [${shape.join(', ')}]; the files hold fewer.`,
    );
  };
  Reflect.set(prototype, 'addWeight', counted);
  try {
    return await build();
  } finally {
    Reflect.set(prototype, 'addWeight', addWeight);
  }
}

function checkEnds({ inputs, outputs }: LayersModel): void {
  const text = (ends: LayersModel['inputs']) => ends.map(({ shape }) => `[${shape.slice(1).join(', ')}]`).join(' and ');
  const [from, to] = [text(inputs), text(outputs)];
  if (from !== `[${SIDE}, ${SIDE}, 1]` || to !== `[${CLASSES}]`)
    throw new Refusal(`Expected a network for MNIST, [${SIDE}, ${SIDE}, 1] to [${CLASSES}]; got ${from} to ${to}.`);
}

function checkOutput({ name, inboundNodes }: Layer): void {
  for (const { outputShapes } of inboundNodes) {
    // One shape, or one of each output.
    const shapes = (Array.isArray(outputShapes[0]) ? outputShapes : [outputShapes]) as Size[][];
    const size = Math.max(...shapes.map(sizeOf));
    if (size > LARGEST_OUTPUT)
      throw new Refusal(
        `The layer ${name.slice(0, 40)} makes ${size} numbers of one digit; this page has room for ${LARGEST_OUTPUT}.`,
      );
  }
}

/** Those of models within it, too. */
function layersOf(model: LayersModel): Layer[] {
  return model.layers.flatMap((layer) => (layer instanceof LayersModel ? [layer, ...layersOf(layer)] : [layer]));
}

function sizeOf(shape: readonly Size[]): number {
  return shape.reduce<number>((size, next) => size * (next ?? 1), 1);
}

function inWords(error: Error): Error {
  if (error instanceof Refusal) return error;
  const unknown = /^Unknown \w+: (.{1,60}?)\. /.exec(error.message);
  if (unknown)
    return new Error(`The network needs the class ${unknown[1]}, which neither TensorFlow.js nor this package has.`);
  const why = /call stack/.test(error.message)
    ? 'its layers are nested too deep.'
    : error.message.split('\n')[0].slice(0, 200);
  return new Error(`TensorFlow.js cannot build this network: ${why}`);
}

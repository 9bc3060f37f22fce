/** Real models on one device: their predictions are the same without and with our kernels, to the last bit where averages are. */
import * as tf from '@tensorflow/tfjs';
import * as plugin from '../../../src/index';
import { expectSame, expectWithin } from '../../support/compare';
import { type Device, type DeviceKey, describeDevice } from '../../support/devices';
import { readInception } from '../../support/inception';
import { graphModelFiles } from './graph_model';
import { type ModelFiles, type ModelRequest, type ModelResult, predictTwice } from './run_models';

export interface InceptionSettings {
  /** The layer to stop at, where the whole network takes too long. */
  upTo?: string;
  /** Timed predictions, which are printed; 0 where each takes long. */
  pairs: number;
  /** What predictions may differ by, where the built-in adds up or divides averages in another way. Default 0: to the last bit. */
  tolerance?: number;
}

export function modelTests(key: DeviceKey, { tolerance = 0, ...inception }: InceptionSettings): void {
  describeDevice(key, 'models with our kernels installed', (device) => {
    test('Inception V3, a LayersModel', async () => {
      const result = await run(device(), inceptionFiles(), { kind: 'layers', size: 299, ...inception });
      expectWithin('predictions', result.with.outputs, result.without.outputs, tolerance);
      report(device(), `Inception V3${inception.upTo ? ` up to ${inception.upTo}` : ''}`, result);
      const { data } = result.with.outputs;
      // Of 5 classes, or whatever the layer in question gives: not nothing.
      if (inception.upTo === undefined) expect(data.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 3);
      expect(new Set(data).size).toBeGreaterThan(4);
      // Averages come later.
      const isWhole = inception.upTo === undefined;
      expect(result.without.kernels).toEqual(isWhole ? ['AvgPool', 'MaxPool'] : ['MaxPool']);
      expect(result.with.kernels).toEqual(
        isWhole ? ['AvgPool', 'Im2ColAveragePool', 'Im2ColMaxPool', 'MaxPool'] : ['Im2ColMaxPool', 'MaxPool'],
      );
      expect(result.leaked).toBe(0);
    });

    test('a GraphModel with MaxPool and MaxPoolWithArgmax', async () => {
      const files = graphModelFiles();
      // tfjs-node has no MaxPoolWithArgmax of its own.
      if (key === 'node') withoutArgmax(files);
      const result = await run(device(), files, { kind: 'graph', size: 65, pairs: inception.pairs });
      expectSame('predictions', result.with.outputs, result.without.outputs);
      report(device(), 'GraphModel', result);
      expect(result.with.outputs.shape).toEqual([1, 8]);
      expect(new Set(result.with.outputs.data).size).toBeGreaterThan(4);
      expect(result.without.kernels).toEqual(key === 'node' ? ['MaxPool'] : ['MaxPool', 'MaxPoolWithArgmax']);
      expect(result.with.kernels).toEqual(
        key === 'node'
          ? ['Im2ColMaxPool', 'MaxPool']
          : [
              ...(device().page ? ['Im2ColGatherArgmax'] : []),
              'Im2ColMaxPool',
              'Im2ColMaxPoolArgmax',
              'MaxPool',
              'MaxPoolWithArgmax',
            ],
      );
      expect(result.leaked).toBe(0);
    });

    if (key === 'node') {
      test('the same GraphModel, which only runs with our kernels', async () => {
        const { uninstall } = plugin.installPoolingKernels();
        const model = await tf.loadGraphModel(handler(graphModelFiles()));
        tf.tidy(() => expect(model.predict(tf.ones([1, 9, 9, 3]))).toMatchObject({ shape: [1, 8] }));
        uninstall();
        tf.tidy(() => expect(() => model.predict(tf.ones([1, 9, 9, 3]))).toThrow('MaxPoolWithArgmax'));
        model.dispose();
      });
    }
  });
}

function inceptionFiles(): ModelFiles {
  const { json, shards } = readInception();
  return {
    modelTopology: json.modelTopology,
    weightSpecs: json.weightsManifest.flatMap(({ weights }) => weights),
    weights: Buffer.concat(shards.map(([, bytes]) => bytes)),
  };
}

async function run(device: Device, files: ModelFiles, request: ModelRequest): Promise<ModelResult> {
  if (!device.page) return predictTwice(tf, plugin, handler(files), request);
  const { playwright, url } = device.page;
  const manifest = [{ paths: ['weights.bin'], weights: files.weightSpecs }];
  await playwright.route('**/model/weights.bin', (route) => route.fulfill({ body: files.weights }));
  await playwright.route('**/model/model.json', (route) =>
    route.fulfill({ json: { format: 'test', modelTopology: files.modelTopology, weightsManifest: manifest } }),
  );
  try {
    return await device.page.call((p, [source, asked]) => p.predictTwice(source, asked), [
      `${url}model/model.json`,
      request,
    ] as [string, ModelRequest]);
  } finally {
    await playwright.unrouteAll();
  }
}

function handler({ modelTopology, weightSpecs, weights }: ModelFiles): tf.io.IOHandler {
  const weightData = new Uint8Array(weights).buffer;
  return tf.io.fromMemory({ modelTopology, weightSpecs, weightData });
}

function withoutArgmax({ modelTopology }: ModelFiles): void {
  const pooling = (modelTopology as { node: Array<{ op: string }> }).node.find(({ op }) => op === 'MaxPoolWithArgmax')!;
  pooling.op = 'MaxPool';
}

function report({ spec }: Device, name: string, result: ModelResult): void {
  const ms = ({ ms: value }: { ms: number }) => `${value.toFixed(value < 10 ? 2 : 0)} ms`;
  const [ours, builtin] = [result.with.outputs.data, result.without.outputs.data];
  const difference = ours.reduce((most, value, i) => Math.max(most, Math.abs(value - builtin[i])), 0);
  const same = difference === 0 ? 'predictions bit for bit the same' : `predictions differ by ${difference} at most`;
  const times = Number.isNaN(result.with.ms)
    ? ''
    : `; ${ms(result.without)} without our kernels, ${ms(result.with)} with`;
  process.stdout.write(`${spec.name}: ${name}: ${same}${times}\n`);
}

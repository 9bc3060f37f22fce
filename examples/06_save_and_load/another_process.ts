/**
 * Loads a model in a process that knows nothing but where it lies, and predicts. Imported, it starts that process;
 * run as a program, it is that process.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** With this package, without it, or with it on tfjs-node's own copy of tfjs. */
export type Setting = 'with' | 'without' | 'tfjs-node';

/** @throws Error with the first line of what the process complained of */
export async function loadInAnotherProcess(source: string, setting: Setting): Promise<number[]> {
  const args = [...process.execArgv, fileURLToPath(import.meta.url), source, setting];
  const { stdout } = await promisify(execFile)(process.execPath, args).catch((error: { stderr: string }) => {
    throw new Error(error.stderr.split('\n')[0]);
  });
  return JSON.parse(stdout) as number[];
}

async function main(source: string, setting: Setting): Promise<void> {
  const tf = await tfjsOf(setting);
  tf.enableProdMode(); // keeps tfjs's greeting off the terminal
  const model = await tf.loadLayersModel(source);
  const { predict } = await import('./model');
  await tf.setBackend('cpu'); // another backend may add up a dense layer's products in another order
  console.log(JSON.stringify(predict(model)));
}

async function tfjsOf(setting: Setting) {
  if (setting === 'tfjs-node') {
    const { requireTfjsNode } = await import('../mnist/backend');
    const { registerIm2ColLayers } = await import('tfjs-im2col-pooling');
    const tf = requireTfjsNode();
    registerIm2ColLayers(tf); // only needed where tfjs-node has a copy of tfjs of its own
    return tf;
  }
  if (setting === 'with') await import('tfjs-im2col-pooling');
  return import('@tensorflow/tfjs');
}

/** The first line; without its end, where that only introduces the lines after it. */
function firstSentences(message: string): string {
  const [line] = message.split('\n');
  return line.replace(/(?<=\.) [^.]*:$/, '');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  main(process.argv[2], process.argv[3] as Setting).catch((error: Error) => {
    console.error(firstSentences(error.message));
    process.exitCode = 1;
  });
}

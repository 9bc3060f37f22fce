/** TensorFlow.js and this package at run time: of the user's project, or else of where the command lies. */
import type * as Core from '@tensorflow/tfjs-core';
import type * as Layers from '@tensorflow/tfjs-layers';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { firstLine } from '../compare/first_line';
import type * as Compare from '../compare/index';
import { CommandError, messageOf } from './command_error';

export interface Peers {
  readonly core: typeof Core;
  readonly layers: typeof Layers;
  readonly compare: typeof Compare;
}

const own = createRequire(__filename);
const ofProject = createRequire(join(process.cwd(), 'package.json'));

/** This package on the copy of tfjs that it resolves, registered, with the cpu backend. @throws CommandError where tfjs is not installed */
export async function loadPeers(): Promise<Peers> {
  try {
    // Built beside this file. A bundled second copy would register its own layers.
    own(join(__dirname, 'index.js'));
    const peers = {
      core: own('@tensorflow/tfjs-core') as typeof Core,
      layers: own('@tensorflow/tfjs-layers') as typeof Layers,
      compare: own(join(__dirname, 'compare.js')) as typeof Compare,
    };
    requirePackage('@tensorflow/tfjs-backend-cpu');
    await useCpuQuietly(peers.core);
    return peers;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    throw new CommandError(
      `this needs TensorFlow.js, which is not installed here: npm install @tensorflow/tfjs (${firstLine(error)})`,
    );
  }
}

/** Makes a backend known to tfjs; the reason why that cannot be, or null. */
export function loadBackend(name: string): string | null {
  const packageName = { wasm: '@tensorflow/tfjs-backend-wasm', node: '@tensorflow/tfjs-node' }[name];
  if (packageName === undefined) return null;
  // libtensorflow tells of its own speed.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  try {
    requirePackage(packageName);
    return null;
  } catch (error) {
    const isMissing =
      (error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND' && messageOf(error).includes(`'${packageName}'`);
    return isMissing ? notInstalled(packageName) : `${packageName} cannot be loaded: ${firstLine(error)}`;
  }
}

/** A package of the project, else of the command. */
export function requirePackage(name: string): unknown {
  return own(resolvePackage(name));
}

/** The path of a package, or of a file in it. @throws Error where neither the project nor the command has it */
export function resolvePackage(name: string): string {
  try {
    return ofProject.resolve(name);
  } catch {
    return own.resolve(name);
  }
}

/** The reason that a backend without its package has. */
export function notInstalled(packageName: string): string {
  return `${packageName} is not installed: npm install ${packageName}`;
}

/** tfjs greets on stderr when its cpu backend first computes. */
async function useCpuQuietly(core: typeof Core): Promise<void> {
  const { log, warn } = console;
  console.log = console.warn = () => {};
  try {
    await core.setBackend('cpu');
    core.scalar(1).dispose();
  } finally {
    Object.assign(console, { log, warn });
  }
}

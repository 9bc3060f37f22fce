/** A Vite plugin: puts what the page fetches beside it, the wasm binaries of TensorFlow.js and MNIST as bytes. */
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Plugin } from 'vite';
import { mnistBytes } from './mnist_bytes';

const require = createRequire(import.meta.url);

export function localFiles(): Plugin {
  return {
    name: 'local-files',
    generateBundle() {
      const emit = (fileName: string, source: Uint8Array) => this.emitFile({ type: 'asset', fileName, source });
      const wasm = dirname(require.resolve('@tensorflow/tfjs-backend-wasm'));
      for (const file of readdirSync(wasm)) {
        if (file.endsWith('.wasm')) emit(`wasm/${file}`, readFileSync(join(wasm, file)));
      }
      const { all, few } = mnistBytes();
      emit('data/mnist.bin', all);
      emit('data/digits.bin', few);
    },
  };
}

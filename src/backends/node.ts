/**
 * Importing this registers the package's kernels for the backend 'tensorflow' (tfjs-node), and nothing else. With
 * `tfjs-im2col-pooling/base` it makes a bundle that holds one backend's kernels only.
 *
 * @module
 */
import { registerMissing } from '../kernels/register_missing';
import { nodeKernels } from '../kernels/node';

registerMissing(nodeKernels);

// Without an export, esbuild takes it for CommonJS, as package.json calls the package; nothing could be shaken out of that.
export {};

/**
 * Training on wasm. Importing this registers nothing.
 *
 * @module
 */
export { type WasmTrainingKernels, registerWasmTrainingKernels } from './register';

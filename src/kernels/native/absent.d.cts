export { type NativeModule, loadNative } from './load.cjs';

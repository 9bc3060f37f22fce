import { inBrowser } from './in_browser';

inBrowser('firefox', {
  renderer: /llvmpipe/,
  onPage: { backends: ['cpu', 'wasm', 'webgl'], absent: ['webgpumissing: this browser has no WebGPU'] },
});

import { inBrowser } from './in_browser';

inBrowser('chromium-mesa', {
  renderer: /Mesa.*llvmpipe/,
  onPage: {
    backends: ['cpu', 'wasm', 'webgl'],
    // On Linux Chromium gives one only when its command line asks for it.
    absent: ['webgpumissing: WebGPU is there, but gives no adapter: no suitable graphics card or driver'],
  },
});

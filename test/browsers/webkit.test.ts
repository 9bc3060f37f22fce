import { inBrowser } from './in_browser';

inBrowser('webkit', {
  // One name for whatever draws: WebKit hides it.
  renderer: /^Apple GPU$/,
  onPage: {
    backends: ['cpu', 'wasm'],
    // WebKitGTK 2.50: getContext('webgl2') of an OffscreenCanvas is null, on the page as in a worker.
    absent: ['webglmissing: this browser gives a worker no WebGL 2', 'webgpumissing: this browser has no WebGPU'],
  },
});

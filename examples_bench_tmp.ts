import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { registerWasmConv2DGradient } from './src/conv/wasm_conv2d_gradient';
async function main() {
  registerWasmConv2DGradient();
  await tf.setBackend('wasm');
  const [B,C,O,K,S,st] = process.argv.slice(2).map(Number);
  const x = tf.randomNormal([B, S, S, C]), out = Math.floor((S - K)/st) + 1;
  const dy = tf.randomNormal([B, out, out, O]);
  const ts: string[] = []; let first!: tf.Tensor;
  const run = () => tf.engine().runKernel('Conv2DBackpropFilter', {x, dy}, {strides: st, pad: 'valid', dataFormat: 'NHWC', filterShape: [K,K,C,O]} as never) as tf.Tensor;
  for (let i = 0; i < 10; i++) { const t = performance.now(); const y = run(); ts.push((performance.now() - t).toFixed(1)); if (i) y.dispose(); else first = y; }
  console.log(ts.join(' '));
  const w = first.dataSync(); let worst = 0;
  const xs = x.dataSync(), ds = dy.dataSync();
  for (let k = 0; k < 10; k++) { const c = k % C, o = k % O, kh = k % K, kw = (k*3)%K; let s = 0;
    for (let b=0;b<B;b++) for (let i=0;i<out;i++) for (let j=0;j<out;j++) s += xs[((b*S+i*st+kh)*S+j*st+kw)*C+c]*ds[((b*out+i)*out+j)*O+o];
    worst = Math.max(worst, Math.abs(s - w[((kh*K+kw)*C+c)*O+o])); }
  console.log('worst error', worst, 'numTensors', tf.memory().numTensors);
}
main();

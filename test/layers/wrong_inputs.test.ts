/**
 * A wrong number of inputs is an error that reads no tensor. tfjs-layers' own error prints them; on webgpu that is a synchronous
 * read, for which tfjs draws an OffscreenCanvas of context 'webgpu' onto one of context '2d'. A Chromium on SwiftShader loses
 * its GPU process then: everything that follows fails with "A valid external Instance reference no longer exists". Seen without
 * any library: requestDevice, `copyBufferToTexture` into such a canvas, submit, `drawImage` of it; `device.lost` resolves at
 * once with that message, and does not without `drawImage`.
 */
import { describeDevice } from '../support/devices';

describeDevice('webgpu', 'layers with too few or too many inputs', (device) => {
  test('leave the device as it is: argmax outside the window routes and reads nothing afterwards', async () => {
    const found = await device().page!.call(async ({ tf, plugin }) => {
      const messageOf = (f: () => unknown) => {
        try {
          f();
          return '';
        } catch (error) {
          return (error as Error).message;
        }
      };
      const image = tf.tensor4d(
        Array.from({ length: 16 }, (_, i) => i),
        [1, 4, 4, 1],
      );
      // Made by a kernel, so not on the host.
      const values = plugin.maxPool2d(image, {});
      const messages = [
        messageOf(() => plugin.maxUnpooling2d({}).apply(values)),
        messageOf(() => plugin.im2colMaxPooling2d({}).apply([values, values])),
        messageOf(() => plugin.im2colGlobalAveragePooling2d({}).apply([values, values])),
      ];
      const taps = tf.tensor4d([5, 7, -1, 2 ** 31 - 1], [1, 2, 2, 1], 'int32');
      const scattered = plugin.scatterArgmax(values, taps, [1, 4, 4, 1], {});
      const gathered = plugin.gatherArgmax(image, taps, {});
      const data = [values, scattered, gathered].map(async (t) => Array.from(await t.data()));
      return { messages, data: await Promise.all(data) };
    }, undefined);
    expect(found.messages).toEqual([
      'MaxUnpooling2D: expected 2 inputs [values, argmax]; got 1.',
      'Im2ColMaxPooling2D: expected exactly one input; got 2.',
      'Im2ColGlobalAveragePooling2D: expected exactly one input; got 2.',
    ]);
    expect(found.data).toEqual([[5, 7, 13, 15], new Array(16).fill(0), new Array(4).fill(0)]);
  });
});

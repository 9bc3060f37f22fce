/** What `inspect` knows of padding, where sizes are known and where they are not; test/compare holds it to what is measured. */
import { defectsOf } from '../../src/cli/defects';
import { type Shape, inspectedLayer } from '../../src/cli/inspected_layer';

const BORDER = 'the gradient of a window at the border is divided by all taps, its average by those on the input';
const GAPS = "strides leave gaps, and 'same' shifts the windows by a negative padding: wrong values and gradient";

/** What is said of padding on cpu and on node. */
function said(className: string, config: object, inputs: readonly Shape[]): { cpu: string[]; node: string[] } {
  const layer = inspectedLayer(className, { ...config }, inputs);
  const about = (backend: 'cpu' | 'node') =>
    defectsOf(layer, backend).filter((what) => what.includes(BORDER) || what.includes(GAPS));
  return { cpu: about('cpu'), node: about('node') };
}

const square = (size: number | null) => [null, size, size, 3];
const cube = (size: number | null) => [null, size, size, size, 3];

test.each<[string, object, readonly Shape[], string[]]>([
  ['a window that fits', { pool_size: [2, 2], padding: 'same' }, [square(4)], []],
  ['a last window that does not', { pool_size: [2, 2], padding: 'same' }, [square(5)], [BORDER]],
  ['valid', { pool_size: [3, 3], padding: 'valid' }, [square(5)], []],
  ['no padding said', { pool_size: [3, 3] }, [square(5)], []],
  ['an unknown size', { pool_size: [2, 2], padding: 'same' }, [square(null)], [`for some sizes: ${BORDER}`]],
  ['a window that is padded at any size', { poolSize: 3, strides: 2, padding: 'same' }, [square(null)], [BORDER]],
  ['a window of one element', { poolSize: 1, strides: 2, padding: 'same' }, [square(null)], []],
  ['a layer without calls', { poolSize: 2, padding: 'same' }, [], [`for some sizes: ${BORDER}`]],
  ['two calls', { poolSize: 2, padding: 'same' }, [square(4), square(5)], [`for some sizes: ${BORDER}`]],
  ['channels first', { poolSize: 2, padding: 'same', data_format: 'channels_first' }, [[null, 3, 4, 4]], []],
  ['the other axis', { poolSize: [1, 2], padding: 'same', dataFormat: 'channelsFirst' }, [[null, 4, 4, 3]], [BORDER]],
  ['padding before', { poolSize: 2, padding: 1 }, [square(4)], [BORDER]],
  ['padding 0', { poolSize: 2, padding: [[0, 0], 0] }, [square(4)], []],
  ['padding after, which no window reaches', { poolSize: 2, padding: [[0, 1], 0] }, [square(4)], []],
  ['padding after, which one reaches', { poolSize: 2, padding: [[0, 1], 0] }, [square(5)], [BORDER]],
  ['padding after, and who knows', { poolSize: 2, padding: [[0, 1], 0] }, [], [`for some sizes: ${BORDER}`]],
  ['padding that counts', { poolSize: 2, padding: 1, countIncludePad: true }, [square(4)], []],
])('averages: %s', (_, config, inputs, expected) => {
  expect(said('AveragePooling2D', config, inputs)).toEqual({ cpu: expected, node: [] });
  expect(said('MaxPooling2D', config, inputs)).toEqual({ cpu: [], node: [] });
});

test.each<[number, number, number | null, string[], string[]]>([
  [2, 2, 4, [], []],
  [2, 3, 5, [], []],
  [2, 3, 6, [GAPS], []],
  [2, 4, 8, [GAPS], [GAPS]],
  [2, 3, null, [`for some sizes: ${GAPS}`], []],
  [2, 4, null, [`for some sizes: ${GAPS}`], [`for some sizes: ${GAPS}`]],
])('maxima of volumes: window %d, strides %d, size %p', (poolSize, strides, size, cpu, node) => {
  const config = { poolSize, strides, padding: 'same' };
  expect(said('MaxPooling3D', config, [cube(size)])).toEqual({ cpu, node });
  expect(said('MaxPooling2D', config, [square(size)])).toEqual({ cpu: [], node: [] });
  expect(said('MaxPooling3D', { ...config, padding: 'valid' }, [cube(size)])).toEqual({ cpu: [], node: [] });
  // TensorFlow's own averages are right.
  const averages = said('AveragePooling3D', config, [cube(size)]);
  expect([averages.cpu.filter((what) => what.includes(GAPS)), averages.node]).toEqual([cpu, []]);
});

/**
 * x -> columns and back: the im2col matrix, one row per window position, columns channel-major, then
 * tap. A texel of it holds two neighbouring columns of two windows.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl';
import { type AxisGeometry, type PoolGeometry, columnsShape } from '../../geometry';
import { tapText } from './gather';
import { linear, sum, variable } from './glsl_int';
import { elementsText, positionText, sizes, trimText, xView } from './layout';
import { half, runShader } from './program';
import { eachWindowOf } from './windows_of';

/** Uniforms: what positions in the matrix are made of, in elements but for the last. */
function matrixSizes(g: PoolGeometry): { outputs: number[]; matrix: number[] } {
  const [rows, columns] = columnsShape(g);
  return {
    outputs: [g.depth.output, g.height.output, g.width.output],
    matrix: [rows, columns, half(columns)],
  };
}

/** The geometry with textures that hold a single channel as any other: the matrix is seldom made of planes. */
function withChannels(g: PoolGeometry): PoolGeometry {
  return { ...g, spec: { ...g.spec, dataFormat: 'channelsLast' } };
}

/** x must be {@link packed}. */
export function im2colPass(
  backend: MathBackendWebGL,
  geometry: PoolGeometry,
  x: TensorInfo,
  padValue: number,
): TensorInfo {
  const g = withChannels(geometry);
  return runShader(backend, {
    inputs: { x: { ...x, shape: xView(g) } },
    outputShape: columnsShape(g),
    dtype: x.dtype,
    integers: { xSizes: sizes(g).xSizes, ...matrixSizes(g) },
    floats: { padValue },
    text: `
      ${tapText(g)}
      float cell(int row, int column, ivec2 xTexels) {
        if (row >= matrix.x || column >= matrix.y) return 0.0;
        int c = quotient(column, ${g.taps});
        int h = quotient(row, outputs.z);
        int d = quotient(h, outputs.y);
        int b = quotient(d, outputs.x);
        return elementAt(column - c * ${g.taps},
          b, d - b * outputs.x, h - d * outputs.y, row - h * outputs.z, c, padValue, xTexels);
      }
      void main() {
        int n = outputTexel();
        int row = quotient(n, matrix.z);
        int column = 2 * (n - row * matrix.z);
        row *= 2;
        ivec2 xTexels = texelsOf(xTexShape);
        setOutput(vec4(
          cell(row, column, xTexels), cell(row, column + 1, xTexels),
          cell(row + 1, column, xTexels), cell(row + 1, column + 1, xTexels)));
      }`,
  });
}

/** columns must be {@link packed}. */
export function col2imPass(backend: MathBackendWebGL, geometry: PoolGeometry, columns: TensorInfo): TensorInfo {
  const g = withChannels(geometry);
  return runShader(backend, {
    inputs: { columns: { ...columns, shape: columnsShape(g) } },
    outputShape: xView(g),
    dtype: columns.dtype,
    integers: { xSizes: sizes(g).xSizes, ...matrixSizes(g) },
    text: `
      float sumOf(int b, int d, int h, int w, int c, ivec2 columnsTexels) {
        float total = 0.0;
        ${windowsText(g)}
        return total;
      }
      void main() {
        ${positionText('xSizes', 'outputTexel()', g)}
        ivec2 columnsTexels = texelsOf(columnsTexShape);
        vec4 dx = ${elementsText(g, (_, place) => `sumOf(${place}, columnsTexels)`)};
        ${trimText('dx', 'xSizes', g)}
        setOutput(dx);
      }`,
  });
}

/** Adds up the cells that stand for element (b, d, h, w, c) of x. Four elements are too much to write loops out. */
function windowsText(g: PoolGeometry): string {
  const { depth, height, width, taps } = g;
  const along = (name: string, axis: AxisGeometry, end: string, body: Parameters<typeof eachWindowOf>[5]) =>
    eachWindowOf(name, axis, variable(name, 0, axis.input - 1), end, false, body);
  return along('d', depth, 'outputs.x', (overD) =>
    along('h', height, 'outputs.y', (overH) =>
      along('w', width, 'outputs.z', (overW) => {
        const tap = sum(linear(sum(linear(overD.tap, height.window), overH.tap), width.window), overW.tap);
        return `
        int row = (b * outputs.x + ${overD.output.text}) * outputs.y + ${overH.output.text};
        row = row * outputs.z + ${overW.output.text};
        int column = c * ${taps} + ${tap.text};
        vec4 block = texel(columns, columnsTexels, quotient(row, 2) * matrix.z + quotient(column, 2));
        total += getChannel(block, vec2(row, column));`;
      }),
    ),
  );
}

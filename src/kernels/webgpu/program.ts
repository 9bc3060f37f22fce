/**
 * What the programs of this folder share: how a program is run, the uniforms and how an invocation
 * finds its place. A program is a plain object, as the backend wants it; nothing is imported from the
 * backend but types.
 *
 * Sizes are uniforms; window, stride and dilation are constants of the shader and part of its key, so
 * that one pipeline serves all sizes and its taps are unrolled.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WebGPUBackend, WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu';
import type { AxisGeometry, PoolGeometry } from '../../geometry';
import { withOwnDtype } from './cast_buffer';
import { fittedFunctions, fittedKey } from './fitted';

/** An input: the name in WGSL, the tensor, and how many elements an array element has there: by default the program's. */
interface Input {
  readonly name: string;
  readonly info: TensorInfo;
  readonly components?: number;
}

export interface PoolProgram {
  /** What the code depends on, axes, dtypes and components not counted. */
  readonly key: string;
  readonly geometry: PoolGeometry;
  readonly inputs: readonly Input[];
  /** Its dtype is 'int32', or it holds floats. */
  readonly output: { readonly shape: readonly number[]; readonly dtype: string };
  /** A tensor to be written as well: its buffer is `<name>` of `array<vecN<i32>>`. */
  readonly secondOutput?: Input | undefined;
  /** Channels that one invocation serves. Default: {@link componentsOf}. */
  readonly components?: number;
  /** Invocations along [depth, height, width]; times batch and lanes. Default: one for each output. */
  readonly grid?: readonly [number, number, number];
  /** Invocations at one place of the grid: one per group of channels, if not given. */
  readonly lanes?: number | undefined;
  /** The value of `uniforms.padValue`, in the output's dtype. */
  readonly padValue?: number;
  /** The value of `uniforms.divisor`. */
  readonly divisor?: number | undefined;
  /** Functions and aliases, at module scope. */
  readonly declarations?: string;
  /** Makes the body, when a pipeline is made: `batch`, `d`, `h`, `w` and `lane` (the group of channels) are given. */
  readonly body: () => string;
}

/** An axis and its names in the code. */
export interface AxisCode extends AxisGeometry {
  readonly name: 'd' | 'h' | 'w';
  /** Its member of the uniforms that hold one number per axis. */
  readonly member: 'x' | 'y' | 'z';
  /** An axis that only exists because kernels see rank 5: position and tap are 0. */
  readonly unit: boolean;
  /** Some window reaches out of the input, or has less taps than the longest. */
  readonly leaves: boolean;
}

const WORKGROUP = 128;
/** Neighbours in width that an invocation makes where there is one channel: it costs much to find its place. */
const RUN = 4;
const UNIFORMS = [
  'count : i32',
  'lanes : i32',
  'grid : vec3<i32>',
  'xSize : vec3<i32>',
  'ySize : vec3<i32>',
  'padBefore : vec3<i32>',
];

/** Channels that go together: 4 or 2, if that divides their number. */
export function componentsOf(g: PoolGeometry): 1 | 2 | 4 {
  return g.channels % 4 === 0 ? 4 : g.channels % 2 === 0 ? 2 : 1;
}

export type Axes = readonly [depth: AxisCode, height: AxisCode, width: AxisCode];

export function axesOf(g: PoolGeometry): Axes {
  const code = (axis: AxisGeometry, name: 'd' | 'h' | 'w', member: 'x' | 'y' | 'z'): AxisCode => {
    const end = (axis.output - 1) * axis.stride - axis.padBefore + (axis.window - 1) * axis.dilation + 1;
    return {
      ...axis,
      name,
      member,
      unit: axis.input === 1 && axis.output === 1 && axis.window === 1 && axis.padBefore === 0 && axis.stride === 1,
      leaves: axis.fitted !== undefined || axis.padBefore > 0 || end > axis.input,
    };
  };
  return [code(g.depth, 'd', 'x'), code(g.height, 'h', 'y'), code(g.width, 'w', 'z')];
}

/** A program with its defaults filled in. */
type Complete = PoolProgram & Required<Pick<PoolProgram, 'components' | 'grid'>>;

/** Runs a program and returns its (first) output. */
export function runProgram(backend: WebGPUBackend, given: PoolProgram): TensorInfo {
  const { geometry: g, output } = given;
  const { components = componentsOf(g), grid = [g.depth.output, g.height.output, g.width.output] } = given;
  const p: Complete = { ...given, components, grid };
  const inputs = p.secondOutput ? [...p.inputs, p.secondOutput] : p.inputs;
  const { lanes = g.channels / components } = p;
  const count = g.batch * grid[0] * grid[1] * (runsAlongWidth(p) ? Math.ceil(grid[2] / RUN) : grid[2]) * lanes;
  const axes = [g.depth, g.height, g.width];
  const dtype = output.dtype === 'int32' ? 'int32' : 'float32';
  const program: WebGPUProgram = {
    outputShape: [...output.shape],
    shaderKey: shaderKey(p),
    dispatchLayout: { x: output.shape.map((_, i) => i) },
    dispatch: [Math.ceil(count / WORKGROUP), 1, 1],
    workgroupSize: [WORKGROUP, 1, 1],
    variableNames: inputs.map(({ name }) => name),
    variableComponents: inputs.map((input) => input.components ?? components),
    outputComponent: components,
    uniforms: [
      ...UNIFORMS,
      ...(p.padValue === undefined ? [] : [`padValue : ${scalarType(dtype)}`]),
      ...(p.divisor === undefined ? [] : ['divisor : f32']),
    ].join(', '),
    getUserCode: () => userCode(p),
  };
  const uniforms = [
    [count],
    [lanes],
    [...grid],
    axes.map((a) => a.input),
    axes.map((a) => a.output),
    axes.map((a) => a.padBefore),
  ].map((data) => ({ type: 'int32', data }));
  if (p.padValue !== undefined) uniforms.push({ type: dtype, data: [p.padValue] });
  if (p.divisor !== undefined) uniforms.push({ type: 'float32', data: [p.divisor] });
  const infos = inputs.map(({ info }) => withOwnDtype(backend, info));
  const made = backend.runWebGPUProgram(program, infos, dtype, uniforms);
  infos.forEach((info, i) => {
    if (info !== inputs[i]!.info) backend.disposeData(info.dataId);
  });
  return made;
}

function scalarType(dtype: string): 'i32' | 'f32' {
  return dtype === 'int32' ? 'i32' : 'f32';
}

/** `f32`, or `vec4<f32>`. */
function vectorType(scalar: string, components: number): string {
  return components === 1 ? scalar : `vec${components}<${scalar}>`;
}

function shaderKey(p: Complete): string {
  const axes = axesOf(p.geometry).map((a) =>
    [a.window, a.stride, a.dilation, +a.unit, +a.leaves, fittedKey(a)].join(','),
  );
  const components = [...p.inputs.map((input) => input.components ?? p.components), p.components];
  return `im2col_${p.key}_${axes.join(';')}_${components.join(',')}_${runsAlongWidth(p)}`;
}

function userCode(p: Complete): string {
  const { secondOutput } = p;
  return `
${vectorAliases(p)}
${secondOutput ? writableBinding(secondOutput, p.components, 1 + p.inputs.length) : ''}
${fittedFunctions(axesOf(p.geometry))}
${p.declarations ?? ''}
fn main(index : i32) {
  if (index >= uniforms.count) { return; }
${runsAlongWidth(p) ? `${placeOfRun(p.geometry)}\n${p.body()}\n}` : `${place(p.geometry)}\n${p.body()}`}
}`;
}

/** Volumes' bodies are long as they are: in a loop, a software GPU compiles some of them for minutes. */
function runsAlongWidth({ geometry, lanes }: PoolProgram): boolean {
  return geometry.channels === 1 && lanes === undefined && geometry.depth.window === 1;
}

/** As {@link place}, at the start of a loop over a run of neighbours in width. */
function placeOfRun(g: PoolGeometry): string {
  const [depth, height] = axesOf(g);
  const along = ({ name, member, unit }: AxisCode) =>
    unit ? `let ${name} = 0;` : `let ${name} = place % uniforms.grid.${member}; place /= uniforms.grid.${member};`;
  return `  let lane = 0;
  let runs = (uniforms.grid.z + ${RUN - 1}) / ${RUN};
  var place = index / runs;
  let start = (index - place * runs) * ${RUN};
  let row = place * uniforms.grid.z;
  ${along(height)}
  ${along(depth)}
  let batch = place;
  for (var w = start; w < min(start + ${RUN}, uniforms.grid.z); w++) {
  let index = row + w;`;
}

/** V: a group of values, I: of int32, B: of booleans. */
function vectorAliases({ output, components }: Complete): string {
  const alias = (name: string, scalar: string) => `alias ${name} = ${vectorType(scalar, components)};`;
  return [alias('V', scalarType(output.dtype)), alias('I', 'i32'), alias('B', 'bool')].join('\n');
}

/**
 * A program has one output for the backend, which binds inputs read-only. The second one is handed
 * over as an input and declared once more, for writing, under the same binding. WGSL allows that, as
 * long as an entry point uses but one of the two declarations; and the backend knows the buffer, so
 * its life is accounted for.
 * @see https://www.w3.org/TR/WGSL/#resource-interface
 */
function writableBinding({ name }: Input, components: number, binding: number): string {
  const type = vectorType('i32', components);
  return `@group(0) @binding(${binding}) var<storage, read_write> ${name}Result : array<${type}>;`;
}

/** The coordinates of an invocation; those of unit axes are constants. */
function place(g: PoolGeometry): string {
  const lines = ['  let lane = index % uniforms.lanes;', '  var place = index / uniforms.lanes;'];
  for (const { name, member, unit } of [...axesOf(g)].reverse()) {
    lines.push(
      unit
        ? `  let ${name} = 0;`
        : `  let ${name} = place % uniforms.grid.${member}; place /= uniforms.grid.${member};`,
    );
  }
  lines.push('  let batch = place;');
  return lines.join('\n');
}

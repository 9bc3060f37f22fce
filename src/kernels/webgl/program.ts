/**
 * Running a shader of ours on the WebGL backend, and the GLSL that all of them share.
 *
 * They work on packed textures: a texel holds the 2x2 block of two neighbours along the last axis but
 * one (.rg, then .ba) and two along the last. Texels are numbered row-major; texel n lies in line n / w
 * of a texture w texels wide. Sizes are uniforms, so that one program serves many shapes; what is in the
 * text (window, strides, dilation, padding, and which bounds need a test) makes another program.
 *
 * The GLSL is what versions 1.00 and 3.00 have in common: no bit operations, no integer remainder.
 *
 * @see shader_compiler.ts and gpgpu_math.ts of tfjs-backend-webgl
 */
import type { DataType, TensorInfo } from '@tensorflow/tfjs-core';
import type { GPGPUProgram, MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl';
import { sizeOf } from '../../layout';

/** A shader with its inputs, uniforms and output. */
export interface Shader {
  /** Tensors by the name that they have in the text; see {@link packed}. */
  inputs: Record<string, TensorInfo>;
  /** All inputs are {@link isUnpacked}. */
  unpackedInputs?: boolean;
  /** [rows, width, channels] or [rows, columns]. */
  outputShape: number[];
  dtype: DataType;
  /** Uniforms: int, ivec2, ivec3 or ivec4, by length. */
  integers?: Record<string, number[]>;
  floats?: Record<string, number>;
  /** GLSL functions and `main`. */
  text: string;
}

/** Runs a shader. The result is packed and has its outputShape. */
export function runShader(backend: MathBackendWebGL, shader: Shader): TensorInfo {
  const { inputs, outputShape, dtype, unpackedInputs = false, integers = {}, floats = {}, text } = shader;
  const inputShapes = Object.values(inputs).map(({ shape }) => shape);
  const largest = Math.max(
    texelCount(outputShape),
    ...inputShapes.map(unpackedInputs ? sizeOf : texelCount),
    ...inputShapes.flat(),
  );
  const program: GPGPUProgram = {
    variableNames: Object.keys(inputs),
    outputShape,
    packedInputs: !unpackedInputs,
    packedOutput: true,
    // Gives the text outTexShape and each input's <name>TexShape, and keeps shapes out of the cache's key.
    enableShapeUniforms: true,
    customUniforms: [
      ...Object.entries(integers).map(([name, { length }]) => ({ name, type: INTEGER_TYPES[length]! })),
      ...Object.keys(floats).map((name) => ({ name, type: 'float' as const })),
    ],
    userCode: (largest < EXACT_IN_ONE_STEP ? QUOTIENT : LARGE_QUOTIENT) + COMMON + text,
  };
  const uniforms = [...Object.values(integers), ...Object.values(floats).map((value) => [value])];
  return backend.runWebGLProgram(program, Object.values(inputs), dtype, uniforms);
}

/**
 * The tensor if its texture is packed or yet to be made (then it is packed while it is uploaded), or a
 * packed copy. The backend would do the same, but again for each shader that reads the tensor.
 */
export function packed(backend: MathBackendWebGL, tensor: TensorInfo): TensorInfo {
  return isUnpacked(backend, tensor) ? backend.packTensor(tensor) : tensor;
}

/** Whether the tensor's texture holds one element a texel. */
export function isUnpacked(backend: MathBackendWebGL, tensor: TensorInfo): boolean {
  const { texture, isPacked } = backend.texData.get(tensor.dataId);
  return texture != null && !isPacked;
}

/** Texels along an axis of this size. */
export function half(size: number): number {
  return Math.ceil(size / 2);
}

const INTEGER_TYPES = ['int', 'int', 'ivec2', 'ivec3', 'ivec4'] as const;

function texelCount(shape: number[]): number {
  return shape.reduce((product, size, axis) => product * (axis < shape.length - 2 ? size : half(size)), 1);
}

/**
 * Division in floats is faster, on a software GPU by far. It may be off by 2.5 units in the last place:
 * one step is exact for dividends below this, and two are below 2^31.
 */
const EXACT_IN_ONE_STEP = 2 ** 20;

const QUOTIENT = `
  int quotient(int a, int b) { return int((float(a) + 0.5) / float(b)); }`;

const LARGE_QUOTIENT = `
  int quotient(int a, int b) {
    int near = int(float(a) / float(b));
    return near + int(floor((float(a - near * b) + 0.5) / float(b)));
  }`;

// A directive has a line of its own. `texture` is faster than `texelFetch` on a software GPU.
const COMMON = `
#if __VERSION__ >= 300
#define SAMPLE texture
#else
#define SAMPLE texture2D
#endif
  // tfjs counts a texture's lines and columns in elements; this is in texels.
  ivec2 texelsOf(ivec2 shape) { return ivec2(vec2(shape + 1) * 0.5); }
  vec4 texel(sampler2D tensor, ivec2 size, int n) {
    int line = quotient(n, size.y);
    return SAMPLE(tensor, (vec2(n - line * size.y, line) + halfCR) / vec2(size.yx));
  }
  // The number of the texel that this fragment is.
  int outputTexel() { return int(gl_FragCoord.y) * texelsOf(outTexShape).y + int(gl_FragCoord.x); }

  vec4 pick(bvec4 which, vec4 yes, vec4 no) {
    return vec4(which.x ? yes.x : no.x, which.y ? yes.y : no.y, which.z ? yes.z : no.z, which.w ? yes.w : no.w);
  }
  bvec4 either(bvec4 a, bvec4 b) { return bvec4(a.x || b.x, a.y || b.y, a.z || b.z, a.w || b.w); }
  bvec4 both(bvec4 a, bvec4 b) { return bvec4(a.x && b.x, a.y && b.y, a.z && b.z, a.w && b.w); }`;

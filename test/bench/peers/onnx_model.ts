/** An ONNX model of one MaxPool, as bytes: the few fields of its protocol buffers that onnxruntime wants. */
import type { BenchCase } from '../cases';

/** Fields of onnx.proto, by number. */
export function maxPoolModel(
  { window, stride, padding, shape: { length } }: BenchCase,
  shape: readonly number[],
): Uint8Array {
  const axes = length - 2;
  const around = padding === 'same' ? Math.floor(window / 2) : padding;
  const node = [
    text(1, 'x'),
    text(2, 'y'),
    text(4, 'MaxPool'),
    integers('kernel_shape', new Array<number>(axes).fill(window)),
    integers('strides', new Array<number>(axes).fill(stride)),
    integers('pads', new Array<number>(2 * axes).fill(around)),
  ];
  const graph = [message(1, node), text(2, 'pool'), message(11, value('x', shape)), message(12, value('y'))];
  return Uint8Array.from([...number(1, 8), ...message(7, graph), ...message(8, [number(2, 13)])]);
}

/** An attribute of a node; type 7 is a list of integers. */
function integers(name: string, values: readonly number[]): number[] {
  return message(5, [text(1, name), ...values.map((one) => number(8, one)), number(20, 7)]);
}

/** A float32 tensor (type 1); without a shape, of any. */
function value(name: string, shape?: readonly number[]): number[][] {
  const dims = shape?.map((size) => message(1, [number(1, size)]));
  return [text(1, name), message(2, [message(1, [number(1, 1), ...(dims ? [message(2, dims)] : [])])])];
}

function number(field: number, one: number): number[] {
  return [...varint(field << 3), ...varint(one)];
}

function text(field: number, one: string): number[] {
  return message(field, [[...Buffer.from(one)]]);
}

function message(field: number, parts: readonly number[][]): number[] {
  const body = parts.flat();
  return [...varint((field << 3) | 2), ...varint(body.length), ...body];
}

function varint(one: number): number[] {
  return one < 128 ? [one] : [(one & 127) | 128, ...varint(one >>> 7)];
}

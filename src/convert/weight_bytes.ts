/** The bytes of weights, as a weightsManifest describes them. No tfjs import. */

/** Bytes of one element. The length of strings is known only by reading them. */
const DTYPE_BYTES: ReadonlyMap<unknown, number> = new Map([
  ['float32', 4],
  ['int32', 4],
  ['uint16', 2],
  ['float16', 2],
  ['uint8', 1],
  ['bool', 1],
  ['complex64', 8],
]);

/** Whether elements of that type have a length. */
export function hasBytes(dtype: unknown): boolean {
  return DTYPE_BYTES.has(dtype);
}

/** 0 for a type without a length. */
export function weightBytes({
  shape,
  dtype,
  quantization,
}: {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly quantization?: { readonly dtype: string } | null;
}): number {
  return shape.reduce((a, b) => a * b, 1) * (DTYPE_BYTES.get(quantization?.dtype ?? dtype) ?? 0);
}

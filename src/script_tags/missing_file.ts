/** What the main script-tag file says where a backend computes slowly because the file with its kernels is missing. */

const told = new Set<string>();

/** Once for each backend. */
export function tellMissingFile(backendName: string, file: 'simd' | 'webgpu'): void {
  if (told.has(backendName)) return;
  told.add(backendName);
  console.warn(
    `tfjs-im2col-pooling: pooling on ${backendName} is exact but slow without its kernels. Add the script tag of ` +
      `tfjs-im2col-pooling-${file}.min.js, which lies beside tfjs-im2col-pooling.min.js.`,
  );
}

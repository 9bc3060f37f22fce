/** What module.c exports. */
export interface NativeModule {
  /** Registers the operations in the TensorFlow that is loaded: its version. @throws Error why that cannot be */
  register(): string;
  /** Which kernels (null: the best for this processor) and how many threads (0: all) work from now on: what it is. */
  configure(kernels: string | null, threads: number): string;
  /** One job on arrays, without TensorFlow. Gradients of norms get these in the place of argmax. */
  run(
    kind: number,
    geometry: string,
    input: Float32Array | Int32Array,
    argmax: Int32Array | Float32Array | null,
    output: Float32Array | Int32Array,
    winners: Int32Array | null,
    x: Float32Array | null,
  ): void;
}

/** @throws Error where there is none */
export function loadNative(): NativeModule;

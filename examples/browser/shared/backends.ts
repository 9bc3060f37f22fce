/** The backends of TensorFlow.js that a browser may have, and what is known of each here. No TensorFlow.js import. */
export const BACKENDS = ['cpu', 'wasm', 'webgl', 'webgpu'] as const;
export type Backend = (typeof BACKENDS)[number];

export interface BackendInfo {
  readonly name: Backend;
  readonly available: boolean;
  /** What there is, or why there is nothing. */
  readonly detail: string;
}

/** The backends that tfjs's own packages bring, by the names of users, in the order in which they are listed. No tfjs import. */
export const BACKENDS = ['cpu', 'wasm', 'webgl', 'webgpu', 'node'] as const;

/** The scripts of .ci that tell where the backends of no npm dependency are. */
declare module '*/chromium.mjs' {
  export const CHROMIUM_ARGS: readonly string[];
  export function findChromium(): string | null;
}

declare module '*/browsers.mjs' {
  export function findBrowsers(): Record<string, { executable?: string; reason?: string }>;
}

declare module '*/tfjs_node.mjs' {
  export function tfjsNodePath(): string | null;
}

declare module '*/from_npm.mjs' {
  export function webgpuInNode(): { path: string; icd: string | null; adapter: string } | null;
}

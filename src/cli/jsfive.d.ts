/** What this package uses of jsfive, which has no types. */
declare module 'jsfive' {
  export class Dataset {
    readonly shape: number[];
    readonly dtype: unknown;
    readonly value: unknown;
  }
  export class Group {
    readonly keys: string[];
    readonly attrs: Record<string, unknown>;
    get(name: string): unknown;
  }
  export class File extends Group {
    constructor(buffer: ArrayBuffer, name: string);
  }
}

import { conformance } from './conformance';

// The module and the engine are those of Node, where all of them run; the build of tfjs is another.
conformance('wasmBrowser', [1, 3], 3);

import { conformance } from './conformance';

// The engine is that of Node, where all of them run.
conformance('cpuBrowser', [0, 4], 4);

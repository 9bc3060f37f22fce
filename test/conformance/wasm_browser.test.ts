import { conformance } from './conformance';

conformance('wasmBrowser');

import { conformance } from './conformance';

conformance('webgl16', [1, 3]);

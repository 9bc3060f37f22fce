import { conformance } from './conformance';

conformance('webgl');
conformance('webgl16', [1, 3]);

import { conformance } from './conformance';

conformance('webgl16');

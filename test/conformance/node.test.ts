import { conformance } from './conformance';

conformance('node');

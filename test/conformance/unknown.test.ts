import { conformance } from './conformance';

conformance('toy');

import { conformance } from './conformance';

conformance('cpuBrowser');

import { upstreamTests } from './upstream';

upstreamTests('wasm');

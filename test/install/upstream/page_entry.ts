/** The same for a page: its global `upstream`. */
import { runUpstream } from './run_upstream';

Object.assign(globalThis, { upstream: { runUpstream } });

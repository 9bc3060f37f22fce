import { upstreamTests } from './upstream';

upstreamTests('webgl');

import { upstreamTests } from './upstream';

upstreamTests('node');

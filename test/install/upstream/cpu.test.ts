import { upstreamTests } from './upstream';

upstreamTests('cpu');

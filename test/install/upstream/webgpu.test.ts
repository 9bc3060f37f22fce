import { upstreamTests } from './upstream';

upstreamTests('webgpu');

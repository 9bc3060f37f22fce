import { family } from './family';

family('webgpu');

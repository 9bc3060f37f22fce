import { referencePath } from './reference_path';

referencePath('webgpu');

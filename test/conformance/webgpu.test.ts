import { conformance } from './conformance';
import { referencePath } from './reference_path';

referencePath('webgpu');
conformance('webgpu');

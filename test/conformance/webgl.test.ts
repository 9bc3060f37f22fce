import { conformance } from './conformance';
import { referencePath } from './reference_path';

referencePath('webgl');
conformance('webgl');
conformance('webgl16', [1, 3]);

import { familyProperties } from './family';

familyProperties('webgpu', 30);

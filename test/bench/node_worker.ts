/** One backend in a Node process of its own, so that no other backend's memory or compiled code is around. */
import { type MeasureRequest, measureCase } from './measure';
import { type MatrixRequest, measureMatrix } from './measure_matrix';
import { serve } from './serve';

serve((request: MeasureRequest | MatrixRequest) =>
  'matrixOf' in request ? measureMatrix(request) : measureCase(request),
);

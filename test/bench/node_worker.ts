/** One backend in a Node process of its own, so that no other backend's memory or compiled code is around. */
import { type MeasureRequest, measureCase } from './measure';
import { type MatrixRequest, measureMatrix } from './measure_matrix';
import { type PredictRequest, measurePredict } from './measure_predict';
import { serve } from './serve';

serve((request: MeasureRequest | MatrixRequest | PredictRequest): Promise<unknown> => {
  if ('matrixOf' in request) return measureMatrix(request);
  return 'predictOf' in request ? measurePredict(request) : measureCase(request);
});

/** One backend in a Node process of its own, so that no other backend's memory or compiled code is around. */
import { type MeasureRequest, measureCase } from './measure';
import { type MatrixRequest, measureMatrix } from './measure_matrix';
import { type PredictRequest, measurePredict } from './measure_predict';
import { type StepRequest, measureTrainingStep } from './measure_training_step';
import { serve } from './serve';

serve((request: MeasureRequest | MatrixRequest | PredictRequest | StepRequest): Promise<unknown> => {
  if ('matrixOf' in request) return measureMatrix(request);
  if ('stepPixels' in request) return measureTrainingStep(request);
  return 'predictOf' in request ? measurePredict(request) : measureCase(request);
});

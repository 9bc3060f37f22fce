/** Every kind of measurement, by its request. Runs in Node and in the page. */
import { type CaseResult, type MeasureRequest, measureCase } from './measure';
import { type MatrixRequest, type MatrixResult, measureMatrix } from './measure_matrix';
import { type PredictRequest, type PredictResult, measurePredict } from './measure_predict';
import { type StepRequest, type StepResult, measureTrainingStep } from './measure_training_step';

export type AnyRequest = MeasureRequest | MatrixRequest | PredictRequest | StepRequest;

/** What a request is answered with. */
export type ResultOf<Request extends AnyRequest> = Request extends MatrixRequest
  ? MatrixResult
  : Request extends StepRequest
    ? StepResult[]
    : Request extends PredictRequest
      ? PredictResult
      : CaseResult;

export function measureAny(request: AnyRequest): Promise<ResultOf<AnyRequest>> {
  if ('matrixOf' in request) return measureMatrix(request);
  if ('stepPixels' in request) return measureTrainingStep(request);
  return 'predictOf' in request ? measurePredict(request) : measureCase(request);
}

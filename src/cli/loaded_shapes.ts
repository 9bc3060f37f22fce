/** The shapes of a model's pooling layers, as tfjs computes them. */
import type { layers } from '@tensorflow/tfjs-layers';
import { layersIn } from '../layers/nested';
import { loadModel } from './compare_in_node';
import type { Shape } from './inspected_layer';
import type { ModelFile } from './model_file';

/** One of each for every call of a layer. */
export interface Shapes {
  readonly inputs: readonly Shape[];
  readonly outputs: readonly Shape[];
}

/** By the names of the layers. @throws CommandError if tfjs cannot load the model */
export async function shapesOf(
  file: ModelFile,
  isWanted: (className: string) => boolean,
): Promise<Map<string, Shapes>> {
  const shapes = new Map<string, Shapes>();
  const model = await loadModel(file, false);
  const wanted = layersIn(model, (layer) => isWanted(layer.getClassName()));
  for (const layer of wanted) shapes.set(layer.name, shapesAt(layer));
  model.dispose();
  return shapes;
}

/** A layer in a wrapper has no calls. */
function shapesAt(layer: layers.Layer): Shapes {
  const nodes = layer.inboundNodes as Array<{ inputShapes: Shape[]; outputShapes: Shape[] | Shape }>;
  const first = (given: Shape[] | Shape): Shape => (Array.isArray(given[0]) ? (given[0] as Shape) : (given as Shape));
  return {
    inputs: nodes.map(({ inputShapes }) => first(inputShapes)),
    outputs: nodes.map(({ outputShapes }) => first(outputShapes)),
  };
}

/** Whether tfjs loads what is going to be written; if not, why, and because of which layer. */
import type { serialization } from '@tensorflow/tfjs-core';
import { problemOf } from '../convert/exchange_layer';
import { camel, pairOf } from '../convert/layer_pairs';
import { refusalText } from '../convert/refusals';
import { layersOfModel } from '../convert/walk_topology';
import { CommandError, messageOf, oneLine, printable } from './command_error';
import { loadModel } from './compare_in_node';
import { shapesOf } from './loaded_shapes';
import type { ModelFile } from './model_file';
import { loadPeers } from './peers';

/**
 * @param original what `converted` was before, which may have loaded
 * @throws CommandError if tfjs does not load `converted`. A model with custom layers, which are unknown here, passes
 */
export async function checkLoads(original: ModelFile, converted: ModelFile): Promise<void> {
  try {
    (await loadModel(converted, false)).dispose();
  } catch (error) {
    if (/\(Unknown layer: /.test(messageOf(error))) return;
    const reason = await misfit(original, converted);
    if (reason !== null) throw new CommandError(`${original.given}: ${reason}`);
    const why = await unbuildable(converted);
    throw why === null ? error : new CommandError(`${original.given}: tfjs cannot load this model (${why})`);
  }
}

/** An exchanged layer that does not take the input which the original's takes. */
async function misfit(original: ModelFile, converted: ModelFile): Promise<string | null> {
  const isPooling = (className: string) => pairOf(className) !== undefined;
  const shapes = await shapesOf(original, isPooling).catch(() => null);
  for (const layer of layersOfModel(converted.given, converted.json)) {
    for (const input of shapes?.get(layer.name)?.inputs ?? []) {
      const problem = problemOf(layer.className, layer.config, input);
      if (problem !== null) return printable(refusalText(layer, problem));
    }
  }
  return null;
}

/** The innermost layer that tfjs does not build from its configuration. */
async function unbuildable(converted: ModelFile): Promise<string | null> {
  const { core } = await loadPeers();
  const { classNameMap } = core.serialization.SerializationMap.getMap();
  const problems = layersOfModel(converted.given, converted.json).flatMap((layer) => {
    const [cls, fromConfig] = Object.entries(classNameMap).find(([name]) => name === layer.className)?.[1] ?? [];
    if (cls === undefined || fromConfig === undefined || 'layers' in layer.config) return [];
    try {
      fromConfig(cls, asRead(layer.config) as serialization.ConfigDict);
      return [];
    } catch (error) {
      return [{ layer, problem: oneLine(messageOf(error)) }];
    }
  });
  // Outer layers come first, and fail with those in them.
  const last = problems.pop();
  return last === undefined ? null : printable(refusalText(last.layer, last.problem));
}

/** A configuration as tfjs reads it from a file: names and texts in camel case, but for the names of layers. */
function asRead(value: unknown): unknown {
  if (typeof value === 'string') return camel(value);
  if (Array.isArray(value)) return value.map(asRead);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [camel(key), key === 'name' ? (inner as unknown) : asRead(inner)]),
  );
}

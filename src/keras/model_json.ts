/** What both directions between tfjs and Keras know of a model's JSON: which classes are models, and references. No tfjs. */
import type { FoundLayer } from '../convert/walk_topology';
import { show } from '../show';

const MODEL_CLASSES: readonly unknown[] = ['Sequential', 'Model', 'Functional'];

/** Whether a class name is that of a model, which may be a layer of another one. */
export function isModelClass(className: unknown): boolean {
  return MODEL_CLASSES.includes(className);
}

/** Where an input of a layer comes from. */
export type Reference = readonly [layer: string, node: number, tensor: number, ...rest: unknown[]];

/** The lists of a model that are read; a Sequential has layers alone. */
type ModelList = 'layers' | 'input_layers' | 'output_layers';

/** @throws Error that names the first model without one of these lists, or with something else in it */
export function checkModels(name: string, found: readonly FoundLayer[], lists: readonly ModelList[]): void {
  for (const { className, config, name: model } of found) {
    const plain = className.replace(/^.*>/, '');
    if (!isModelClass(plain)) continue;
    // Old files have a plain list of layers in place of a Sequential's configuration.
    const parts: Partial<Record<ModelList, unknown>> = Array.isArray(config) ? { layers: config } : config;
    const wrong = lists.find(
      (list) => !(list === 'layers' ? isListOf(isLayer, parts[list]) : areReferences(parts[list])),
    );
    if (wrong === undefined || (plain === 'Sequential' && wrong !== 'layers')) continue;
    const what = wrong === 'layers' ? 'a list of layers' : 'a list of references [layer, node, tensor]';
    throw new Error(`${name}: expected ${what} as ${wrong} of the model ${show(model)}; got ${show(parts[wrong])}.`);
  }
}

function isListOf(isElement: (element: unknown) => boolean, value: unknown): boolean {
  return Array.isArray(value) && value.every(isElement);
}

function isLayer(value: unknown): boolean {
  const { class_name, config } = (value ?? {}) as { class_name?: unknown; config?: unknown };
  return typeof class_name === 'string' && typeof config === 'object' && config !== null;
}

function areReferences(value: unknown): boolean {
  return isListOf((one) => Array.isArray(one) && typeof one[0] === 'string', value) && (value as unknown[]).length > 0;
}

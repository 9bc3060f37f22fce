/** What both directions between tfjs and Keras know of a model's JSON: which classes are models, and references. No tfjs. */
const MODEL_CLASSES: readonly unknown[] = ['Sequential', 'Model', 'Functional'];

/** Whether a class name is that of a model, which may be a layer of another one. */
export function isModelClass(className: unknown): boolean {
  return MODEL_CLASSES.includes(className);
}

/** Where an input of a layer comes from. */
export type Reference = readonly [layer: string, node: number, tensor: number, ...rest: unknown[]];

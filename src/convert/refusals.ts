/** Layers that cannot be converted: each a line, all of them one error. No tfjs import. */
import { type FoundLayer, namesakes } from './walk_topology';

/** One refusal, as a line. */
export function refusalText({ name, className }: Pick<FoundLayer, 'name' | 'className'>, why: string): string {
  return `layer '${name}' (${className}): ${why}`;
}

/** The refusals of layers that share a name, with which every conversion begins. */
export function refusedNamesakes(layers: readonly FoundLayer[]): string[] {
  return namesakes(layers).map((layer) => refusalText(layer, 'another layer of the model has this name'));
}

/** @throws Error with all refusals, a line for each where there are several, if there are any */
export function throwRefusals(name: string, expected: string, refusals: readonly string[]): void {
  if (refusals.length === 0) return;
  const got = refusals.length === 1 ? ` ${refusals[0]}.` : `\n${refusals.map((line) => `  ${line}`).join('\n')}`;
  throw new Error(`${name}: expected ${expected}; got${got}`);
}

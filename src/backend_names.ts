/** Names of backends as users write them: tfjs-node is 'node' to them, and 'tensorflow' to the engine. */
import { engine } from '@tensorflow/tfjs-core';
import { BACKENDS } from './known_backends';
import { isList } from './options';
import { show } from './show';
import { valueHint } from './suggest';

/** The engine's name for a backend. */
export function engineName(name: string): string {
  return name === 'node' ? 'tensorflow' : name;
}

/** The user's name for a backend, which may be either. */
export function userName(name: string): string {
  return name === 'tensorflow' ? 'node' : name;
}

/**
 * The user's names of backends, in an argument `backends`.
 *
 * @throws Error unless it is an array of names that tfjs knows, of at least one
 */
export function backendNames(name: string, backends: unknown): string[] {
  // They may be named before they are there.
  const known = [...new Set<string>([...BACKENDS, ...Object.keys(engine().registryFactory).map(userName)])];
  const given = isList(backends) ? Array.from(backends) : [];
  const names = given.filter((one) => typeof one === 'string').map(userName);
  const unknown = names.find((one) => !known.includes(one));
  if (names.length === 0 || names.length < given.length || unknown !== undefined) {
    const hint = valueHint(unknown, known);
    throw new Error(
      `${name}: expected backends to be an array of names, of ${known.join(', ')}; got ${show(backends)}${hint || '.'}`,
    );
  }
  return names;
}

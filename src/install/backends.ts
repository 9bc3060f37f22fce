/** Which backends there are, and when that may have changed. */
import { MaxPool, engine, getKernel } from '@tensorflow/tfjs-core';
import { markStandIn, whatIsDue } from './stand_in';

type SetBackend = ReturnType<typeof engine>['setBackend'];

/** Registered backends whose kernels are there as well: a backend's package brings both, in either order. */
export function loadedBackends(): string[] {
  return engine()
    .backendNames()
    .filter((name) => getKernel(MaxPool, name) != null);
}

/**
 * Calls `onChange` whenever a backend becomes the current one, before any kernel runs on it: a backend that is
 * registered later is met then, at the latest. tfjs has no event for it, so this wraps the engine's setBackend, which every
 * way to a backend goes through.
 *
 * @returns ends it, and removes the wrapper (or lets it do nothing, where another one was put around it)
 */
export function watchBackends(onChange: () => void): () => void {
  const host = engine() as { setBackend: SetBackend };
  const original = host.setBackend;
  // Not of the engine's class: somebody's wrapper, maybe another copy of this one.
  const before = Object.prototype.hasOwnProperty.call(host, 'setBackend') ? original : undefined;
  let isWatching = true;
  const watched = markStandIn<SetBackend>(
    (name) => {
      const result = original.call(host as never, name);
      // Backends that need no waiting are ready by now, and tfjs may not wait for the promise.
      if (isWatching) onChange();
      return result;
    },
    { before, isOver: () => !isWatching },
  );
  host.setBackend = watched;
  return () => {
    isWatching = false;
    if (host.setBackend !== watched) return;
    const due = whatIsDue(before);
    if (due) host.setBackend = due;
    else delete (host as Partial<typeof host>).setBackend;
  };
}

/** Asks a worker which backends this browser has, again until it answers: the first worker may have died. */
import type { BackendInfo } from '../shared/backends';

export interface BackendList {
  /** Undefined until it is known. */
  readonly known: readonly BackendInfo[] | undefined;
  /** Does nothing where it is known, or has been asked for. */
  ask(): void;
}

export function backendList(
  answer: () => Promise<readonly BackendInfo[]>,
  onKnown: (list: readonly BackendInfo[]) => void,
  onFailure: (error: Error) => void,
): BackendList {
  let known: readonly BackendInfo[] | undefined;
  let isAsked = false;
  return {
    get known() {
      return known;
    },
    ask() {
      if (isAsked) return;
      isAsked = true;
      answer().then(
        (list) => {
          known = list;
          onKnown(list);
        },
        (error: Error) => {
          isAsked = false;
          onFailure(error);
        },
      );
    },
  };
}

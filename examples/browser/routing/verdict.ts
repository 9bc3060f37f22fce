/** What is said of the built-in beside ours: the same, different, or nothing to compare with. */
import type { Failure } from '../workers/routing_protocol';
import type { Figure } from './figure';

/** `isRounded`: what does not differ is not exactly ours either. */
export function verdictOf(target: Figure, differing: number, total: number, isRounded: boolean): void {
  if (differing > 0) target.verdict(differenceText(differing, total), 'bad');
  else target.verdict(isRounded ? 'same but for rounding' : 'same as ours', 'good');
}

export function differenceText(differing: number, total: number): string {
  return differing === 0 ? 'the same as ours' : `${differing} of ${total} ${differing === 1 ? 'differs' : 'differ'}`;
}

/** In place of the built-in's numbers. */
export function showFailure(target: Figure, { how, reason }: Failure): void {
  if (how === 'absent') {
    target.showMessage(reason, 'plain');
    target.verdict('', 'none');
  } else {
    target.showMessage(how === 'throws' ? `Throws: ${reason}` : `Not run: ${reason}`, 'bad');
    target.verdict(how === 'throws' ? 'throws' : 'not run', 'bad');
  }
}

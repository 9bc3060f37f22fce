/** What is said of the built-in beside ours: the same, different, or nothing to compare with. */
import { type Shown, sum } from './analysis';
import { precise } from './format';
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

/** What the built-in makes of all of it, in a sentence. */
export interface Verdict {
  readonly text: string;
  readonly isRight: boolean;
}

export function verdictSentence({ result, analysis, withGradient }: Shown): Verdict {
  const { builtin, backend } = result;
  const said = (text: string, isRight = false): Verdict => ({ text: `The built-in on ${backend}: ${text}.`, isRight });
  if (builtin.failure) {
    const { how, reason } = builtin.failure;
    if (how === 'absent') return { text: reason, isRight: true };
    return said(how === 'throws' ? 'it throws' : 'it is not run, for it would do harm');
  }
  if (builtin.shape!.join() !== result.ours.shape!.join())
    return said('its output has the wrong shape, and no gradient');
  const wrong = analysis.yDiffers.size;
  const values = wrong === 0 ? 'its values are right' : `of ${builtin.y!.length} values ${wrong} are wrong`;
  if (!withGradient) return said(values, wrong === 0);
  if (builtin.dx === null) return said(`${values}; it has no gradient`);
  const misplaced = analysis.dxDiffers.size;
  if (misplaced === 0) return said(wrong === 0 ? 'its values and its gradient are right' : values, wrong === 0);
  const [sent, arrived] = [precise(sum(result.ours.dx!)), precise(sum(builtin.dx))];
  const isOneSign = result.dy.every((value) => value >= 0);
  const gradient =
    sent === arrived || !isOneSign
      ? `at ${misplaced} of ${builtin.dx.length} inputs another gradient arrives`
      : `of a gradient of ${sent}, ${arrived} arrives`;
  return said(`${values}; ${gradient}`);
}

/** How far a training is, and how long the rest takes at the speed of its last steps. No tfjs import. */

export interface Pace {
  /** From 0 to 1. */
  readonly share: number;
  readonly text: string;
}

/** The rest is estimated from so many steps. */
const REMEMBERED = 10;
/** The first step of a run includes what is made once, such as shaders: the estimate waits. */
const FIRST = 3;

/** `steps` are all that will be taken; `now` is a clock of milliseconds. To be called after each step. */
export function paceOf(steps: number, now: () => number): () => Pace {
  const times: number[] = [];
  return () => {
    times.push(now());
    const taken = times.length;
    const recent = times.slice(-REMEMBERED - 1);
    const perStep = (recent[recent.length - 1] - recent[0]) / (recent.length - 1);
    const left = taken < FIRST || taken >= steps ? '' : `, ${duration(perStep * (steps - taken))} left`;
    return { share: taken / steps, text: `Step ${taken} of ${steps}${left}` };
  };
}

function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  return seconds < 60 ? `about ${Math.max(1, Math.round(seconds))} s` : `about ${Math.round(seconds / 60)} min`;
}

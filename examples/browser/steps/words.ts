/** What the tab says, in one language. */
import type { Algorithm } from './algorithm';
import type { Cell, MatrixName, Scene } from './scene';
import type { Chapter, Step } from './walk';

export interface Words {
  /** Above the walk: what this is. */
  readonly intro: string;
  readonly input: string;
  readonly inputs: Readonly<Record<string, string>>;
  /** What there is to see in an input. */
  readonly about: Readonly<Record<string, string>>;
  readonly forward: string;
  readonly backward: string;
  readonly chapters: Readonly<Record<Chapter, string>>;
  readonly buttons: Readonly<Record<'back' | 'next' | 'play' | 'pause', string>>;
  readonly speed: string;
  readonly speeds: Readonly<Record<'slow' | 'normal' | 'fast', string>>;
  readonly keys: string;
  readonly step: string;
  stepOf(step: number, count: number): string;
  /** What happens, and why. */
  sentence(a: Algorithm, step: Step): string;
  readonly hint: string;
  /** Where the number of a cell came from. */
  origin(a: Algorithm, scene: Scene, cell: Cell, arrived: readonly number[]): string;
  readonly titles: Readonly<Record<'x' | 'y' | 'dy' | 'dx' | 'last' | 'argmax' | 'max' | 'sent' | MatrixName, string>>;
  /** Names one plane of x, y, dy or dx. */
  plane(batch: number, channel: number): string;
  readonly channel: string;
  readonly tap: string;
  /** What is written beside a row: the window, and perhaps its image and channel. */
  row(image: number | undefined, place: string, channel: number | undefined): string;
}

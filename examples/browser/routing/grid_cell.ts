/** One cell of a grid: its colour, its number and what stands in its corner. */
import { element } from '../ui/dom';
import { fitted, precise } from './format';
import type { GridContent } from './value_grid';

/**
 * Above which share of its colour, in percent, a cell's number is written otherwise, so that its contrast is 4.5 to 1 in both
 * themes: dark on what is bright; in a gradient black (on what is strong in the light theme white).
 */
const BRIGHT = 44;
const STRENGTHS = { positive: [68, 83], negative: [60, 94] } as const;

function strengthOf(value: number, percent: number, kind: GridContent['kind']): string {
  if (kind === 'value') return percent > BRIGHT ? 'bright' : 'dark';
  if (value === 0) return 'none';
  const sign = percent < 0 ? 'negative' : 'positive';
  const [middle, full] = STRENGTHS[sign];
  const size = Math.abs(percent);
  return size > full ? `${sign} strong` : size > middle ? `${sign} middle` : sign;
}

export function paint(cell: HTMLElement, index: number, content: GridContent): void {
  const value = content.values[index];
  const percent = Math.round(content.tone(value) * 100);
  const special = Number.isFinite(value) ? '' : ' special';
  cell.className = `cell ${content.kind} ${strengthOf(value, percent, content.kind)}${special} ${content.marks?.(index) ?? ''}`;
  cell.style.setProperty('--tone', `${Math.abs(percent)}%`);
  cell.replaceChildren(element('span', { class: 'number' }));
  const badge = content.badge?.(index);
  if (badge) cell.append(element('span', { class: 'badge', 'aria-hidden': 'true' }, badge));
}

export function paintPadding(cell: HTMLElement, index: number, { frame, kind }: GridContent): void {
  cell.className = `cell padding ${kind}`;
  const text = frame!.text(index);
  const number = element('span', { class: 'number' }, text);
  number.style.setProperty('--length', String(text.length));
  cell.replaceChildren(number);
}

/** The number, and in the title what of it does not fit. */
export function write(cell: HTMLElement, value: number, room: number): void {
  const number = cell.firstElementChild as HTMLElement | null;
  if (!number || value === undefined) return;
  const text = fitted(value, room);
  number.textContent = text;
  number.style.setProperty('--length', String(text.length));
  if (precise(value) === text) cell.removeAttribute('title');
  else cell.title = precise(value);
}

/** The plots of the report, as SVG text: how many times faster, and where gradients went. */
import type { CompareRow } from '../compare/report';
import { fatesOf, fatesText, isTimed, percent, ratioText } from '../compare/row_text';
import { escape } from './html_text';

const WIDTH = 1110;
const LABELS = 250;
const RIGHT = 70;
const LINE = 24;
/** Where the axis of factors begins: a label fits before it. */
const SPEED_LEFT = LABELS + 46;

/** Forward (ring) and training (dot) of each case and backend, on a logarithmic axis; '' if nothing was timed. */
export function speedPlot(rows: readonly CompareRow[]): string {
  const timed = rows.filter((row) => isTimed(row) && row.times?.forward.ratio != null);
  if (timed.length === 0) return '';
  const ratios = timed.flatMap(({ times }) => [times!.forward.ratio!, times!.training?.ratio ?? 1]);
  const [low, high] = [Math.floor(Math.log10(Math.min(1, ...ratios))), Math.ceil(Math.log10(Math.max(10, ...ratios)))];
  const x = (ratio: number) => SPEED_LEFT + ((Math.log10(ratio) - low) / (high - low)) * (WIDTH - SPEED_LEFT - RIGHT);
  const groups = byCase(timed, rows);
  let top = 34;
  const parts: string[] = [];
  for (const [name, group] of groups) {
    parts.push(text(0, top + 4, name, 'font-weight:600'), text(0, top + 20, group[0]!.shape.join(' x '), '', 'soft'));
    group.forEach((row, i) => parts.push(speedLine(row, top + i * LINE, x)));
    top += Math.max(2, group.length) * LINE + 14;
  }
  const ticks = Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i));
  const axis = ticks.map(
    (tick) =>
      `<line class="${tick === 1 ? 'one' : 'grid'}" x1="${x(tick)}" x2="${x(tick)}" y1="20" y2="${top - 16}"/>` +
      text(x(tick), 12, tick === 1 ? 'equal' : `${tick}x`, '', 'soft', 'middle'),
  );
  return svg(top - 6, 'Times of the built-in divided by times of this package', [...axis, ...parts]);
}

function speedLine(row: CompareRow, y: number, x: (ratio: number) => number): string {
  const [forward, training] = [row.times!.forward.ratio!, row.times!.training?.ratio ?? null];
  const color = `var(--${row.backend})`;
  const ends = training === null ? [forward] : [forward, training];
  const title = `<title>${escape(`${row.case}, ${row.backend}: forward ${ratioText(forward)}${training === null ? '' : `, training ${ratioText(training)}`}`)}</title>`;
  return (
    `<g>${title}${text(LABELS - 12, y + 4, row.backend, `fill:${color};font-weight:600`, '', 'end')}` +
    `<line x1="${x(Math.min(...ends))}" x2="${x(Math.max(...ends))}" y1="${y}" y2="${y}" style="stroke:${color};stroke-width:2;opacity:.45"/>` +
    `<circle cx="${x(forward)}" cy="${y}" r="5" style="fill:var(--card);stroke:${color};stroke-width:2.2"/>` +
    (training === null ? '' : `<circle cx="${x(training)}" cy="${y}" r="5.5" style="fill:${color}"/>`) +
    text(x(Math.max(...ends)) + 11, y + 4, ratioText(Math.max(...ends)), '', 'soft') +
    (training === null ? '' : text(x(Math.min(...ends)) - 11, y + 4, ratioText(Math.min(...ends)), '', 'soft', 'end')) +
    '</g>'
  );
}

/** The room beyond 100 % for bars that are longer: they are broken there. */
const BEYOND = 64;

/**
 * The share of the built-in's gradient that went wrong, for each case and backend where some did; '' if none did. The axis
 * ends at 100 %: what is invented may be many times that, and would leave no room for anything else.
 */
export function gradientPlot(rows: readonly CompareRow[]): string {
  const wrong = rows.filter((row) => fatesOf(row).length > 0);
  if (wrong.length === 0) return '';
  const room = wrong.some(isBeyond) ? BEYOND : 0;
  const x = (share: number) => LABELS + share * (WIDTH - LABELS - RIGHT - room);
  let top = 36;
  const parts: string[] = [];
  for (const [name, group] of byCase(wrong, rows)) {
    parts.push(text(0, top + 4, name, 'font-weight:600'));
    group.forEach((row, i) => parts.push(massLine(row, top + i * LINE, x)));
    top += group.length * LINE + 8;
  }
  const axis = [0, 0.25, 0.5, 0.75, 1].map(
    (tick) =>
      `<line class="grid" x1="${x(tick)}" x2="${x(tick)}" y1="20" y2="${top - 14}"/>` +
      text(x(tick), 12, `${tick * 100} %`, '', 'soft', 'middle'),
  );
  return svg(top - 4, 'Share of the gradient that the built-in loses or sends to a wrong element', [...axis, ...parts]);
}

/** The sum of all that went wrong with a row's gradient. */
function wholeOf(row: CompareRow): number {
  return fatesOf(row).reduce((sum, [, share]) => sum + share, 0);
}

/** By more than rounding. */
function isBeyond(row: CompareRow): boolean {
  return wholeOf(row) > 1.005;
}

function massLine(row: CompareRow, y: number, axis: (share: number) => number): string {
  const whole = wholeOf(row);
  const isBroken = isBeyond(row);
  // Past 100 % the scale ends: whatever is left takes the room that there is.
  const x = (share: number) =>
    axis(Math.min(1, share)) + (isBroken && share > 1 ? (BEYOND * (share - 1)) / (whole - 1) : 0);
  let start = 0;
  const bars = fatesOf(row).map(([fate, share]) => {
    const [from, to] = [x(start), x(start + share)];
    start += share;
    return `<rect x="${from}" y="${y - 7}" width="${Math.max(2, to - from)}" height="14" rx="3" style="fill:var(--${fate})"/>`;
  });
  const gap = axis(1) + BEYOND / 2;
  const cuts = isBroken
    ? [gap - 4, gap + 3].map((at) => `<line class="break" x1="${at - 3}" x2="${at + 3}" y1="${y + 9}" y2="${y - 9}"/>`)
    : [];
  return (
    `<g><title>${escape(`${row.case}, ${row.backend}: ${fatesText(row)}`)}</title>` +
    text(LABELS - 12, y + 4, row.backend, `fill:var(--${row.backend});font-weight:600`, '', 'end') +
    bars.join('') +
    cuts.join('') +
    text(x(whole) + 8, y + 4, percent(whole), '', isBroken ? 'beyond' : 'soft') +
    '</g>'
  );
}

/** In the order of the report, in which `all` the rows are. */
function byCase(some: readonly CompareRow[], all: readonly CompareRow[]): Array<[name: string, rows: CompareRow[]]> {
  return [...new Set(all.map((row) => row.case))]
    .map((name): [string, CompareRow[]] => [name, some.filter((row) => row.case === name)])
    .filter(([, group]) => group.length > 0);
}

function text(x: number, y: number, content: string, style = '', className = '', anchor = 'start'): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}"${className && ` class="${className}"`}${style && ` style="${style}"`}>${escape(content)}</text>`;
}

function svg(height: number, label: string, parts: readonly string[]): string {
  return `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escape(label)}">${parts.join('')}</svg>`;
}

/** The plot: a page of its own with one digit's pictures and two charts, as SVG. */
import { STYLE } from '../mnist/report_style';

/** A curve over the noise levels. Colour tells the pooling, dashes the normalisation. */
export interface Curve {
  readonly name: string;
  readonly pooling: 'max' | 'average';
  readonly normalise: boolean;
  readonly values: readonly number[];
}

/** A square picture; ink from 0 to 1, row by row. */
export interface Picture {
  readonly title: string;
  readonly side: number;
  readonly ink: readonly number[];
}

export interface Plot {
  readonly levels: readonly number[];
  readonly moved: readonly Curve[];
  readonly read: readonly Curve[];
  readonly pictures: readonly Picture[];
  /** Test digits. */
  readonly tested: number;
  /** Digits that the networks learned from, and how often. */
  readonly samples: number;
  readonly epochs: number;
  /** What was measured, in words. */
  readonly found: readonly string[];
}

interface Chart {
  readonly title: string;
  readonly about: string;
  readonly levels: readonly number[];
  readonly curves: readonly Curve[];
  /** Of the vertical axis. */
  readonly label: (value: number) => string;
}

// Small, so that its letters are legible on a phone.
const WIDTH = 400;
const HEIGHT = 280;
const AREA = { left: 48, right: WIDTH - 16, top: 12, bottom: HEIGHT - 46 };
/** Between labels of the horizontal axis. */
const LABEL_WIDTH = 36;
const NOISE_STYLE = `
.max { --series: var(--im2col); } .average { --series: var(--builtin); }
.curve, .curve.max, .curve.average { stroke-width: 2.2; opacity: 1; } .normalise { stroke-dasharray: 6 4; }
.pictures { display: grid; gap: 14px; grid-template-columns: repeat(3, 1fr); max-width: 640px; margin-top: .8rem; }
.pictures svg { background: var(--paper); outline: 1px solid var(--line); border-radius: 6px; shape-rendering: crispEdges; }
.pictures figcaption { margin-top: 4px; }
.charts figure { display: flex; flex-direction: column; gap: 10px; padding: 14px; }
.charts figcaption { padding: 0; } .charts figcaption small { display: block; margin: 0; }
.charts svg { margin-top: auto; } .charts svg text { font-size: 13px; }
.keys { display: flex; flex-wrap: wrap; gap: 4px 22px; margin: .8rem 0; padding: 0; list-style: none; color: var(--soft); font-size: .9rem; }
.keys li { display: flex; align-items: center; gap: 8px; }
.keys i { width: 30px; border-top: 3px solid var(--series); } .keys i.normalise { border-top-style: dashed; }
@media (max-width: 700px) { h1 { font-size: 1.5rem; } .pictures { gap: 10px; } .pictures figcaption { font-size: .78rem; line-height: 1.3; } }
`;

export function plotPage({ levels, moved, read, pictures, tested, samples, epochs, found }: Plot): string {
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Noise and pooling</title>
<style>${STYLE}${NOISE_STYLE}</style>
<main><h1>Outliers become features under max pooling</h1>
<p class="lead">Salt noise turns single pixels of a digit into full ink. A window that holds one of them has it as its maximum, whatever
else it holds; its average moves by at most a sixteenth of full ink for each (the windows are 4×4). Below, the same noise is pooled both
ways, from raw digits (ink from 0 to 1) and from normalised ones (mean 0, standard deviation 1, noise included).</p>
<section><h2>One digit</h2><div class="pictures">${pictures.map(picture).join('\n')}</div></section>
<section><h2>${tested} test digits</h2>
${found.map((sentence) => `<p>${sentence}</p>`).join('\n')}
<p class="note">MNIST’s first ${tested} test digits; one seed for the noise, the first weights and the order of the digits: another gives other numbers.</p>
<ul class="keys">${moved.map(key).join('')}</ul>
<div class="charts">
${chart({
  title: 'How far noise moves a pooled pixel',
  about: 'mean change, in standard deviations of the clean pooled pixels',
  levels,
  curves: moved,
  label: (value) => value.toFixed(1),
})}
${chart({
  title: 'Test digits read right',
  about: `by networks that learned ${samples} clean digits, ${epochs === 1 ? 'once' : `${epochs} times`}`,
  levels,
  curves: read,
  label: (value) => `${Math.round(value * 100)} %`,
})}
</div></section></main></html>
`;
}

function picture({ title, side, ink }: Picture): string {
  const cells = ink.map((value, i) =>
    value <= 0
      ? ''
      : `<rect class="ink" x="${i % side}" y="${Math.floor(i / side)}" width="1" height="1" fill-opacity="${value.toFixed(3)}"/>`,
  );
  return `<figure><svg viewBox="0 0 ${side} ${side}" role="img" aria-label="${title}">${cells.join('')}</svg>
<figcaption>${title}</figcaption></figure>`;
}

const classOf = ({ pooling, normalise }: Curve) => `${pooling}${normalise ? ' normalise' : ''}`;

function key(curve: Curve): string {
  return `<li><i class="${classOf(curve)}"></i>${curve.name}</li>`;
}

function chart({ title, about, levels, curves, label }: Chart): string {
  const greatest = Math.max(...curves.flatMap(({ values }) => values));
  // Four round steps.
  const top = greatest <= 1 ? 1 : Math.ceil(greatest / 0.4) * 0.4;
  const x = (level: number) => AREA.left + (level / levels[levels.length - 1]) * (AREA.right - AREA.left);
  const y = (value: number) => AREA.bottom - (value / top) * (AREA.bottom - AREA.top);
  const rows = [0, 0.25, 0.5, 0.75, 1]
    .map((share) => share * top)
    .map(
      (value) => `<line class="gridline" x1="${AREA.left}" x2="${AREA.right}" y1="${y(value)}" y2="${y(value)}"/>
<text x="${AREA.left - 6}" y="${y(value) + 4}" text-anchor="end">${label(value)}</text>`,
    );
  let labelled = -Infinity;
  const columns = levels.map((level) => {
    const tick = `<line class="axis" x1="${x(level)}" x2="${x(level)}" y1="${AREA.bottom}" y2="${AREA.bottom + 5}"/>`;
    if (x(level) - labelled < LABEL_WIDTH) return tick;
    labelled = x(level);
    return `${tick}<text x="${x(level)}" y="${AREA.bottom + 20}" text-anchor="middle">${Math.round(level * 100)} %</text>`;
  });
  const lines = curves.map((curve) => {
    const points = curve.values.map((value, i) => `${x(levels[i]).toFixed(1)},${y(value).toFixed(1)}`);
    return `<polyline class="curve ${classOf(curve)}" points="${points.join(' ')}"/>`;
  });
  return `<figure><figcaption>${title} <small>${about}</small></figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}: ${curves.map(({ name }) => name).join('; ')}">
${rows.join('\n')}
${columns.join('\n')}
<text x="${(AREA.left + AREA.right) / 2}" y="${HEIGHT - 6}" text-anchor="middle">pixels turned into salt</text>
${lines.join('\n')}
</svg></figure>`;
}

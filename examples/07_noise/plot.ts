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
  readonly samples: number;
  readonly epochs: number;
}

const WIDTH = 540;
const HEIGHT = 330;
const AREA = { left: 52, right: WIDTH - 14, top: 96, bottom: HEIGHT - 44 };
const NOISE_STYLE = `
.max { --series: var(--im2col); } .average { --series: var(--builtin); }
.curve, .curve.max, .curve.average { stroke-width: 2.4; } .normalise { stroke-dasharray: 6 5; }
.pictures { display: grid; gap: 14px; grid-template-columns: repeat(3, 1fr); max-width: 720px; }
.pictures svg { background: var(--paper); border-radius: 6px; }
`;

export function plotPage({ levels, moved, read, pictures, samples, epochs }: Plot): string {
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Noise and pooling</title>
<style>${STYLE}${NOISE_STYLE}</style>
<main><h1>Outliers become features under max pooling</h1>
<p class="lead">Salt noise turns pixels of MNIST digits into full ink. A maximum keeps every such pixel; an average spreads it thin.
Normalising each digit (mean 0, standard deviation 1) makes the noise part of the scale.</p>
<section><h2>One digit</h2><div class="pictures">${pictures.map(picture).join('\n')}</div></section>
<section><h2>All of them</h2><div class="charts">
${chart('How far noise moves a pooled pixel', 'standard deviations of clean pooled pixels', levels, moved, (v) => v.toFixed(1))}
${chart(
  'Digits read right',
  `networks trained on ${samples} clean digits, epochs: ${epochs}`,
  levels,
  read,
  (v) => `${Math.round(v * 100)} %`,
)}
</div></section></main></html>
`;
}

function picture({ title, side, ink }: Picture): string {
  const cells = ink.map((value, i) =>
    value <= 0
      ? ''
      : `<rect class="ink" x="${i % side}" y="${Math.floor(i / side)}" width="1.02" height="1.02" fill-opacity="${value.toFixed(3)}"/>`,
  );
  return `<figure><svg viewBox="0 0 ${side} ${side}" role="img" aria-label="${title}">${cells.join('')}</svg>
<figcaption>${title}</figcaption></figure>`;
}

function chart(
  title: string,
  axis: string,
  levels: readonly number[],
  curves: readonly Curve[],
  label: (value: number) => string,
): string {
  const greatest = Math.max(...curves.flatMap(({ values }) => values));
  // Four round steps.
  const top = greatest <= 1 ? 1 : Math.ceil(greatest / 0.4) * 0.4;
  const x = (level: number) => AREA.left + (level / levels[levels.length - 1]) * (AREA.right - AREA.left);
  const y = (value: number) => AREA.bottom - (value / top) * (AREA.bottom - AREA.top);
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((share) => share * top);
  const lines = curves.map(
    ({ pooling, normalise, values }) =>
      `<polyline class="curve ${pooling} ${normalise ? 'normalise' : ''}" points="${values
        .map((value, i) => `${x(levels[i]).toFixed(1)},${y(value).toFixed(1)}`)
        .join(' ')}"/>`,
  );
  const keys = curves.map(({ name, pooling, normalise }, i) => {
    const [keyX, keyY] = [AREA.left + (i % 2) * 240, 22 + Math.floor(i / 2) * 20];
    return `<line class="curve ${pooling} ${normalise ? 'normalise' : ''}" x1="${keyX}" x2="${keyX + 28}" y1="${keyY}" y2="${keyY}"/>
<text x="${keyX + 36}" y="${keyY + 4}">${name}</text>`;
  });
  return `<figure><figcaption>${title} <small>${axis}</small></figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}: ${curves.map(({ name }) => name).join('; ')}">
${ticks
  .map(
    (value) => `<line class="gridline" x1="${AREA.left}" x2="${AREA.right}" y1="${y(value)}" y2="${y(value)}"/>
<text x="${AREA.left - 6}" y="${y(value) + 4}" text-anchor="end">${label(value)}</text>`,
  )
  .join('\n')}
${levels.map((level) => `<text x="${x(level)}" y="${AREA.bottom + 18}" text-anchor="middle">${Math.round(level * 100)} %</text>`).join('')}
<text x="${(AREA.left + AREA.right) / 2}" y="${HEIGHT - 8}" text-anchor="middle">pixels turned into salt</text>
${keys.join('\n')}
${lines.join('\n')}
</svg></figure>`;
}

/** A comparison as one HTML file: the sum of it, who is right where, gradients, speed, and every figure. */
import type { CompareReport, CompareRow } from '../compare/report';
import {
  POOLING_LABELS,
  agreementText,
  countsOf,
  fatesText,
  isTimed,
  lossText,
  oursDeviates,
  ratioText,
  timingText,
  verdictText,
} from '../compare/row_text';
import { STYLE } from './html_style';
import { escape } from './html_text';
import { gradientPlot, speedPlot } from './svg_plots';

export function htmlReport(report: CompareReport): string {
  const { versions, model, host, date } = report;
  const title = model ? `Pooling in ${model}` : 'Pooling, side by side';
  const parts = [
    `<h1>${escape(title)}</h1>`,
    `<p class="soft">tfjs-im2col-pooling ${escape(versions.package)} and the pooling built into TensorFlow.js ${escape(versions.tfjsCore)} · ` +
      `${escape(host)} · ${escape(date.slice(0, 16).replace('T', ' '))} UTC</p>`,
    tiles(report),
    matrix(report),
    gradients(report),
    speed(report),
    details(report),
    `<footer>Made by <code>tfjs-im2col-pooling compare</code>, seed ${report.seed}, ${report.repeats} repeats. ` +
      'The judge is a third, plain computation of the contract. Gradients that go in are powers of two: those of maxima are sums without rounding. What averages differ by in rounding is not counted.</footer>',
  ];
  return (
    `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">` +
    `<title>${escape(title)}</title><link rel="icon" href="data:,"><style>${STYLE}</style></head>\n<body><main>\n${parts.join('\n')}\n</main></body></html>\n`
  );
}

function tiles({ rows }: CompareReport): string {
  const { all, ours, builtin, shared } = countsOf(rows);
  const tile = (className: string, value: string, label: string) =>
    `<div class="tile ${className}"><b>${value}</b><span>${label}</span></div>`;
  const [forward, training] = (['forward', 'training'] as const).map((which) =>
    geometricMean(rows.filter(isTimed).map(({ times }) => times?.[which]?.ratio)),
  );
  return `<div class="tiles">${[
    tile(
      ours > 0 ? 'ours' : 'good',
      String(ours),
      `of ${all} comparisons in which this package deviates from its contract`,
    ),
    tile(
      builtin > 0 ? 'bad' : 'good',
      String(builtin),
      `of ${shared} in which the built-in does${shared < all ? '; in the others there is none' : ''}`,
    ),
    ...(training === null
      ? []
      : [tile('', ratioText(training), 'training steps: the time of the built-in divided by ours, geometric mean')]),
    ...(forward === null ? [] : [tile('', ratioText(forward), 'forward passes, the same')]),
  ].join('')}</div>`;
}

function matrix({ rows, backends, model }: CompareReport): string {
  const cases = [...new Set(rows.map((row) => row.case))];
  const present = backends.filter(({ missing }) => missing === null).map(({ name }) => name);
  const head = `<tr><th>case</th>${present.map((name) => `<th scope="col">${escape(name)}</th>`).join('')}</tr>`;
  const body = cases.flatMap((name, i) => {
    const { about, shape, pooling } = rows.find((row) => row.case === name)!;
    const previous = rows.find((row) => row.case === cases[i - 1])?.pooling;
    const cells = present.map(
      (backend) => `<td>${mark(rows.find((row) => row.case === name && row.backend === backend))}</td>`,
    );
    const heading = `<tr class="kind"><th scope="rowgroup" colspan="${present.length + 1}">${POOLING_LABELS[pooling]} pooling</th></tr>`;
    const line = `<tr><th scope="row">${escape(name)}<small>${escape(about)} <span class="size">${shape.join('x')}</span></small></th>${cells.join('')}</tr>`;
    // In a model the kinds alternate; there each layer has its class beside it.
    return model !== null || pooling === previous ? [line] : [heading, line];
  });
  const list = backends.map(
    ({ name, description, missing }) =>
      `<li><b style="color:var(--${escape(name)})">${escape(name)}</b>` +
      (missing === null
        ? `<span class="soft">${escape(description)}</span>`
        : `<span class="missing">not available: ${escape(missing)}</span>`) +
      '</li>',
  );
  return (
    `<section><h2>Who keeps the contract</h2><p class="soft">What the built-in does in each case, on each backend; where a cell says “right”, ` +
    `both give the same numbers and gradients: maxima bit for bit, sums but for rounding. “Ours right” stands where TensorFlow.js has no such pooling.</p><div class="scroll"><table class="matrix">${head}${body.join('')}</table></div>` +
    `<ul class="backends">${list.join('')}</ul></section>`
  );
}

function mark(row: CompareRow | undefined): string {
  if (!row) return '<span class="mark none">-</span>';
  const { values, gradient, deviates, counterpart } = row;
  const className = counterpart === null && deviates === 'neither' ? 'alone' : deviates;
  const title = [values.builtinError ?? gradient?.builtinError ?? '', `ours ran ${row.kernels.ours.join(', ')}`]
    .filter(Boolean)
    .join('; ');
  return `<span class="mark ${className}" title="${escape(title)}">${escape(markText(row))}</span>`;
}

function markText(row: CompareRow): string {
  if (oursDeviates(row) || row.counterpart === null) return verdictText(row);
  return row.deviates === 'builtin' ? builtinSays(row) : isRounded(row) ? 'right, rounded' : 'right';
}

/** Whether the two are not the same numbers, but as near as rounding may put them. */
function isRounded({ values, gradient }: CompareRow): boolean {
  return values.rounding + (gradient?.rounding ?? 0) > 0;
}

/** In a few words, what is wrong with the built-in. */
function builtinSays(row: CompareRow): string {
  const { values, gradient } = row;
  if (values.builtinError !== undefined) return values.builtinError.startsWith('not run') ? 'not run' : 'throws';
  if (values.builtinShape !== undefined) return `wrong shape ${values.builtinShape.join('x')}`;
  const parts: string[] = [];
  if (values.fromContract.builtin) parts.push(`${values.fromContract.builtin} of ${values.elements} values wrong`);
  if (gradient?.builtinError !== undefined) parts.push('gradient throws');
  else if (gradient?.fromContract.builtin)
    parts.push(`gradient: ${fatesText(row) || `${gradient.fromContract.builtin} of ${gradient.elements} wrong`}`);
  return parts.join('; ');
}

function gradients({ rows }: CompareReport): string {
  const plot = gradientPlot(rows);
  if (plot === '') return '';
  const legend = ['lost', 'misplaced', 'invented'].map(
    (key) => `<span><i style="background:var(--${key})"></i>${LEGEND[key]}</span>`,
  );
  return (
    `<section><h2>Where the built-in's gradient goes</h2><p class="soft">Share of the gradient that went in. Ours loses and misplaces nothing ` +
    `${rows.some((row) => row.gradient && row.gradient.fromContract.ours > 0) ? 'except where the table above says so' : 'in any of these'}.</p>` +
    `<div class="legend">${legend.join('')}</div><figure class="scroll">${plot}</figure></section>`
  );
}

const LEGEND: Record<string, string> = {
  lost: 'arrives nowhere',
  misplaced: 'arrives at a wrong element',
  invented: 'arrives though it never went in',
};

function speed({ rows }: CompareReport): string {
  const plot = speedPlot(rows);
  if (plot === '') return '';
  return (
    '<section><h2>How many times faster</h2><p class="soft">Time of the built-in divided by ours: to the right of the dashed line this package is ' +
    'faster. Medians; cases too small to tell anything but the cost of a call are left out.</p>' +
    `<div class="legend"><span><i class="ring"></i>forward</span><span><i class="dot"></i>training step (forward and gradient)</span></div>` +
    `<figure class="scroll">${plot}</figure></section>`
  );
}

function details({ rows }: CompareReport): string {
  const head =
    ['backend', 'pooling', 'case', 'values', 'gradient', 'built-in gradient', 'verdict', 'kernel of ours']
      .map((name) => `<th>${name}</th>`)
      .join('') +
    ['forward', 'training', 'bytes kept, ours / built-in'].map((name) => `<th class="number">${name}</th>`).join('');
  const body = rows.map((row) => {
    const cells = [
      row.backend,
      POOLING_LABELS[row.pooling],
      row.case,
      agreementText(row, row.values),
      agreementText(row, row.gradient),
      lossText(row),
      verdictText(row),
      row.kernels.ours.filter((name) => name.startsWith('Im2Col')).join(', ') || row.kernels.ours.join(', '),
    ];
    const kept = row.kept
      ? `${row.kept.ours.toLocaleString('en')} / ${row.kept.builtin?.toLocaleString('en') ?? '-'}`
      : '-';
    const numbers = [timingText(row, 'forward'), timingText(row, 'training'), kept];
    return `<tr>${cells.map((cell) => `<td>${escape(cell)}</td>`).join('')}${numbers.map((cell) => `<td class="number">${escape(cell)}</td>`).join('')}</tr>`;
  });
  return `<section><details><summary>Every figure</summary><div class="scroll"><table class="figures"><tr>${head}</tr>${body.join('')}</table></div></details></section>`;
}

function geometricMean(ratios: ReadonlyArray<number | null | undefined>): number | null {
  const known = ratios.filter((ratio): ratio is number => ratio != null);
  return known.length === 0 ? null : Math.exp(known.reduce((sum, ratio) => sum + Math.log(ratio), 0) / known.length);
}

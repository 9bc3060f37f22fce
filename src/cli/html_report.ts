/** A comparison as one HTML file: the sum of it, who is right where, gradients, speed, and every figure. */
import type { CompareReport, CompareRow } from '../compare/report';
import {
  agreementText,
  countsOf,
  fatesText,
  isTimed,
  lossText,
  oursDeviates,
  poolingLabel,
  ratioText,
  settingsText,
  timingText,
  verdictText,
  windowText,
} from '../compare/row_text';
import { geometricMean } from '../compare/statistics';
import { STYLE } from './html_style';
import { escape } from './html_text';
import { gradientPlot, speedPlot } from './svg_plots';

export function htmlReport(report: CompareReport): string {
  const { versions, model, host, date } = report;
  const title = model ? `Pooling in ${model}` : 'Pooling, side by side';
  const parts = [
    `<h1>${escape(title)}</h1>`,
    `<p class="soft">tfjs-im2col-pooling ${escape(versions.package)} and the pooling built into TensorFlow.js ${escape(versions.tfjsCore)} · ` +
      `${escape(host)} · <time>${escape(date.slice(0, 16).replace('T', ' '))} UTC</time></p>`,
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
  const tile = (className: string, [value, of]: readonly [string, string], label: string) =>
    `<div class="tile ${className}"><b>${value}</b>${of && ` <small>${of}</small>`}<span>${label}</span></div>`;
  const alone = all - shared;
  const speeds = (['training', 'forward'] as const).flatMap((which) => {
    const ratios = rows.filter(isTimed).flatMap(({ times }) => times?.[which]?.ratio ?? []);
    const what = `${which === 'training' ? 'training steps' : 'forward passes'}, geometric mean of ${ratios.length}`;
    if (ratios.length === 0) return [];
    return [tile('', [ratioText(geometricMean(ratios)!), ''], `the speed of the built-in in ${what}`)];
  });
  const others = alone > 0 ? `; TensorFlow.js cannot do the other&nbsp;${alone}` : '';
  return `<div class="tiles">${[
    tile(
      ours > 0 ? 'ours' : 'good',
      [String(ours), `of ${all}`],
      'comparisons in which this package breaks its contract',
    ),
    tile(builtin > 0 ? 'bad' : 'good', [String(builtin), `of ${shared}`], `in which the built-in breaks it${others}`),
    ...speeds,
  ].join('')}</div>`;
}

function matrix({ rows, backends, model }: CompareReport): string {
  const cases = [...new Set(rows.map((row) => row.case))];
  const present = backends.filter(({ missing }) => missing === null).map(({ name }) => name);
  const head =
    `<colgroup><col class="case"><col class="window"><col class="backend" span="${present.length}"></colgroup>` +
    `<tr><th scope="col">case</th><th scope="col">window / stride</th>${present.map((name) => `<th scope="col">${escape(name)}</th>`).join('')}</tr>`;
  const body = cases.flatMap((name, i) => {
    const first = rows.find((row) => row.case === name)!;
    const previous = rows.find((row) => row.case === cases[i - 1])?.pooling;
    const cells = present.map(
      (backend) => `<td>${mark(rows.find((row) => row.case === name && row.backend === backend))}</td>`,
    );
    const heading = `<tr class="kind"><th scope="rowgroup" colspan="${present.length + 2}">${poolingLabel(first)} pooling</th></tr>`;
    const line =
      `<tr><th scope="row">${escape(name)}<small>${first.shape.join('x')}<span class="about"> · ${escape(first.about)}</span></small></th>` +
      `<td class="window">${escape(windowText(first))}<small>${escape(unbroken(settingsText(first)))}</small></td>${cells.join('')}</tr>`;
    // In a model the kinds alternate; there each layer has its class beside it.
    return model !== null || first.pooling === previous ? [line] : [heading, line];
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
    `<section><h2>Who keeps the contract</h2><p class="soft">What the built-in does in each case, on each backend. Where a cell says “right”, ` +
    `both give the same numbers and gradients: maxima bit for bit, sums but for rounding. It says “ours right” where TensorFlow.js has no such pooling.</p><div class="scroll"><table class="matrix" style="--backends:${present.length};--backend:${Math.min(212, Math.floor(700 / present.length))}px">${head}${body.join('')}</table></div>` +
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
  const lines = markLines(row).map((line) => `<span>${escape(line)}</span>`);
  return `<div class="mark ${className}" title="${escape(title)}">${lines.join('')}</div>`;
}

function markLines(row: CompareRow): string[] {
  if (oursDeviates(row) || row.counterpart === null) return [verdictText(row)];
  return row.deviates === 'builtin' ? builtinSays(row) : [isRounded(row) ? 'right, rounded' : 'right'];
}

/** Whether the two are not the same numbers, but as near as rounding may put them. */
function isRounded({ values, gradient }: CompareRow): boolean {
  return values.rounding + (gradient?.rounding ?? 0) > 0;
}

/** In a few words, what is wrong with the built-in, a line for values and one for the gradient. */
function builtinSays(row: CompareRow): string[] {
  const { values, gradient } = row;
  if (values.builtinError !== undefined) return [values.builtinError.startsWith('not run') ? 'not run' : 'throws'];
  if (values.builtinShape !== undefined) return [`wrong shape ${values.builtinShape.join('x')}`];
  const parts: string[] = [];
  if (values.fromContract.builtin)
    parts.push(`values: ${unbroken(`${values.fromContract.builtin} of ${values.elements} wrong`)}`);
  if (gradient?.builtinError !== undefined) parts.push('gradient throws');
  else if (gradient?.fromContract.builtin)
    parts.push(
      `gradient: ${unbroken(fatesText(row) || `${gradient.fromContract.builtin} of ${gradient.elements} wrong`)}`,
    );
  return parts;
}

/** Lines break after commas alone. */
function unbroken(text: string): string {
  return text.replace(/(?<!,) /g, '\u00a0');
}

/** No line breaks in "3 of 8", nor in a shape. */
function withoutOrphans(text: string): string {
  return text.replace(/^\d+ of \d+|\[.*\]/, (part) => part.replace(/ /g, '\u00a0'));
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
    ['case', 'values', 'gradient', 'built-in gradient', 'verdict', 'kernel of ours']
      .map((name) => `<th scope="col">${name}</th>`)
      .join('') +
    ['forward', 'training', 'bytes kept<br>ours / built-in']
      .map((name) => `<th scope="col" class="number">${name}</th>`)
      .join('');
  const body = rows.map((row, i) => {
    const cells = [
      ...[row.values, row.gradient].map((part) => withoutOrphans(agreementText(row, part))),
      unbroken(lossText(row)),
      verdictText(row),
      row.kernels.ours.filter((name) => name.startsWith('Im2Col')).join(', ') || row.kernels.ours.join(', '),
    ];
    const kept = row.kept
      ? `${row.kept.ours.toLocaleString('en')} / ${row.kept.builtin?.toLocaleString('en') ?? '-'}`
      : '-';
    const numbers = [timingText(row, 'forward'), timingText(row, 'training'), kept];
    const kind = `${row.backend}, ${poolingLabel(row)} pooling`;
    const isNext = row.backend !== rows[i - 1]?.backend || row.pooling !== rows[i - 1]?.pooling;
    return (
      (isNext ? `<tr class="kind"><th scope="rowgroup" colspan="9">${escape(kind)}</th></tr>` : '') +
      `<tr><th scope="row">${escape(row.case)}<small>${escape(unbroken([row.shape.join('x'), windowText(row), settingsText(row)].filter(Boolean).join(', ')))}</small></th>` +
      `${cells.map((cell) => `<td>${escape(cell)}</td>`).join('')}${numbers.map((cell) => `<td class="number">${escape(cell)}</td>`).join('')}</tr>`
    );
  });
  return `<section><details><summary>Every figure</summary><div class="scroll"><table class="figures"><tr>${head}</tr>${body.join('')}</table></div></details></section>`;
}

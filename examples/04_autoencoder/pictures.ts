/** The page with digits as they are and as the autoencoders draw them: one HTML file, nothing to load. */
import { writeFile } from 'node:fs/promises';
import { type Digits, SIDE } from '../mnist/data';
import type { Decoder } from './model';

/** What one autoencoder drew: pixels from 0 to 1, digit by digit, and how far off they are on average. */
export interface Drawn {
  readonly decoder: Decoder;
  readonly error: number;
  readonly pixels: ArrayLike<number>;
}

/** So many digits are shown. */
const SHOWN = 10;
const PIXELS = SIDE * SIDE;

/** @returns the path of the page */
export async function writePictures(path: string, digits: Digits, drawn: readonly Drawn[]): Promise<string> {
  const originals = row(
    'Unseen digits',
    'as they are',
    Array.from(digits.pixels.subarray(0, SHOWN * PIXELS), (byte) => byte / 255),
  );
  const rows = drawn.map(({ decoder, error, pixels }) =>
    row(decoder, `a pixel is off by ${error.toFixed(4)} on average`, pixels),
  );
  await writeFile(
    path,
    `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Autoencoders with and without unpooling</title>
<style>${STYLE}</style>
<h1>Digits, squeezed and drawn again</h1>
<p>Both encoders squeeze a digit through two max poolings to 7x7 pixels of two channels. <code>maxUnpooling2d</code> puts each value back where the maximum of
its window stood; <code>upSampling2d</code> does not know where that was.</p>
${[originals, ...rows].join('\n')}
</html>
`,
  );
  return path;
}

function row(title: string, note: string, pixels: ArrayLike<number>): string {
  const pictures = Array.from({ length: SHOWN }, (_, i) => picture(pixels, i * PIXELS)).join('');
  return `<section><h2>${title} <small>${note}</small></h2><div>${pictures}</div></section>`;
}

function picture(pixels: ArrayLike<number>, start: number): string {
  const rects: string[] = [];
  for (let i = 0; i < PIXELS; i++) {
    const ink = pixels[start + i];
    if (ink > 0.02) {
      rects.push(
        `<rect x="${i % SIDE}" y="${Math.floor(i / SIDE)}" width="1" height="1" fill-opacity="${+ink.toFixed(2)}"/>`,
      );
    }
  }
  return `<svg viewBox="0 0 ${SIDE} ${SIDE}" role="img" aria-label="a digit" shape-rendering="crispEdges">${rects.join('')}</svg>`;
}

const STYLE = `
:root { --page: #fbfbfa; --text: #1d2126; --soft: #5c6570; --paper: #eef0f3; --ink: #1b3a66; }
@media (prefers-color-scheme: dark) { :root { --page: #14171b; --text: #e8ebef; --soft: #9aa5b1; --paper: #1f242b; --ink: #a9d0ff; } }
body { margin: 0 auto; max-width: 1060px; padding: 32px 20px 48px; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
h1 { margin: 0 0 .3em; font-size: 1.7rem; letter-spacing: -.02em; }
p { margin: 0; max-width: 80ch; color: var(--soft); }
h2 { margin: 1.6em 0 .5em; font: 600 .95rem ui-monospace, monospace; }
small { margin-left: .6em; color: var(--soft); font: .85rem system-ui, sans-serif; }
section div { display: grid; gap: 8px; grid-template-columns: repeat(10, 1fr); }
svg { display: block; width: 100%; border-radius: 6px; background: var(--paper); fill: var(--ink); }
@media (max-width: 600px) { section div { grid-template-columns: repeat(5, 1fr); } }
`;

/** Small pictures as SVG: a path for each of 16 shades, which is a tenth of the text of a rectangle for each pixel. */

const SHADES = 16;

/** Pixels from 0 (nothing) to 1 (all ink), row by row; `[left, top]` moves them. */
export function pixelPaths(pixels: ArrayLike<number>, width: number, [left, top] = [0, 0]): string {
  const shades = Array.from({ length: SHADES + 1 }, () => '');
  for (let i = 0; i < pixels.length; i++)
    shades[Math.round(pixels[i] * SHADES)] += `M${left + (i % width)} ${top + Math.floor(i / width)}h1v1h-1z`;
  return shades
    .map((path, shade) =>
      shade > 0 && path ? `<path fill-opacity="${+(shade / SHADES).toFixed(3)}" d="${path}"/>` : '',
    )
    .join('');
}

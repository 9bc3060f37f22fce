/** The forward row's matrices: the input, our output, the built-in's. */
import { type Shown, winnerOf } from './analysis';
import type { Figure } from './figure';
import { place, precise, shapeText } from './format';
import { paddingName, paddingValue } from './padding_text';
import type { Image } from './images';
import type { GridContent } from './value_grid';
import { differenceText, showFailure, verdictOf } from './verdict';

type Tone = GridContent['tone'];

/** The image, with its padding if there is a result. */
export function showInput({ height, width, values }: Image, input: Figure, shown?: Shown): void {
  input.show(
    {
      rows: height,
      columns: width,
      values,
      tone: valueTone(values),
      kind: 'value',
      ...(shown && {
        ...framed(shown, (cell) => paddingValue(shown, cell)),
        name: (cell: number) => cellName(shown, 'x', cell, values),
      }),
      summary: `Input, ${height} by ${width}; choose a cell to see its windows`,
    },
    shapeText(height, width),
  );
}

export function showForward(shown: Shown, input: Figure, ours: Figure, builtin: Figure): void {
  const { image, result, pooling } = shown;
  showInput(image, input, shown);
  const [rows, columns] = [result.outHeight, result.outWidth];
  const y = result.ours.y!;
  // A norm may be larger than all that it is made of.
  const tone = valueTone(pooling === 'lp' ? y : image.values);
  const tapOf = (index: number) => (winnerOf(result, index) === undefined ? '' : `, tap ${result.argmax![index]}`);
  ours.show(
    {
      rows,
      columns,
      values: y,
      tone,
      kind: 'value',
      name: (index) => `y${place(index, columns)}: ${precise(y[index])}${tapOf(index)}`,
      summary: `Output of ours, ${rows} by ${columns}; choose a cell to see its window`,
    },
    shapeText(rows, columns),
  );
  showBuiltin(shown, builtin, tone);
}

export function showUnpooled(shown: Shown, target: Figure): void {
  const { image } = shown;
  const { unpooled: values } = shown.result;
  if (!values) return;
  const { height: rows, width: columns } = image;
  target.show(
    {
      rows,
      columns,
      values,
      tone: valueTone(values),
      kind: 'value',
      ...framed(shown, () => ''),
      name: (cell) => cellName(shown, 'unpooled x', cell, values),
      summary: `Unpooled, ${rows} by ${columns}`,
    },
    shapeText(rows, columns),
  );
}

function showBuiltin({ result, analysis }: Shown, builtin: Figure, tone: Tone): void {
  const { y, shape, failure } = result.builtin;
  if (failure) {
    showFailure(builtin, failure);
    return;
  }
  const [, rows, columns] = shape!;
  const differing = analysis.yDiffers.size;
  const isReshaped = rows !== result.outHeight || columns !== result.outWidth;
  builtin.show(
    {
      rows,
      columns,
      values: y!,
      tone,
      kind: 'value',
      marks: (index) => (analysis.yDiffers.has(index) ? 'differs' : ''),
      name: (index) => `y${place(index, columns)}: ${precise(y![index])}${differs(analysis.yDiffers, index)}`,
      summary: `Output of the built-in, ${rows} by ${columns}; ${isReshaped ? 'the wrong shape' : differenceText(differing, y!.length)}`,
    },
    shapeText(rows, columns),
  );
  if (isReshaped) builtin.verdict('wrong shape', 'bad');
  else verdictOf(builtin, differing, y!.length, analysis.isRounded.y);
}

/** The padding around what has the image's shape. */
export function framed({ result }: Shown, text: (cell: number) => string): Pick<GridContent, 'frame'> {
  return { frame: { sides: result.frame, text } };
}

/** What a screen reader says of a cell of a matrix of the image's shape. */
export function cellName(shown: Shown, name: string, cell: number, values: ArrayLike<number>): string {
  const { image } = shown;
  if (cell >= values.length) return `padding ${paddingName(shown, cell)}`;
  return `${name}${place(cell, image.width)}: ${precise(values[cell])}`;
}

export const differs = (differing: ReadonlySet<number>, index: number) =>
  differing.has(index) ? ', differs from ours' : '';

/** From the smallest finite value, dark, to the largest, bright. */
export function valueTone(values: ArrayLike<number>): Tone {
  const finite = Array.from(values).filter(Number.isFinite);
  const low = Math.min(...finite);
  const range = Math.max(...finite) - low;
  return (value) => {
    if (!Number.isFinite(value)) return value > 0 ? 1 : 0;
    // All the same: an empty drawing is dark, as its paper will be.
    return range > 0 ? Math.min(1, Math.max(0, (value - low) / range)) : value === 0 ? 0 : 0.3;
  };
}

/** The forward row's matrices: the input, our output, the built-in's. */
import { type Shown, winnerOf } from './analysis';
import type { Figure } from './figure';
import { place, precise, shapeText } from './format';
import type { Image } from './images';
import type { GridContent } from './value_grid';
import { differenceText, showFailure, verdictOf } from './verdict';

type Tone = GridContent['tone'];

export function showInput({ height, width, values }: Image, input: Figure): void {
  input.show(
    {
      rows: height,
      columns: width,
      values,
      tone: valueTone(values),
      kind: 'value',
      summary: `Input, ${height} by ${width}`,
    },
    shapeText(height, width),
  );
}

export function showForward(shown: Shown, input: Figure, ours: Figure, builtin: Figure): void {
  const { image, result, pooling } = shown;
  showInput(image, input);
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
      name: (index) => `${place(index, columns)}: ${precise(y[index])}${tapOf(index)}`,
      summary: `Output of ours, ${rows} by ${columns}; choose a cell to see its window`,
    },
    shapeText(rows, columns),
  );
  showBuiltin(shown, builtin, tone);
}

export function showUnpooled({ image, result }: Shown, target: Figure): void {
  const { unpooled: values } = result;
  if (!values) return;
  const { height: rows, width: columns } = image;
  const summary = `Unpooled, ${rows} by ${columns}`;
  target.show({ rows, columns, values, tone: valueTone(values), kind: 'value', summary }, shapeText(rows, columns));
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
      summary: `Output of the built-in, ${rows} by ${columns}; ${isReshaped ? 'the wrong shape' : differenceText(differing, y!.length)}`,
    },
    shapeText(rows, columns),
  );
  if (isReshaped) builtin.verdict('wrong shape', 'bad');
  else verdictOf(builtin, differing, y!.length, analysis.isRounded.y);
}

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

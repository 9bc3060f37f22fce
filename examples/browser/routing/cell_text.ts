/** A cell in words: what it holds, its windows, who won them, where its gradient came from, and what the built-in made of it. */
import type { Shown } from './analysis';
import { builtinGradientText, builtinValueText } from './builtin_text';
import { type Cell, isInputCell } from './cell';
import { inputText, unpooledText } from './input_text';
import { sentText, valueText } from './output_text';
import { paddingText } from './padding_text';

export function cellText(shown: Shown, cell: Cell): string {
  const { grid, index } = cell;
  if (isInputCell(cell) && index >= shown.image.values.length) return paddingText(shown, index);
  switch (grid) {
    case 'x':
    case 'dx':
      return inputText(shown, index);
    case 'dx-builtin':
      return builtinGradientText(shown, index);
    case 'unpooled':
      return unpooledText(shown, index);
    case 'y':
      return valueText(shown, index);
    case 'dy':
      return sentText(shown, index);
    case 'y-builtin':
      return builtinValueText(shown, index);
  }
}

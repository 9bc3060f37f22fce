/** The code blocks of the documents and the `@example`s of src: where each stands, its language, its text. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, filesIn } from '../package/packed';

export interface Block {
  /** The file, and the line on which the code begins. */
  readonly file: string;
  readonly line: number;
  readonly language: string;
  readonly code: string;
  /** The heading that it stands under, in a document; what it documents, in src. */
  readonly title: string;
}

/** The Markdown files that readers get: the README in both languages, those of folders, and the guides. */
export const DOCUMENTS: readonly string[] = [
  'README.md',
  'README.ja.md',
  ...['examples', 'src', 'test']
    .flatMap(filesIn)
    .filter((file) => /(^|\/)README\.md$|^src\/guides\/.*\.md$/.test(file)),
];

/** Every fenced block of a document. */
export function documentBlocks(file: string): Block[] {
  return fencedBlocks(file, readFileSync(join(ROOT, file), 'utf8').split('\n'), /^#+ (.*)/);
}

/** Every fenced block of a docstring, outside of WebAssembly's own sources. */
export function sourceBlocks(): Block[] {
  const files = filesIn('src').filter((file) => file.endsWith('.ts') && !file.endsWith('.as.ts'));
  return files.flatMap((file) => {
    const lines = readFileSync(join(ROOT, file), 'utf8')
      .split('\n')
      .map((line) => line.replace(/^\s*\* ?/, ''));
    const blocks = fencedBlocks(file, lines, /^$^/);
    return blocks.map((block) => ({ ...block, title: nextName(lines, block.line) }));
  });
}

/** `@example`s that are not fenced would be run by nobody. */
export function unfencedExamples(): string[] {
  const files = filesIn('src').filter((file) => file.endsWith('.ts'));
  return files.flatMap((file) => {
    const lines = readFileSync(join(ROOT, file), 'utf8').split('\n');
    return lines.flatMap((line, i) =>
      /^\s*\* @example/.test(line) && !/^\s*\* ```\w/.test(lines[i + 1]) ? [`${file}:${i + 1}`] : [],
    );
  });
}

function fencedBlocks(file: string, lines: string[], heading: RegExp): Block[] {
  const blocks: Block[] = [];
  let open: { line: number; language: string } | undefined;
  let title = '';
  lines.forEach((text, i) => {
    const fence = /^\s*```(\w*)/.exec(text);
    if (fence && open) {
      blocks.push({ file, ...open, code: lines.slice(open.line - 1, i).join('\n'), title });
      open = undefined;
    } else if (fence) {
      open = { line: i + 2, language: fence[1] };
    } else if (!open) {
      title = heading.exec(text)?.[1] ?? title;
    }
  });
  if (open) throw new Error(`${file}:${open.line}: expected the code block to end; got the end of the file.`);
  return blocks;
}

/** The name declared after a docstring. */
function nextName(lines: string[], from: number): string {
  const end = lines.findIndex((line, i) => i >= from && /^\/\s*$|\*\/\s*$/.test(line));
  const declaration = lines.slice(end + 1).find((line) => /\b(function|const|class|interface|type)\b/.test(line));
  return /\b(?:function|const|class|interface|type) (\w+)/.exec(declaration ?? '')?.[1] ?? '(the file)';
}

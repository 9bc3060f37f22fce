/**
 * Runs one block of JavaScript or TypeScript in Node: imports of this package get its sources, tfjs-node is the one
 * that was built for the tests. What a comment behind `print()` or `console.log` says is printed must be.
 */
import * as tf from '@tensorflow/tfjs';
import ts from 'typescript';
import * as compare from '../../src/compare/index';
import * as convert from '../../src/convert/index';
import * as pooling from '../../src/index';
import * as keras from '../../src/keras/index';
import * as training from '../../src/training/index';
import type { Block } from './blocks';

type Run = (require: (name: string) => unknown, exports: object, ...values: unknown[]) => Promise<void>;

/** A comment of numbers alone: `4, 3`, `[null, 12, 12, 8]`, `Int32Array [3]`. Any other is for the reader. */
const NUMBERS = /^(?:\w+Array )?[[\]\d\s,.eE+-]*(?:null|NaN|Infinity|[[\]\d\s,.eE+-])*$/;

/**
 * Runs a block. One of src does not import what it documents, nor `tf`: `provided` says so.
 *
 * @returns how many comments were compared with what was printed
 */
export async function runBlock(block: Block, provided: boolean): Promise<number> {
  const names = provided ? { tf, ...pooling, ...convert, ...compare, ...training, ...keras } : {};
  const printed: string[] = [];
  let checked = 0;
  const check = (line: number, from: number, comment: string) => {
    const actual = printed.slice(from).join('\n');
    checked++;
    if (tokens(actual).join() !== tokens(comment).join()) {
      throw new Error(`${block.file}:${line}: expected "${comment}" to be printed; got "${actual}".`);
    }
  };
  const log = jest.spyOn(console, 'log').mockImplementation((...parts) => {
    printed.push(parts.map(text).join(' '));
  });
  await tf.setBackend('cpu');
  try {
    // A block of its own: it may declare names that are provided.
    const run = (0, eval)(`(async function (require, exports, printed__, check__, ${Object.keys(names).join(', ')}) { {
${toCommonJs(block)}\n} })`) as Run;
    await run(requireForDocs, {}, printed, check, ...Object.values(names));
  } finally {
    log.mockRestore();
  }
  return checked;
}

/** Packages of the project by their names; this package by its sources. */
function requireForDocs(name: string): unknown {
  if (name === 'tfjs-im2col-pooling' || name === 'tfjs-im2col-pooling/base') return pooling;
  if (name === 'tfjs-im2col-pooling/convert') return convert;
  if (name === 'tfjs-im2col-pooling/training') return training;
  if (name === 'tfjs-im2col-pooling/compare') return compare;
  if (name === 'tfjs-im2col-pooling/keras') return keras;
  if (name.startsWith('tfjs-im2col-pooling/backends/'))
    return require(`../../src/${name.split('/').slice(1).join('/')}`);
  if (name === '@tensorflow/tfjs-node') return require(process.env.TEST_TFJS_NODE!);
  return require(name);
}

/** TypeScript's compiler keeps the lines; the comments are turned into checks before. */
function toCommonJs({ code, line, file }: Block): string {
  const checked = code
    .split('\n')
    .map((text, i) => {
      const [, statement, comment] =
        /^(.*(?:\.print\(\)|console\.log\(.*\)|^\s*await .*));\s*\/\/ (.+)$/.exec(text) ?? [];
      if (comment === undefined || !NUMBERS.test(comment)) return text;
      const body = statement.trimStart().startsWith('await ') ? `console.log(${statement})` : statement;
      return `{ const from__ = printed__.length; ${body}; check__(${line + i}, from__, ${JSON.stringify(comment)}); }`;
    })
    .join('\n');
  const { outputText, diagnostics = [] } = ts.transpileModule(checked, {
    reportDiagnostics: true,
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.CommonJS,
      esModuleInterop: true,
      isolatedModules: true,
    },
  });
  const first = diagnostics[0];
  if (first) throw new Error(`${file}:${line}: ${ts.flattenDiagnosticMessageText(first.messageText, ' ')}`);
  return outputText;
}

function text(value: unknown): string {
  if (typeof value === 'string') return value;
  return Array.isArray(value) || ArrayBuffer.isView(value)
    ? JSON.stringify(Array.from(value as ArrayLike<unknown>))
    : String(value);
}

/** The numbers in a text, in order; shapes and brackets are for the eye. */
function tokens(from: string): string[] {
  return (
    from
      .replace(/\w+Array/g, '')
      .match(/-?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|Infinity)|NaN|null/g)
      ?.map((token) => String(token === 'null' ? null : Number(token))) ?? []
  );
}

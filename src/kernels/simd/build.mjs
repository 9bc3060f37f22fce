/**
 * Compiles the modules (AssemblyScript) and embeds each in a TypeScript file.
 *
 *   node src/kernels/simd/build.mjs                  writes the files
 *   node src/kernels/simd/build.mjs --print TARGET   prints what it would write to that one
 */
import asc from 'assemblyscript/asc';
import { readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = dirname(fileURLToPath(import.meta.url));
const SRC = join(HERE, '..', '..');
/** Sources and what is made of them, in src. */
const MODULES = [
  { source: 'kernels/simd/pool.as.ts', target: 'kernels/simd/module_bytes.ts' },
  { source: 'training/simd/training.as.ts', target: 'training/simd/module_bytes.ts' },
];
const OPTIONS = [
  '-O3s',
  '--converge',
  '--runtime',
  'stub',
  '--enable',
  'simd,threads',
  // The memory is the caller's, shared or not (module.ts clears the flag): 4 GiB at most, as tfjs has it.
  '--importMemory',
  '--noExportMemory',
  '--sharedMemory',
  '--initialMemory',
  '0',
  '--maximumMemory',
  '65536',
];

/** As module_text.ts has them. The shift makes the commonest bytes one character long. */
const SHIFT = 3;
const FIRST = 40;
const LETTERS = 86;
const BACKSLASH = 92;
const PREFIXES = ['!', '#'];

async function compile(source) {
  let wasm;
  const { error, stderr } = await asc.main([source, '--baseDir', SRC, '--outFile', 'module.wasm', ...OPTIONS], {
    readFile: (name, baseDir) => readFile(join(baseDir, name), 'utf8').catch(() => null),
    writeFile: (_name, bytes) => {
      wasm = bytes;
    },
    listFiles: () => [],
  });
  if (error || !wasm) throw new Error(`asc ${source}: ${error}\n${stderr}`);
  return withoutSections(wasm, 0);
}

/** Leaves out the custom sections (id 0): names and build paths are nobody's business at run time. */
function withoutSections(wasm, unwanted) {
  const kept = [...sections(wasm)].filter(({ id }) => id !== unwanted);
  return Uint8Array.from(
    Buffer.concat([wasm.subarray(0, 8), ...kept.map(({ start, end }) => wasm.subarray(start, end))]),
  );
}

/** Where the flags of the imported memory's limits are. */
function sharedFlagOffset(wasm) {
  const { body } = [...sections(wasm)].find(({ id }) => id === 2);
  let at = body;
  const number = () => {
    const [value, next] = leb(wasm, at);
    at = next;
    return value;
  };
  if (number() !== 1) throw new Error('the module imports more than its memory');
  for (let name = 0; name < 2; name++) {
    const length = number();
    at += length;
  }
  if (wasm[at] !== 2 || wasm[at + 1] !== 3)
    throw new Error('the module does not import a shared memory with a maximum');
  return at + 1;
}

function* sections(wasm) {
  for (let start = 8; start < wasm.length;) {
    const [size, body] = leb(wasm, start + 1);
    yield { id: wasm[start], start, body, end: body + size };
    start = body + size;
  }
}

function leb(bytes, at) {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++];
    value |= (byte & 127) << shift;
    if (byte < 128) return [value, at];
  }
}

/** The bytes as module_text.ts reads them. */
function moduleText(wasm) {
  return Array.from(wasm, (byte) => {
    const value = (byte + SHIFT) & 255;
    const code = FIRST + (value % LETTERS);
    return ['', ...PREFIXES][Math.floor(value / LETTERS)] + String.fromCharCode(code < BACKSLASH ? code : code + 1);
  }).join('');
}

/** The TypeScript file of a module. */
async function embed(source) {
  const wasm = await compile(source);
  const builder = relative(join(SRC, '..'), fileURLToPath(import.meta.url));
  return `/** Made by ${builder} from ${basename(source)}. Not to be edited. */

/** Where the module's bytes say that its memory is shared: bit 1 of this byte. */
export const SHARED_FLAG_OFFSET = ${sharedFlagOffset(wasm)};

/** ${wasm.length} bytes of WebAssembly, as module_text.ts reads them. */
export const MODULE_TEXT =
${moduleText(wasm)
  .match(/.{1,220}/g)
  .map((line) => `  '${line}'`)
  .join(' +\n')};
`;
}

const [flag, printed] = process.argv.slice(2);
if (flag === '--print') process.stdout.write(await embed(MODULES.find(({ target }) => target === printed).source));
else for (const { source, target } of MODULES) await writeFile(join(SRC, target), await embed(source));

/** Writing a folder is all or nothing: modes, mount points, closed parents, full disks, links, kills. */
import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type FileToWrite, writeFolder } from '../../src/cli/write_folder';

const SOURCE = join(__dirname, '..', '..', 'src', 'cli', 'write_folder.ts');
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'im2col-write-'));
  chmodSync(root, 0o755);
  write('in/one.bin', 'one');
  write('in/two.bin', 'two');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const at = (...path: string[]) => join(root, ...path);
function write(path: string, text: string): void {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), text);
}

/** The files of a model, as convert writes them. */
const FILES = (): FileToWrite[] => [
  { path: 'weights/one.bin', from: { file: at('in/one.bin') } },
  { path: 'two.bin', from: { file: at('in/two.bin') } },
  { path: 'model.json', from: { text: 'the model' } },
];

/** Everything below a folder: paths, and the texts of files. */
function tree(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return Object.fromEntries(
    entries.map((path) => {
      const found = lstatSync(join(folder, path));
      return [path, found.isFile() ? readFileSync(join(folder, path), 'utf8') : found.isDirectory() ? '/' : '->'];
    }),
  );
}
const WHOLE = { 'model.json': 'the model', 'two.bin': 'two', weights: '/', 'weights/one.bin': 'one' };
const OLD = { 'model.json': 'old model', 'two.bin': 'old two', weights: '/', 'weights/one.bin': 'old one' };
function makeOld(): void {
  for (const [path, text] of Object.entries(OLD)) if (text !== '/') write(`out/${path}`, text);
}

/** A program around writeFolder in a process of its own, which it may kill. */
const program = (body: string) => `
  const fs = require('node:fs');
  const { writeFolder } = require(${JSON.stringify(SOURCE)});
  const files = ${JSON.stringify(FILES())};
  ${body}`;
const NODE_TS = ['-r', 'tsx/cjs', '-e'];
const run = (body: string) =>
  spawnSync(process.execPath, [...NODE_TS, program(body)], { cwd: join(__dirname, '..', '..'), encoding: 'utf8' });

test.each([0o022, 0o077, 0o002])('modes are those of new files, umask %o', async (mask) => {
  chmodSync(at('in/one.bin'), 0o400);
  const before = process.umask(mask);
  try {
    await writeFolder(at('new/parents/out'), FILES(), false);
    mkdirSync(at('there'));
    await writeFolder(at('there'), FILES(), false);
  } finally {
    process.umask(before);
  }
  const mode = (path: string) => statSync(at(path)).mode & 0o777;
  for (const folder of ['new', 'new/parents', 'new/parents/out', 'new/parents/out/weights', 'there/weights'])
    expect([folder, mode(folder)]).toEqual([folder, 0o777 & ~mask]);
  for (const file of ['new/parents/out/model.json', 'new/parents/out/weights/one.bin', 'there/weights/one.bin'])
    expect([file, mode(file)]).toEqual([file, 0o666 & ~mask]);
});

test('a folder below one that is closed: all is done inside it', async () => {
  mkdirSync(at('closed/out'), { recursive: true });
  chmodSync(at('closed/out'), 0o777);
  chmodSync(at('closed'), 0o555);
  await asNobody(async () => {
    await writeFolder(at('closed/out'), FILES(), false);
    await expect(writeFolder(at('closed/new'), FILES(), false)).rejects.toThrow(
      /closed\/new: this cannot be written \(permission denied\)$/,
    );
  });
  expect(tree(at('closed'))).toMatchObject({ out: '/', 'out/weights/one.bin': 'one' });
  expect(readdirSync(at('closed'))).toEqual(['out']);
  expect(tree(at('closed/out'))).toEqual(WHOLE);
});

/** Root may write anywhere; nobody may not. */
async function asNobody(run: () => Promise<void>): Promise<void> {
  const isRoot = process.getuid!() === 0;
  if (isRoot) process.seteuid!(65534);
  try {
    await run();
  } finally {
    if (isRoot) process.seteuid!(0);
  }
}

test('an empty mount point, and a disk that is full', async () => {
  mkdirSync(at('disk'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', at('disk')], { encoding: 'utf8' });
  // Elsewhere than in a container with this right, the next tests hold the same without a mount.
  if (mounted.status !== 0) return expect(`${mounted.stderr}${mounted.error}`).toMatch(/permi|superuser|ENOENT/);
  try {
    await writeFolder(at('disk'), FILES(), false);
    expect(tree(at('disk'))).toEqual(WHOLE);
    writeFileSync(at('in/two.bin'), Buffer.alloc(100_000));
    await expect(writeFolder(at('disk'), FILES(), true)).rejects.toThrow(
      /disk: this cannot be written \(no space is left on the disk\)$/,
    );
    expect(tree(at('disk'))).toEqual(WHOLE);
    await expect(writeFolder(at('disk/deep/er'), FILES(), false)).rejects.toThrow(/no space is left/);
    expect(tree(at('disk'))).toEqual(WHOLE);
  } finally {
    spawnSync('umount', [at('disk')]);
  }
});

test('a file system that ends midway, as a full one does', () => {
  makeOld();
  writeFileSync(at('in/two.bin'), Buffer.alloc(100_000));
  const body = `
    process.on('SIGXFSZ', () => {});
    writeFolder(${JSON.stringify(at('out'))}, files, true).catch((error) => console.log(error.message));`;
  const { stdout, stderr } = spawnSync(
    'sh',
    ['-c', 'ulimit -f 8; exec "$@"', 'sh', process.execPath, ...NODE_TS, program(body)],
    { cwd: join(__dirname, '..', '..'), encoding: 'utf8' },
  );
  expect([stdout, stderr]).toEqual([
    `${at('out')}: this cannot be written (the file is larger than the system allows)\n`,
    '',
  ]);
  expect(tree(at('out'))).toEqual(OLD);
});

test('folders of another file system inside the folder: nothing can be renamed there', () => {
  makeOld();
  const { stdout } = run(`
    const rename = fs.renameSync;
    let refused = 0;
    fs.renameSync = (from, to) => {
      if (/[.]partial-.*(new|old)\\/weights/.test(from)) {
        refused += 1;
        throw Object.assign(new Error('EXDEV'), { code: 'EXDEV' });
      }
      rename(from, to);
    };
    writeFolder(${JSON.stringify(at('out'))}, files, true).then(() => console.log(refused));`);
  expect(stdout).toBe('1\n');
  expect(tree(at('out'))).toEqual(WHOLE);
});

test.each([1, 2, 3])('a move that fails, number %d: what was moved is put back', (number) => {
  makeOld();
  rmSync(at('out/weights'), { recursive: true });
  const before = tree(at('out'));
  const { stdout } = run(`
    const rename = fs.renameSync;
    let moves = 0;
    fs.renameSync = (from, to) => {
      if (/partial-.*new/.test(from) && ++moves === ${number}) throw Object.assign(new Error('busy'), { code: 'EBUSY' });
      rename(from, to);
    };
    writeFolder(${JSON.stringify(at('out'))}, files, true).catch((error) => console.log(error.message));`);
  expect(stdout).toBe(`${at('out')}: this cannot be written (the system is using it)\n`);
  expect(tree(at('out'))).toEqual(before);
});

test('with force: one target is a folder, or lies behind a link; nothing changes', async () => {
  makeOld();
  rmSync(at('out/model.json'));
  mkdirSync(at('out/model.json'));
  const before = tree(at('out'));
  await expect(writeFolder(at('out'), FILES(), true)).rejects.toThrow(
    /out\/model\.json: this is a folder, where a file has to be written$/,
  );
  expect(tree(at('out'))).toEqual(before);
  rmSync(at('out'), { recursive: true });
  mkdirSync(at('out'));
  mkdirSync(at('elsewhere'));
  symlinkSync(at('elsewhere'), at('out/weights'));
  await expect(writeFolder(at('out'), FILES(), true)).rejects.toThrow(
    /out\/weights\/one\.bin: a link on the way leads out of the folder$/,
  );
  expect([tree(at('out')), tree(at('elsewhere'))]).toEqual([{ weights: '->' }, {}]);
});

test('a link in the place of a file is replaced, not followed', async () => {
  mkdirSync(at('out'));
  write('mine.json', 'mine');
  symlinkSync(at('mine.json'), at('out/model.json'));
  await expect(writeFolder(at('out'), FILES(), false)).rejects.toThrow(/model\.json: this file is there already/);
  await writeFolder(at('out'), FILES(), true);
  expect([tree(at('out')), readFileSync(at('mine.json'), 'utf8')]).toEqual([WHOLE, 'mine']);
});

test.each([
  ['a new folder', false],
  ['a folder that is there', true],
])('killed while it copies, %s: the next run removes what is left', async (_, isThere) => {
  if (isThere) makeOld();
  spawnSync('mkfifo', [at('in/pipe')]);
  // To read from a pipe that nobody writes to takes for ever.
  const child = spawn(process.execPath, [
    ...NODE_TS,
    program(`files[1].from.file = ${JSON.stringify(at('in/pipe'))};
      writeFolder(${JSON.stringify(at('out'))}, files, true);`),
  ]);
  const parent = isThere ? at('out') : root;
  const left = () => readdirSync(parent).filter((name) => name.startsWith('.out.partial-'));
  while (left().length === 0 || !existsSync(join(parent, left()[0], 'new', 'weights', 'one.bin'))) {
    expect(child.exitCode).toBeNull();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  // While it lives, its folder is its own.
  await writeFolder(at('out'), FILES(), true);
  expect(left().length).toBe(1);
  const ended = new Promise((resolve) => child.on('exit', resolve));
  child.kill('SIGKILL');
  await ended;
  if (!isThere) rmSync(at('out'), { recursive: true });
  await writeFolder(at('out'), FILES(), true);
  expect(left()).toEqual([]);
  expect(tree(at('out'))).toEqual(WHOLE);
});

test.each([1, 2])('killed between moves, after %d: the next run puts back what was there', async (number) => {
  makeOld();
  rmSync(at('out/two.bin'));
  const before = tree(at('out'));
  run(`
    const rename = fs.renameSync;
    let moves = 0;
    fs.renameSync = (from, to) => {
      rename(from, to);
      if (/partial-.*new/.test(from) && ++moves === ${number}) process.kill(process.pid, 'SIGKILL');
    };
    writeFolder(${JSON.stringify(at('out'))}, files, true);`);
  expect(readFileSync(at('out/weights/one.bin'), 'utf8')).toBe('one');
  await expect(writeFolder(at('out'), FILES(), false)).rejects.toThrow(/this file is there already/);
  expect(tree(at('out'))).toEqual(before);
});

test('only folders of this command are removed: by name, owner and a process that is gone', async () => {
  const gone = spawnSync('true').pid;
  const owner = JSON.stringify({ tool: 'tfjs-im2col-pooling', host: hostname() });
  const left = {
    [`.out.partial-${gone}-00000001`]: owner,
    [`.out.partial-${gone}-00000002`]: JSON.stringify({ tool: 'another', host: hostname() }),
    [`.out.partial-${gone}-00000003`]: JSON.stringify({ tool: 'tfjs-im2col-pooling', host: 'another.host' }),
    [`.other.partial-${gone}-00000004`]: owner,
    [`.out.partial-${process.ppid}-00000005`]: owner,
    '.out.partial-mine': owner,
  };
  for (const [name, text] of Object.entries(left)) write(`${name}/owner.json`, text);
  mkdirSync(at('real'));
  write('real/owner.json', owner);
  symlinkSync(at('real'), at(`.out.partial-${gone}-00000006`));
  await writeFolder(at('out'), FILES(), false);
  const names = readdirSync(root).filter((name) => name.includes('partial'));
  expect(names.sort()).toEqual([...Object.keys(left).slice(1), `.out.partial-${gone}-00000006`].sort());
  expect(existsSync(at('real/owner.json'))).toBe(true);
});

test('a list of moves that leads out of the folder is not followed', async () => {
  const gone = spawnSync('true').pid;
  const partial = at(`out/.out.partial-${gone}-00000001`);
  write('precious.txt', 'mine');
  makeOld();
  mkdirSync(join(partial, 'new'), { recursive: true });
  writeFileSync(join(partial, 'new', 'left'), '');
  writeFileSync(join(partial, 'owner.json'), JSON.stringify({ tool: 'tfjs-im2col-pooling', host: hostname() }));
  const moves = ['../precious.txt', at('precious.txt'), 'left'].map((path) => ({ path, replaces: false }));
  writeFileSync(join(partial, 'moves.json'), JSON.stringify(moves));
  await writeFolder(at('out'), FILES(), true);
  expect([readFileSync(at('precious.txt'), 'utf8'), tree(at('out'))]).toEqual(['mine', WHOLE]);
});

test('a name in the way appears while the files are copied: nothing of it is lost', () => {
  const { stdout } = run(`
    const make = fs.mkdirSync;
    const out = ${JSON.stringify(at('out'))};
    fs.mkdirSync = (path, options) => {
      make(path, options);
      if (/partial-[^/]*$/.test(path)) { make(out); fs.writeFileSync(out + '/theirs', 'theirs'); }
    };
    writeFolder(out, files, false).catch((error) => console.log(error.message));`);
  expect(stdout).toMatch(/out: this cannot be written \(.*\)\n$/);
  expect(tree(root)).toMatchObject({ out: '/', 'out/theirs': 'theirs' });
  expect(Object.keys(tree(root)).filter((path) => path.includes('partial'))).toEqual([]);
});

test('interrupted: nothing is left', async () => {
  const child = spawn(process.execPath, [
    ...NODE_TS,
    program(`fs.createReadStream = () => new (require('node:stream').Readable)({ read() {} });
      setInterval(() => {}, 1000);
      writeFolder(${JSON.stringify(at('deep/er/out'))}, files, true);`),
  ]);
  const ended = new Promise((resolve) => child.on('exit', resolve));
  while (!Object.keys(tree(root)).some((path) => path.endsWith('one.bin') && path.includes('partial'))) {
    expect(child.exitCode).toBeNull();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  child.kill('SIGTERM');
  expect(await ended).toBe(130);
  expect(readdirSync(root)).toEqual(['in']);
});

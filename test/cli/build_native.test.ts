/** `build-native` in a user's project: what it compiles is what is shipped, where the compiler is the same; and what it says without one. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../package/packed';
import { type Project, makeProject } from './project';

const SHIPPED = join(ROOT, 'src', 'kernels', 'native');
const RECORD = join(SHIPPED, 'prebuilt', 'linux-x64.json');
const FILE = `node_modules/tfjs-im2col-pooling/src/kernels/native/prebuilt/${process.platform}-${process.arch}.node`;

/** The compiler and linker of this machine, as build.mjs names them. */
function tools(): string {
  const program = `import { toolsNamed } from ${JSON.stringify(join(SHIPPED, 'build.mjs'))}; console.log(toolsNamed());`;
  try {
    return execFileSync(process.execPath, ['--input-type=module', '-e', program], {
      encoding: 'utf8',
      stdio: 'pipe',
    }).trim();
  } catch {
    return 'no C compiler';
  }
}

let project: Project;
beforeAll(() => {
  project = makeProject();
});
afterAll(() => project?.remove());

/** What the command says with this compiler, which must not leave a file behind. */
function complaint(compiler: string): string {
  const { status, stdout, stderr } = project.command(['build-native'], { CC: compiler });
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(existsSync(join(project.folder, `${FILE}.partial`))).toBe(false);
  return stderr;
}

/** A compiler that says its version, and then does what `script` says. */
function compilerThat(script: string): string {
  const file = join(project.folder, 'cc.sh');
  writeFileSync(file, `#!/bin/sh\n[ "$1" = --version ] && exit 0\n${script}\n`, { mode: 0o755 });
  return file;
}

const isUnix = ['linux', 'darwin'].includes(process.platform);
const ADVICE = process.platform === 'darwin' ? "Install Apple's command line tools" : 'Install gcc or clang';

(isUnix ? describe : describe.skip)('it says what is wrong where', () => {
  test('there is no compiler', () => {
    expect(complaint('no-such-compiler')).toMatch(
      `error: build-native: expected a C compiler: 'no-such-compiler' is not installed. ${ADVICE}`,
    );
  });

  test('the compiler cannot start, as a Mac without command line tools has one', () => {
    const stub = compilerThat('');
    writeFileSync(stub, '#!/bin/sh\necho "No developer tools were found." >&2; exit 1\n');
    expect(complaint(stub)).toMatch(
      `expected a C compiler: '${stub}' failed: No developer tools were found. ${ADVICE}`,
    );
  });

  test("the C library's headers are missing", () => {
    const stub = compilerThat('echo "k.c:1:10: fatal error: stdlib.h: No such file or directory" >&2; exit 1');
    expect(complaint(stub)).toMatch(`stdlib.h: No such file or directory\n${ADVICE}`);
  });

  test('the compiler complains at length', () => {
    const stub = compilerThat('echo "error: all wrong" >&2; yes | head -2000 >&2; exit 1');
    expect(complaint(stub)).toMatch(/^error: build-native: '.*cc.sh' failed: error: all wrong\n[y\n]* \.\.\.\n$/);
  });

  test('the compiler makes programs for another system', () => {
    const stub = compilerThat('while [ $# -gt 1 ]; do [ "$1" = -o ] && echo nothing > "$2"; shift; done');
    expect(complaint(`${stub} -O1`)).toMatch(
      `the compiled module does not load in this Node (${process.platform} ${process.arch}): `,
    );
  });

  test('macOS, seen from here: a bundle with a UUID, and the advice is for Macs', () => {
    const macOs = join(project.folder, 'macos.cjs');
    writeFileSync(macOs, "Object.defineProperty(process, 'platform', { value: 'darwin' });");
    const env = { NODE_OPTIONS: `--require ${macOs}` };
    const log = join(project.folder, 'flags');
    const stub = compilerThat(`echo "$@" >> '${log}'`);
    expect(project.command(['build-native'], { ...env, CC: stub }).stderr).toMatch(
      'does not load in this Node (darwin',
    );
    const linked = readFileSync(log, 'utf8').trim().split('\n').at(-1);
    expect(linked).toMatch(
      /^-bundle -undefined dynamic_lookup -o \S+darwin-\S+\.node\.partial( \S+\.o)+ -lpthread -ldl$/,
    );
    expect(project.command(['build-native'], { ...env, CC: 'no-such-compiler' }).stderr).toMatch(
      'xcode-select --install',
    );
  });

  test('the folder cannot be written', () => {
    const obstacle = join(project.folder, `${FILE}.partial`);
    mkdirSync(obstacle);
    const { status, stderr } = project.command(['build-native']);
    rmSync(obstacle, { recursive: true });
    expect(status).toBe(2);
    expect(stderr).toMatch(`.partial: this is a folder\n`);
  });
});

const here = tools();
const canBuild = here !== 'no C compiler' && isUnix;
(canBuild ? test : test.skip)(
  `it compiles${canBuild ? '' : `: NOT AVAILABLE (${here})`}, the same bytes with the same compiler`,
  () => {
    const file = join(project.folder, FILE);
    rmSync(file, { force: true });
    const { status, stdout, stderr } = project.command(['build-native']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(new RegExp(`^${FILE}: native kernels for \\w+, \\d+ threads here\\n$`));
    const { tools: recorded } = JSON.parse(readFileSync(RECORD, 'utf8')) as { tools: string };
    const isSame = readFileSync(file).equals(readFileSync(join(SHIPPED, 'prebuilt', 'linux-x64.node')));
    if (here === recorded) expect(isSame).toBe(true);
    else process.stdout.write(`native module: made by ${here}, shipped one by ${recorded}; not compared\n`);
  },
);

/** `build-native` in a user's project: what it compiles is what is shipped, where the compiler is the same; and what it says without one. */
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
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

test('without a compiler it says what is missing', () => {
  const { status, stdout, stderr } = project.command(['build-native'], { CC: 'no-such-compiler' });
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toBe(
    "error: build-native: expected a C compiler: 'no-such-compiler' is not installed. " +
      "Install gcc or clang, or set CC to the compiler's name.\n",
  );
});

const here = tools();
const canBuild = here !== 'no C compiler' && ['linux', 'darwin'].includes(process.platform);
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

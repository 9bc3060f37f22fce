// Makes reachable for the tests what is no plain npm dependency: tfjs-node, a Chromium for WebGL and WebGPU, Firefox and WebKit, other
// runtimes and versions.
// It is npm's `pretest`. Run as a program it runs the scripts beside it, in order (or those that are named); it fails when one of them fails.
// It also holds the few helpers that those share: run a step with a time limit, and say loudly what is missing.
// It tests nothing itself, and it writes only below .cache/ (and, as root on Debian, installs the packages of browsers).
import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
export const CACHE = resolve(ROOT, '.cache');
export const IS_ROOT = process.getuid?.() === 0;

/** True in the module that Node was started with. */
export function isProgram(moduleUrl) {
  // With `node -e` it is whatever the program is given.
  const [, started] = process.argv;
  return started !== undefined && existsSync(started) && realpathSync(started) === fileURLToPath(moduleUrl);
}

/**
 * Runs one command and resolves to what it printed on stdout.
 * @throws Error whose message is the line of its output that tells most; after `seconds` its whole process group is ended.
 */
export function step(command, args, { seconds = 600, cwd = ROOT, env = {} } = {}) {
  return new Promise((done, fail) => {
    const name = [command, ...args.filter((a) => !a.includes('\n'))].join(' ');
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const stdout = [];
    const all = [];
    child.stdout.on('data', (chunk) => stdout.push(chunk) && all.push(chunk));
    child.stderr.on('data', (chunk) => all.push(chunk));
    // A group of its own, so that what the command started ends with it, at the time limit and at Ctrl-C.
    const end = () => {
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {
        /* it has ended already */
      }
    };
    const interrupted = () => {
      end();
      process.exit(130);
    };
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      end();
    }, seconds * 1000);
    const settle = (act, value) => {
      clearTimeout(timer);
      process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
      act(value);
    };
    process.on('SIGINT', interrupted).on('SIGTERM', interrupted);
    child.on('error', (error) =>
      settle(fail, new Error(`${command}: ${error.code === 'ENOENT' ? 'not found' : error.message}`)),
    );
    child.on('close', (code) =>
      code === 0
        ? settle(done, Buffer.concat(stdout).toString())
        : settle(
            fail,
            new Error(
              late
                ? `${name}: not done after ${seconds} s`
                : tellingLine(Buffer.concat(all).toString()) || `${name}: exit code ${code}`,
            ),
          ),
    );
  });
}

export function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** All programs of these names in the folders of the PATH. */
export function pathsOnPath(names) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).filter(isExecutable);
}

/**
 * Installs Debian's packages, where this is Debian and one may; tries twice, as a mirror may be away for a moment.
 * @throws Error that says what hinders it
 */
export async function aptInstall(packages) {
  if (process.env.SKIP_APT) throw new Error('SKIP_APT forbids apt-get');
  if (!existsSync('/usr/bin/apt-get')) throw new Error('there is no apt-get here');
  const sudo = IS_ROOT ? [] : ['sudo', '-n', 'DEBIAN_FRONTEND=noninteractive'];
  const apt = (...args) => {
    const [command, ...rest] = [...sudo, 'apt-get', '-qq', ...args];
    return step(command, rest, { env: { DEBIAN_FRONTEND: 'noninteractive' } });
  };
  const install = async () => {
    // An update that misses one of several sources can still have brought the one that is needed.
    await apt('update').catch(() => {});
    await apt('install', '-y', '--no-install-recommends', ...packages);
  };
  await install().catch((error) => {
    console.log(`apt-get: ${error.message}; once more`);
    return install();
  });
}

/** The last line that names an error, without the wrappers' "X failed" around it; else the last line. */
function tellingLine(output) {
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  return (
    lines.findLast(
      (line) => /error: |npm error /i.test(line) && !/failed to execute|exit code|complete log/i.test(line),
    ) ?? lines.at(-1)
  );
}

/**
 * Says that backends (or packages: `kind`) cannot be had, in one block that nobody overlooks, and sets the exit code that
 * REQUIRE_BACKENDS (REQUIRE_PACKAGES) asks for.
 */
export function reportMissing(names, reason, advice, kind = 'BACKEND') {
  const variable = `REQUIRE_${kind}S`;
  const required = (process.env[variable] ?? '').split(',').map((name) => name.trim());
  const fatal = names.filter((name) => required.includes(name));
  const bar = '!'.repeat(100);
  console.error(
    [
      '',
      bar,
      `!!  ${kind} NOT AVAILABLE: ${names.join(', ')}`,
      `!!  reason:     ${reason.split('\n')[0]}`,
      `!!  what to do: ${advice}`,
      fatal.length > 0
        ? `!!  ${variable} lists ${fatal.join(', ')}: this is a failure.`
        : `!!  Its tests will NOT run. ${variable}=<names> turns that into a failure.`,
      bar,
      '',
    ].join('\n'),
  );
  if (fatal.length > 0) {
    process.exitCode = 1;
  }
}

function runScript(name) {
  return new Promise((done) => {
    const child = spawn(process.execPath, [resolve(ROOT, '.ci', name)], { cwd: ROOT, stdio: 'inherit' });
    child.on('error', () => done(1));
    child.on('close', (code) => done(code ?? 1));
  });
}

if (isProgram(import.meta.url)) {
  const asked = process.argv.slice(2);
  for (const name of ['tfjs_node', 'chromium', 'browsers', 'from_npm']) {
    if (asked.length > 0 && !asked.includes(name)) continue;
    process.exitCode = (await runScript(`${name}.mjs`)) || process.exitCode;
  }
}

// Finds a Chromium for the WebGL and WebGPU tests and launches it headless on its own software GPU, so that no machine needs a
// graphics card. Looked for in this order: CHROME_PATH, the PATH, Debian's chromium package, the one inside npm's
// @sparticuz/chromium (Linux x64, unpacked into .cache/chromium). Run as a program it makes sure that one of them really runs,
// installs it where it must, and prints what WebGL and WebGPU say they are. Imported, it installs nothing.
// SKIP_APT=1 leaves Debian's package out. It never downloads a browser from anywhere but these two registries.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { CACHE, IS_ROOT, aptInstall, isExecutable, isProgram, pathsOnPath, reportMissing, step } from './prepare.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const HOME = join(CACHE, 'chromium');
const PARTIAL = join(CACHE, 'chromium.partial');
const CHOSEN = join(CACHE, 'chromium.path');
/** The one from npm, which has no window. */
export const BUNDLED = join(HOME, 'chromium');

/** Whichever GPU it draws on. */
const COMMON_ARGS = [
  '--ignore-gpu-blocklist',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  ...(IS_ROOT ? ['--no-sandbox'] : []),
];

export const CHROMIUM_ARGS = [
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--enable-unsafe-webgpu',
  '--enable-features=Vulkan',
  '--use-webgpu-adapter=swiftshader',
  ...COMMON_ARGS,
];

/** On the system's OpenGL ES; it needs a display, and so a window. */
export const MESA_ARGS = ['--use-gl=angle', '--use-angle=gl-egl', ...COMMON_ARGS];

const onPath = () => pathsOnPath(NAMES);

/** The executable's path, or null. The one that last proved to run goes before others on the PATH, which may be mere stubs. */
export function findChromium() {
  if (process.env.CHROME_PATH) {
    return process.env.CHROME_PATH;
  }
  const chosen = existsSync(CHOSEN) ? [readFileSync(CHOSEN, 'utf8')] : [];
  return [...chosen, ...onPath(), BUNDLED].find(isExecutable) ?? null;
}

/** Launches it headless with CHROMIUM_ARGS; `options` are playwright's launch options, `args` in them are added. */
export function launchChromium({ args = [], executablePath = findChromium(), ...options } = {}) {
  if (executablePath === null) {
    throw new Error('no Chromium found: run `node .ci/chromium.mjs`');
  }
  return chromium.launch({
    headless: true,
    chromiumSandbox: !IS_ROOT,
    ...options,
    executablePath,
    args: [...CHROMIUM_ARGS, ...args],
  });
}

// The bundled Chromium with the few libraries and the font that a bare machine lacks; they come with it.
const WRAPPER = `#!/bin/sh
here=$(dirname "$0")/unpacked
export FONTCONFIG_PATH="$here/fonts" LD_LIBRARY_PATH="$here/al2023/lib\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
exec "$here/chromium" "$@"
`;

// Its own API unpacks into the temporary folder; naming a Lambda's Node makes it unpack the system libraries as well.
const UNPACK = 'import("@sparticuz/chromium").then(({default: chromium}) => chromium.executablePath())';

async function installBundled() {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(`@sparticuz/chromium has none for ${process.platform} ${process.arch}`);
  }
  rmSync(PARTIAL, { recursive: true, force: true });
  const unpacked = join(PARTIAL, 'unpacked');
  mkdirSync(unpacked, { recursive: true });
  // No version here: npm takes the newest one that runs on this Node.
  await step(
    'npm',
    ['install', '--ignore-scripts', '--no-save', '--no-audit', '--no-fund', '--prefix', PARTIAL, '@sparticuz/chromium'],
    { cwd: PARTIAL, seconds: 240 },
  );
  await step(process.execPath, ['-e', UNPACK], {
    cwd: PARTIAL,
    env: { TMPDIR: unpacked, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' },
  });
  writeFileSync(join(PARTIAL, 'chromium'), WRAPPER, { mode: 0o755 });
  rmSync(join(PARTIAL, 'node_modules'), { recursive: true });
  rmSync(HOME, { recursive: true, force: true });
  renameSync(PARTIAL, HOME);
}

// Runs in the page. A context or an adapter alone proves little: WebGL must render to floats, WebGPU must give a device.
async function describeGpu() {
  const gl = document.createElement('canvas').getContext('webgl2');
  const names = gl?.getExtension('WEBGL_debug_renderer_info');
  const adapter = await navigator.gpu?.requestAdapter();
  const { vendor, architecture, device, description } = adapter?.info ?? {};
  return {
    webgl: gl?.getExtension('EXT_color_buffer_float')
      ? gl.getParameter(names ? names.UNMASKED_RENDERER_WEBGL : gl.RENDERER)
      : null,
    webgpu: (await adapter?.requestDevice())
      ? [vendor, architecture, device, description].filter(Boolean).join(' ')
      : null,
  };
}

/** Launches it and asks a page on localhost, which is a secure context: WebGPU needs one. */
async function probe(executablePath) {
  const server = createServer((request, response) =>
    response.setHeader('content-type', 'text/html').end('<!doctype html>'),
  );
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  let browser;
  try {
    browser = await launchChromium({ executablePath, timeout: 60_000 });
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    return { version: browser.version(), ...(await page.evaluate(describeGpu)) };
  } finally {
    await browser?.close();
    server.close();
  }
}

/** Yields one executable after the other, installing only when those before were of no use. */
async function* candidates(failures) {
  if (process.env.CHROME_PATH) {
    yield process.env.CHROME_PATH;
    return; // an explicit wish: nothing else in its place
  }
  yield* new Set([findChromium(), ...onPath(), BUNDLED].filter((file) => file !== null && isExecutable(file)));
  for (const [name, install, found] of [
    ...(process.env.SKIP_APT ? [] : [['apt-get install chromium', () => aptInstall(['chromium']), onPath]]),
    ['npm install @sparticuz/chromium', installBundled, () => [BUNDLED]],
  ]) {
    console.log(`chromium: none that runs yet, trying ${name}`);
    try {
      await install();
      yield* found();
    } catch (error) {
      failures.push(`${name}: ${error.message}`);
    }
  }
}

async function main() {
  const failures = [];
  for await (const executable of candidates(failures)) {
    try {
      const { version, webgl, webgpu } = await probe(executable);
      if (!process.env.CHROME_PATH) {
        mkdirSync(CACHE, { recursive: true });
        writeFileSync(CHOSEN, executable);
      }
      console.log(`chromium: ${version} at ${executable}\n  webgl:  ${webgl ?? 'none'}\n  webgpu: ${webgpu ?? 'none'}`);
      const missing = [webgl === null && 'webgl', webgpu === null && 'webgpu'].filter(Boolean);
      if (missing.length > 0) {
        reportMissing(
          missing,
          `Chromium ${version} gives no ${missing.join(' and no ')}`,
          'name a newer one in CHROME_PATH',
        );
      }
      return;
    } catch (error) {
      failures.push(`${executable}: ${error.message.split('\n')[0]}`);
    }
  }
  reportMissing(['webgl', 'webgpu'], failures.join('; '), 'install Chromium or Chrome, or name one in CHROME_PATH');
}

if (isProgram(import.meta.url)) {
  await main();
}

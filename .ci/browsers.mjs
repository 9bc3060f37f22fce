// The browsers beside Chromium on its own software GPU that test/browsers runs in: Firefox, WebKit (WebKitGTK's MiniBrowser with its
// WebDriver), and Chromium on Mesa, whose GLSL compiler is another. All of them draw with Mesa's llvmpipe, which needs a display: Xvfb.
// Run as a program it installs what Debian has and prints what is there. Imported, it installs nothing.
// SKIP_APT=1 installs nothing; REQUIRE_BROWSERS=firefox,webkit,chromium-mesa makes a missing one a failure.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { BUNDLED, MESA_ARGS, findChromium } from './chromium.mjs';
import { aptInstall, isProgram, pathsOnPath, reportMissing, step } from './prepare.mjs';

/** Debian's packages, by browser; the display and the drawing are for all. */
const PACKAGES = {
  firefox: ['firefox-esr'],
  webkit: ['webkit2gtk-driver'],
  'chromium-mesa': ['chromium'],
};
const FOR_ALL = ['xvfb', 'libgl1-mesa-dri', 'libgl1', 'libegl1', 'libgles2', 'libegl-mesa0'];

const onPath = (name) => pathsOnPath([name])[0];

const LIBRARIES = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib64', '/usr/lib'];
const inLibraries = (...path) => LIBRARIES.map((folder) => join(folder, ...path)).find(existsSync);

/** WebKitGTK's small browser that its driver starts; Debian and Ubuntu bring it with the driver. */
const miniBrowser = () =>
  ['webkitgtk-6.0', 'webkit2gtk-4.1', 'webkit2gtk-4.0'].map((name) => inLibraries(name, 'MiniBrowser')).find(Boolean);

const isMesaThere = () =>
  LIBRARIES.some((folder) => existsSync(folder) && readdirSync(folder).some((file) => file.startsWith('libEGL_mesa')));

function findMesaChromium() {
  const executable = findChromium();
  if (executable === null) return { reason: 'no Chromium was found' };
  if (executable === BUNDLED) return { reason: 'the Chromium from npm opens no window: it needs a whole one' };
  return { executable, args: MESA_ARGS };
}

function findWebKit() {
  const [driver, executable] = [onPath('WebKitWebDriver'), miniBrowser()];
  if (!driver) return { reason: 'WebKitWebDriver is not on the PATH' };
  return executable ? { executable, driver } : { reason: 'WebKitGTK’s MiniBrowser was not found' };
}

function findFirefox() {
  const executable = process.env.FIREFOX_PATH || onPath('firefox-esr') || onPath('firefox');
  return executable ? { executable } : { reason: 'firefox-esr is not on the PATH, nor is FIREFOX_PATH set' };
}

/** By name: `{executable}` (with WebKit's `driver`, Chromium's `args`), or `{reason}` where it cannot be had. */
export function findBrowsers() {
  const display = onPath('Xvfb') ? (isMesaThere() ? undefined : 'Mesa was not found') : 'Xvfb is not on the PATH';
  const found = { firefox: findFirefox(), webkit: findWebKit(), 'chromium-mesa': findMesaChromium() };
  if (display === undefined) return found;
  return Object.fromEntries(Object.keys(found).map((name) => [name, { reason: found[name].reason ?? display }]));
}

async function versionOf(name, { executable }) {
  // WebKitGTK's browser prints its version only where it finds a display.
  if (name === 'webkit') return `WebKitGTK at ${executable}`;
  return `${(await step(executable, ['--version'], { seconds: 60 })).trim().split('\n').at(-1)} at ${executable}`;
}

const missing = () => Object.entries(findBrowsers()).filter(([, { reason }]) => reason !== undefined);

async function main() {
  let failure;
  if (missing().length > 0) {
    const packages = [...new Set([...FOR_ALL, ...missing().flatMap(([name]) => PACKAGES[name])])];
    console.log(
      `browsers: ${missing()
        .map(([name]) => name)
        .join(', ')} missing, trying apt-get install ${packages.join(' ')}`,
    );
    failure = await aptInstall(packages).catch((error) => error);
  }
  for (const [name, found] of Object.entries(findBrowsers())) {
    if (found.reason === undefined) console.log(`${name}: ${await versionOf(name, found)}`);
    else {
      const reason = failure ? `${found.reason} (${failure.message})` : found.reason;
      reportMissing([name], reason, `apt-get install ${[...PACKAGES[name], ...FOR_ALL].join(' ')}`, 'BROWSER');
    }
  }
}

if (isProgram(import.meta.url)) {
  await main();
}

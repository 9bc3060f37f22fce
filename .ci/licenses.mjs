// The licences of what a bundle carries: every package of node_modules in it, by name and version, with the text that it asks to be kept.
import { build } from 'esbuild';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** One comment for the end of the file that esbuild makes with these options. */
export async function licensesOf(options) {
  const { metafile } = await build({
    ...options,
    bundle: true,
    write: false,
    metafile: true,
    logLevel: 'error',
    outdir: 'dist',
  });
  const folders = new Set(
    Object.keys(metafile.inputs)
      .filter((file) => /^(\.\.\/)*node_modules\//.test(file))
      .map(packageFolder),
  );
  const texts = [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    // TensorFlow.js is under this package's own licence, whose text comes with it.
    const file = license === 'Apache-2.0' ? undefined : readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
    return `${name} ${version}, ${license}${file ? `\n\n${readFileSync(join(folder, file), 'utf8').trim()}` : ''}`;
  });
  return texts.length === 0
    ? ''
    : `/*! This file contains:\n\n${texts.join('\n\n----\n\n').replaceAll('*/', '* /')}\n*/`;
}

/** The nearest folder with a package.json that has a name and a version: some packages have bare ones inside. */
function packageFolder(file) {
  let folder = dirname(resolve(file));
  while (!(
    existsSync(join(folder, 'package.json')) && JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version
  ))
    folder = dirname(folder);
  return folder;
}

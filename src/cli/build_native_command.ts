/** `build-native`: the native kernels for tfjs-node, compiled here for a platform that the package ships none for. */
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CommandError, messageOf, reasonOf } from './command_error';

/** What src/kernels/native/build.mjs exports; it is shipped as it is, beside the C source. */
interface Build {
  moduleFile(): string;
  /** Which processor's kernels and how many threads the new module has, as `avx2 8`. */
  install(): string;
}

/** The path of the built file and what it has, as a line. @throws CommandError with what is missing, or what the compiler said */
export async function buildNativeCommand(): Promise<string> {
  const script = join(__dirname, '..', 'src', 'kernels', 'native', 'build.mjs');
  const build = (await import(pathToFileURL(script).href)) as Build;
  try {
    const [processor, threads] = build.install().split(' ');
    const file = relative(process.cwd(), build.moduleFile());
    return `${file}: native kernels for ${processor === 'baseline' ? process.arch : processor}, ${threads} threads here\n`;
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException;
    throw new CommandError(`build-native: ${code && path ? `${path}: ${reasonOf(error)}` : messageOf(error)}`);
  }
}

/** A display without a screen (Xvfb), for browsers that draw with Mesa only where there is one. */
import { startTied } from './tied_process';

export interface Display {
  /** The environment of a browser on this display, drawing in software, in the language `lang` (undefined: none is set). */
  env(lang: string | undefined): Record<string, string>;
  /** Ends it, and with it every program that has a window on it. */
  close(): void;
}

export async function openDisplay(): Promise<Display> {
  const { child, ended, kill } = startTied(
    ['Xvfb', '-displayfd', '3', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp'],
    process.env,
    1,
  );
  // It chooses a free number itself, and tells it once it is ready.
  const number = new Promise<string>((resolve) => {
    child.stdio[3]!.once('data', (chunk: Buffer) => {
      resolve(chunk.toString().trim());
    });
  });
  const display = `:${await Promise.race([number, ended])}`;
  return {
    env: (lang) => {
      const { LANG, LANGUAGE, LC_ALL, LC_CTYPE, LC_MESSAGES, WAYLAND_DISPLAY, ...rest } = process.env;
      void [LANG, LANGUAGE, LC_ALL, LC_CTYPE, LC_MESSAGES, WAYLAND_DISPLAY];
      return {
        ...(rest as Record<string, string>),
        DISPLAY: display,
        GDK_BACKEND: 'x11',
        LIBGL_ALWAYS_SOFTWARE: '1',
        ...(lang !== undefined && { LANG: lang }),
      };
    },
    close: kill,
  };
}

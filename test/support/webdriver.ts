/** WebKit by its own driver: the four requests of W3C's WebDriver that the tests need (https://www.w3.org/TR/webdriver2/). */
import { type AddressInfo, createServer } from 'node:net';
import { fromText, inText, toText } from './exact_json';
import { startTied } from './tied_process';

export interface WebDriverSession {
  readonly version: string;
  goto(url: string): Promise<void>;
  evaluate<A, R>(f: (argument: A) => R | Promise<R>, argument: A): Promise<R>;
  close(): void;
}

interface Answer {
  value: unknown;
}

export async function openWebKit(
  { driver, executable }: { driver: string; executable: string },
  env: NodeJS.ProcessEnv,
  limitMs: number,
): Promise<WebDriverSession> {
  const port = await freePort();
  const { ended, kill } = startTied([driver, `--port=${port}`], env);
  const request = async (method: string, path: string, body?: object): Promise<unknown> => {
    const answered = fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      ...(body && { body: JSON.stringify(body) }),
    }).then((response) => response.json() as Promise<Answer>);
    const { value } = await Promise.race([answered, ended]);
    const error = value as { error?: string; message?: string } | null;
    if (typeof error?.error === 'string') throw new Error(error.message || error.error);
    return value;
  };
  try {
    await untilItListens(port, ended);
    const capabilities = {
      alwaysMatch: {
        timeouts: { script: limitMs, pageLoad: limitMs },
        'webkitgtk:browserOptions': { binary: executable, args: ['--automation'] },
      },
    };
    const session = (await request('POST', '/session', { capabilities })) as {
      sessionId: string;
      capabilities: { browserVersion: string };
    };
    const at = `/session/${session.sessionId}`;
    return {
      version: session.capabilities.browserVersion,
      goto: async (url) => {
        await request('POST', `${at}/url`, { url });
      },
      evaluate: async <A, R>(f: (argument: A) => R | Promise<R>, argument: A) => {
        const body = { script: scriptOf(f), args: [toText(argument)] };
        const [result, error] = (await request('POST', `${at}/execute/async`, body)) as [string | null, string];
        if (result === null) throw new Error(error);
        return fromText(result) as R;
      },
      close: kill,
    };
  } catch (error) {
    kill();
    throw error;
  }
}

function scriptOf(f: (argument: never) => unknown): string {
  return `const done = arguments[arguments.length - 1];
    (${inText(f)})(arguments[0]).then(
      (result) => done([result, '']),
      (error) => done([null, String(error?.message ?? error)]),
    );`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return port;
}

async function untilItListens(port: number, ended: Promise<never>): Promise<void> {
  const isListening = () =>
    fetch(`http://127.0.0.1:${port}/status`).then(
      () => true,
      () => false,
    );
  while (!(await Promise.race([isListening(), ended]))) {
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
}

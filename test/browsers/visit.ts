/** What a reader does on the demo page, as programs that run in it: any browser's driver can call a function. */
import type { Backend } from '../../examples/browser/shared/backends';

interface Reader {
  /** Waits until `look` gives something; an error names `what` was waited for. */
  until<T>(what: string, look: () => T | false | null | undefined): Promise<T>;
  /** Clicks the visible element of the open tab with this text, where a finger would meet it. */
  press(selector: string, text: string): Promise<void>;
  /** Chooses a radio button of the open tab. */
  choose(group: string, value: string): Promise<void>;
  text(selector: string): string;
}

/** Runs in the page, before the others. */
export function prepareReader(): void {
  const pause = () =>
    new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  const isVisible = (element: Element) => element.getClientRects().length > 0;
  const all = (selector: string) => Array.from(document.querySelectorAll<HTMLElement>(selector)).filter(isVisible);
  const until: Reader['until'] = async (what, look) => {
    for (const end = Date.now() + 200_000; Date.now() < end; await pause()) {
      const found = look();
      if (found !== false && found !== null && found !== undefined) return found;
    }
    throw new Error(
      `waited in vain for ${what}; the page says: ${all('.status, .problem')
        .map((each) => each.textContent)
        .join(' | ')}`,
    );
  };
  const meets = (element: HTMLElement) => {
    element.scrollIntoView({ block: 'center', behavior: 'instant' });
    const { left, top, width, height } = element.getBoundingClientRect();
    const met = document.elementFromPoint(left + width / 2, top + height / 2);
    return element.contains(met) || met?.contains(element) === true;
  };
  const click = async (what: string, look: () => HTMLElement | undefined) => {
    const element = await until(what, () => {
      const found = look();
      return found && meets(found) && found;
    });
    element.click();
  };
  const reader: Reader = {
    until,
    press: (selector, text) =>
      click(`${selector} '${text}'`, () =>
        all(selector).find((each) => each.textContent!.trim() === text && !(each as HTMLButtonElement).disabled),
      ),
    choose: (group, value) =>
      click(
        `${group}: ${value}`,
        () =>
          all('fieldset')
            .find((each) => each.querySelector('legend')!.textContent === group)
            ?.querySelector<HTMLInputElement>(`input[value="${value}"]:not(:disabled)`)
            ?.closest('label') ?? undefined,
      ),
    text: (selector) => document.querySelector(selector)?.textContent ?? '',
  };
  Object.assign(globalThis, { reader });
}

export interface Routed {
  backend: string;
  /** The backends that the page says this browser has. */
  present: string[];
  /** Why it has not the others. */
  absent: string[];
  y: number[];
  dx: number[];
  /** The kernels that ran, as the page names them. */
  ran: string;
}

/** Runs in the page: the preset of a tie, routed on a backend. */
export async function route(backend: Backend): Promise<Routed> {
  const { until, press, choose, text } = (globalThis as unknown as { reader: Reader }).reader;
  await until('the backends', () => document.querySelector('.backends li'));
  await press('[role=tab]', 'Routing');
  await press('[role=tabpanel] button', 'Tie');
  await choose('Backend', backend);
  const isOn = () => text('.ran').includes(` on ${backend};`) && !document.querySelector('.routing[aria-busy]');
  await until(`the routing on ${backend}`, isOn);
  const texts = (selector: string) => Array.from(document.querySelectorAll(selector)).map((each) => each.textContent!);
  return {
    backend,
    present: texts('.backends li.present strong'),
    absent: texts('.backends li.absent'),
    y: texts('#figure-y .cell .number').map(Number),
    dx: texts('#figure-dx .cell .number').map(Number),
    ran: text('.ran').split(';')[0],
  };
}

export interface Trained {
  status: string;
  /** Test digits that the network has been asked about. */
  digits: number;
}

/** Runs in the page: makes a network, and trains it for an epoch of 1000 digits if `isTraining`. */
export async function train(isTraining: boolean): Promise<Trained> {
  const { until, press, choose, text } = (globalThis as unknown as { reader: Reader }).reader;
  await press('[role=tab]', 'Train');
  await choose('Digits to learn from', '1000');
  await choose('Epochs', '1');
  await press('[role=tabpanel] button', isTraining ? 'Train' : 'New network');
  const status = () => text('.train .status');
  const isDone = () => /^(Finished|A new network)/.test(status()) && document.querySelector('.card');
  await until('the network', () => isDone() || text('.train .problem') !== '');
  return { status: status() || text('.train .problem'), digits: document.querySelectorAll('.card').length };
}

/** Runs in the page: compares on these backends, and on no other. */
export async function compare(backends: Backend[]): Promise<{ columns: string[]; status: string }> {
  const { until, press, choose, text } = (globalThis as unknown as { reader: Reader }).reader;
  await press('[role=tab]', 'Compare');
  for (const { parentElement, checked } of Array.from(
    document.querySelectorAll<HTMLInputElement>('.compare [role=switch]'),
  )) {
    const name = parentElement!.textContent!;
    if (['cpu', 'wasm', 'webgl', 'webgpu'].includes(name) && !parentElement!.hidden)
      if (checked !== backends.includes(name as Backend)) await press('label', name);
  }
  await choose('Times each is timed', '0');
  await press('[role=tabpanel] button', 'Compare');
  await until('the report', () => document.querySelector('.report') ?? (text('.compare .problem') !== '' || null));
  return {
    columns: Array.from(document.querySelectorAll('.report thead th')).map((each) => each.textContent!),
    status: text('.compare .status') || text('.compare .problem'),
  };
}

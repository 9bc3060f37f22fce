/**
 * Whatever a function or layer is given, it answers with an error that names itself and the argument, in at most 400
 * characters, and leaves no tensor behind. The table follows the exports: an export that it does not know fails.
 */
import * as tf from '@tensorflow/tfjs';
import { EXPORTS, WITHOUT_ARGUMENTS, type WrongCall, wrongCallsOf } from './wrong_calls';

const NAMES = Object.keys(EXPORTS).filter(
  (name) => typeof EXPORTS[name] === 'function' && !WITHOUT_ARGUMENTS.includes(name),
);
/** What JavaScript and tfjs say of values that nobody checked. */
const RAW = /Cannot |undefined is|is not (a function|iterable|defined)|Invalid typed array|toString|prototype/;

beforeAll(async () => {
  await tf.setBackend('cpu');
});

test('the table has rows for every export', () => {
  expect(NAMES.filter((name) => (wrongCallsOf(name) ?? []).length === 0)).toEqual([]);
});

/** The error of a call, thrown or rejected, and how many tensors it left beside its arguments. */
async function outcomeOf({ prepare }: WrongCall, isInTidy: boolean): Promise<{ error: unknown; left: number }> {
  if (isInTidy) tf.engine().startScope();
  const call = prepare();
  const before = tf.memory().numTensors;
  let error: unknown;
  try {
    await call();
  } catch (thrown) {
    error = thrown;
  }
  const left = tf.memory().numTensors - before;
  if (isInTidy) tf.engine().endScope();
  return { error, left };
}

/** Why an error is not as it should be; '' where it is. */
function faultOf(name: string, { argument }: WrongCall, error: unknown): string {
  if (!(error instanceof Error)) return `no error, but ${String(error)}`;
  const { message } = error;
  if (!message.toLowerCase().startsWith(name.toLowerCase()))
    return `does not begin with ${name}: ${message.slice(0, 200)}`;
  if (!message.toLowerCase().includes(argument.toLowerCase()))
    return `does not name ${argument}: ${message.slice(0, 300)}`;
  if (message.length > 400) return `${message.length} characters: ${message.slice(0, 200)}`;
  return RAW.test(message) ? `raw: ${message}` : '';
}

describe.each([false, true])('in a tidy: %p', (isInTidy) => {
  test.each(NAMES)('%s', async (name) => {
    const faults: string[] = [];
    for (const wrong of wrongCallsOf(name) ?? []) {
      const { error, left } = await outcomeOf(wrong, isInTidy);
      const fault = faultOf(name, wrong, error) || (left === 0 ? '' : `left ${left} tensors`);
      if (fault) faults.push(`${wrong.label}: ${fault}`);
    }
    expect(faults).toEqual([]);
  });
});

test('functions that return promises reject, they do not throw', async () => {
  for (const name of ['comparePooling', 'convertPooling', 'argmaxToIndices']) {
    await expect(EXPORTS[name](5, 5, 5)).rejects.toThrow(name);
  }
});

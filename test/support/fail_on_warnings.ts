/** A warning or error that anything prints fails the test that ran then. */
const printed: string[] = [];

// tfjs greets and advises once per process; neither tells of anything wrong.
const EXPECTED = [/Hi, looks like you are running TensorFlow\.js/, /^=+$/];

function record(...parts: unknown[]): void {
  const message = parts.map(String).join(' ').trim();
  const lines = message
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.length > 0);
  if (lines.some((line) => !EXPECTED.some((expected) => expected.test(line)))) printed.push(message);
}

beforeEach(() => {
  jest.spyOn(console, 'warn').mockImplementation(record);
  jest.spyOn(console, 'error').mockImplementation(record);
});

afterEach(() => {
  const found = printed.splice(0);
  jest.restoreAllMocks();
  if (found.length > 0) throw new Error(`Warnings were printed:\n${found.join('\n')}`);
});

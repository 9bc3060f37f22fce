/**
 * Keras itself, where Python can import it: run.sh compares it with what tfjs computed. Where it cannot be had, that is
 * printed, and REQUIRE_KERAS=1 makes it a failure. One backend, the first that there is; run.sh alone runs them all.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const PYTHON = process.env.PYTHON ?? 'python3';
const BACKENDS = (process.env.REQUIRE_KERAS ? ['tensorflow', 'torch', 'jax'] : ['torch', 'tensorflow', 'jax']).filter(
  (backend) =>
    spawnSync(PYTHON, ['-c', 'import importlib.util as u, sys; sys.exit(any(u.find_spec(n) is None for n in sys.argv[1:]))', 'keras', 'numpy', backend]).status === 0, // prettier-ignore
);

if (BACKENDS.length > 0 || process.env.REQUIRE_KERAS) {
  const wanted = process.env.REQUIRE_KERAS ? ['tensorflow', 'torch', 'jax'] : BACKENDS.slice(0, 1);
  test.each(wanted)(
    'Keras on %s computes what tfjs does',
    (backend) => {
      const { status, stdout, stderr } = spawnSync(join(__dirname, 'run.sh'), [backend], {
        encoding: 'utf8',
        env: { ...process.env, PYTHON },
      });
      process.stdout.write(stdout);
      expect({ status, problem: status === 0 ? '' : `${stdout}${stderr}` }).toEqual({ status: 0, problem: '' });
    },
    900_000,
  );
} else {
  // Not a skipped test: nothing of Keras is claimed here.
  test('Keras is left out here, and says so', () => {
    const text = `Keras 3 was NOT compared: ${PYTHON} cannot import keras. test/keras/run.sh says what it needs.`;
    process.stdout.write(`\n${text}\n`);
    const { status, stdout } = spawnSync(join(__dirname, 'run.sh'), ['torch'], {
      encoding: 'utf8',
      env: { ...process.env, PYTHON },
    });
    expect({ status, said: stdout.includes('LEFT OUT: ') }).toEqual({ status: 3, said: true });
  });
}

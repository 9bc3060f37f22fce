/** The example on noise, on few digits: it runs, shows the article's warning, and writes its plot. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

function run(...args: string[]): string {
  return execFileSync(process.execPath, ['--import', 'tsx', 'examples/07_noise/main.ts', ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: 'pipe',
  });
}

test('noise moves what max pooling makes more than what average pooling makes, and is plotted', () => {
  const folder = mkdtempSync(join(tmpdir(), 'noise-'));
  try {
    const path = join(folder, 'plots', 'noise.html');
    const printed = run('--samples', '50', '--epochs', '1', '--out', path);
    const moved = (name: string) =>
      printed
        .split('\n')
        .find((line) => line.startsWith(name))!
        .slice(name.length)
        .trim()
        .split(/\s+/)
        .map(Number);
    for (const how of ['raw digits', 'normalised digits']) {
      const [max, average] = [moved(`max pooling, ${how}`), moved(`average pooling, ${how}`)];
      expect([max[0], average[0]]).toEqual([0, 0]);
      max.slice(1).forEach((value, i) => {
        expect(value).toBeGreaterThan(average[i + 1]);
      });
    }
    const page = readFileSync(path, 'utf8');
    // What is said of 10 %, the fourth level, is what was measured.
    for (const name of ['max pooling, raw digits', 'average pooling, normalised digits'])
      expect(page).toMatch(new RegExp(`With 10\u00a0% salt, .*${moved(name)[3].toFixed(2).replace('.', '\\.')}`));
    expect(page).toContain('1000 test digits');
    expect(page).toContain('one seed');
    expect(page.match(/<svg /g)).toHaveLength(8);
    expect(page.match(/<polyline /g)).toHaveLength(8);
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('wrong arguments are told', () => {
  expect(() => run('--samples', '10')).toThrow(/expected --samples from 50 to 60000/);
});

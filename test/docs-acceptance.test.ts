/** What the page of acceptance names is there: a line without its test is a promise without proof. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const LINES = 25;
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

const rows = [...read('docs/acceptance.md').matchAll(/^\| (\d+) \| (.+) \| (.+) \|$/gm)].map(([, line, , shown]) => ({
  line: Number(line),
  shown: shown!,
}));

/** Each file with the names behind it. */
function namedIn(shown: string): { file: string; names: string[] }[] {
  return shown
    .split('`test/')
    .slice(1)
    .map((part) => {
      const [file] = part.split('`');
      return { file: `test/${file}`, names: [...part.matchAll(/"([^"]+)"/g)].map(([, name]) => name!) };
    });
}

/** A name as code has it, in the quotes of a test, a suite, or a row of one. */
const isNamed = (code: string, name: string) => ["'", '"', '`'].some((quote) => code.includes(quote + name + quote));

it('every line is there, once and in order', () => {
  expect(rows.map(({ line }) => line)).toEqual(Array.from({ length: LINES }, (_, i) => i + 1));
});

describe.each(rows)('line $line', ({ shown }) => {
  it('is shown by tests that are there, by their names', () => {
    const files = namedIn(shown);
    expect(files.length).toBeGreaterThan(0);
    for (const { file, names } of files) {
      expect(existsSync(join(ROOT, file)), file).toBe(true);
      expect(names.length, file).toBeGreaterThan(0);
      const code = read(file);
      expect(
        names.filter((name) => !isNamed(code, name)),
        file,
      ).toEqual([]);
    }
  });
});

it('a test that is gone is missed', () => {
  expect(isNamed("it('counts the accounts', () => {", 'counts the accounts')).toBe(true);
  expect(isNamed("it('counts the accounts', () => {", 'counts accounts')).toBe(false);
});

/** More lines than memory holds come out in the order of `LC_ALL=C sort`. */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineSorter } from '../../cli/adapters/line-sorter.ts';

const line = fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => text.replaceAll('\n', ' '));

function sorted(lines: readonly string[], runCharacters?: number): string[] {
  const sorter = new LineSorter(runCharacters);
  try {
    for (const one of lines) sorter.add(one);
    return [...sorter.sorted()];
  } finally {
    sorter.remove();
  }
}

const byBytes = (lines: readonly string[]) => lines.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));

describe('sorting lines', () => {
  it('gives the same whether they fit into memory or not, in the order of their bytes', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 60 }), (lines) => {
        expect(sorted(lines)).toEqual(byBytes(lines));
        expect(sorted(lines, 40)).toEqual(byBytes(lines));
      }),
      { numRuns: 60 },
    );
  });

  it('gives what the sort of a shell gives', () => {
    const lines = Array.from({ length: 3000 }, (_, i) => `${(i * 7919) % 3001}\té${i % 13}\u{1f600}￿`);
    const shell = execFileSync('sort', { input: `${lines.join('\n')}\n`, encoding: 'utf8', env: { LC_ALL: 'C' } });
    expect(`${sorted(lines, 4000).join('\n')}\n`).toBe(shell);
  });

  it('leaves nothing behind', () => {
    const left = () => readdirSync(tmpdir()).filter((name) => name.startsWith('stillwatch-sort-')).length;
    const before = left();
    sorted(['b', 'a', 'c'], 1);
    expect(left()).toBeLessThanOrEqual(before);
  });
});

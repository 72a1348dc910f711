/** Tables that a spreadsheet reads as they were written, and never runs. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csv } from '../../../core/dossier/csv.ts';
import { keyOf, publicColumns, readRow, rowOf, writeRow } from '../../../core/dossier/exchange-row.ts';

/** RFC 4180, read by the letter. */
function parse(text: string): string[][] {
  const rows: string[][] = [[]];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!;
    if (quoted) {
      if (character !== '"') cell += character;
      else if (text[i + 1] === '"') cell += text[++i];
      else quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === ',' || text.startsWith('\r\n', i)) {
      rows.at(-1)!.push(cell);
      cell = '';
      if (character !== ',') {
        rows.push([]);
        i++;
      }
    } else cell += character;
  }
  return rows.slice(0, -1);
}

describe('a table', () => {
  it('gives back every cell, whatever is in it, and no cell begins a formula', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), fc.string()), { maxLength: 8 }), (rows) => {
        const read = parse(csv(['a', 'b'], rows)).slice(1);
        expect(read.map((row) => row.map((cell) => cell.replace(/^'(?=[=+\-@\t\r])/, '')))).toEqual(
          rows.map((row) => row.map((cell) => cell.replace(/^'(?=[=+\-@\t\r])/, ''))),
        );
        for (const cell of read.flat()) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
      }),
    );
  });

  it('leaves numbers alone: -1 is a number, and "-1" might be a formula', () => {
    expect(csv(['n', 't'], [[-1, '-1']])).toBe("n,t\r\n-1,'-1\r\n");
  });
});

describe('the line of an exchange', () => {
  const text = fc.string({ minLength: 1, maxLength: 20 });

  it('comes back as it was, in one line of fixed columns, whatever is in its values', () => {
    fc.assert(
      fc.property(text, text, text, fc.nat(), (account, id, model, output) => {
        const row = rowOf({
          type: 'usage',
          id,
          account,
          model,
          time: '2026-04-22T09:14:07.1Z',
          tokens: { input: 1, output },
        });
        const line = writeRow(row);
        expect(readRow(line)).toEqual(row);
        expect(line.split(/[\t\n\r]/)).toHaveLength(8);
        expect(publicColumns(row).split(/[\t\n\r]/)).toHaveLength(6);
        expect(line.startsWith(`${keyOf(row)}\t2026-04-22T09:14:07.100Z\t`)).toBe(true);
      }),
    );
  });
});

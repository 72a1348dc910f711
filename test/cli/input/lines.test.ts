import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keptBatch, type LineBatch, splitLines } from '../../../cli/adapters/input/lines.ts';

async function* inPieces(bytes: Uint8Array, sizes: number[]): AsyncGenerator<Uint8Array> {
  for (let from = 0, i = 0; from < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    yield bytes.subarray(from, from + size);
    from += size;
  }
}

async function split(content: string | Uint8Array, sizes: number[] = [7], max?: number) {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const lines: { line: number; text: string }[] = [];
  const rejections: LineBatch['rejections'] = [];
  for await (const batch of splitLines(inPieces(bytes, sizes), max)) {
    for (const [i, text] of batch.lines.entries()) if (text !== '') lines.push({ line: batch.firstLine + i, text });
    rejections.push(...batch.rejections);
  }
  return { lines, rejections };
}

const texts = (found: { lines: { text: string }[] }) => found.lines.map(({ text }) => text);

describe('lines of a stream', () => {
  it('are the same however the bytes arrive, multi-byte letters and CRLF included', async () => {
    const line = fc.string({ unit: 'binary', maxLength: 30 }).map((text) => text.replace(/[\r\n\ufeff]/g, ''));
    const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });
    const property = fc.asyncProperty(fc.array(line), sizes, fc.constantFrom('\n', '\r\n'), async (lines, cut, end) => {
      const wellFormed = lines.map((text) => text.toWellFormed());
      const found = await split(wellFormed.join(end), cut);
      const wanted = wellFormed.map((text, i) => ({ line: i + 1, text })).filter(({ text }) => text !== '');
      expect(found).toEqual({ lines: wanted, rejections: [] });
    });
    await fc.assert(property, { numRuns: 150 });
  });

  it('over the limit are rejected wherever they stand, and the others keep their numbers', async () => {
    const property = fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1 }),
      fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 4 }),
      fc.boolean(),
      async (lengths, cut, ended) => {
        const lines = lengths.map((length) => 'x'.repeat(length));
        const found = await split(lines.join('\n') + (ended ? '\n' : ''), cut, 20);
        const numbered = lines.map((text, i) => ({ line: i + 1, text }));
        expect(found.lines).toEqual(numbered.filter(({ text }) => text.length > 0 && text.length <= 20));
        expect(found.rejections.map(({ line }) => line).sort((a, b) => a - b)).toEqual(
          numbered.filter(({ text }) => text.length > 20).map(({ line }) => line),
        );
      },
    );
    await fc.assert(property, { numRuns: 250 });
  });

  it('name the limit that they break', async () => {
    const long = `${'y'.repeat(1024 * 1024 + 1)}\n{}`;
    const found = await split(long, [65_536]);
    expect(found).toEqual({
      lines: [{ line: 2, text: '{}' }],
      rejections: [{ line: 1, reason: 'line longer than 1 MiB' }],
    });
  });

  it('that are not UTF-8 are rejected, without harm to their neighbours', async () => {
    const bytes = Uint8Array.from([...Buffer.from('{"a":"é"}\n'), 0xff, 0xc3, 10, ...Buffer.from('ok')]);
    const found = await split(bytes, [4]);
    expect(texts(found)).toEqual(['{"a":"é"}', 'ok']);
    expect(found.rejections).toMatchObject([{ line: 2, reason: expect.stringContaining('not UTF-8') }]);
  });

  it('are the same where a batch is kept beyond the next one', async () => {
    const kept: LineBatch[] = [];
    const [lines, sizes] = [['one', 'two', 'three', 'four', 'five'], [6]];
    for await (const batch of splitLines(inPieces(Buffer.from(lines.join('\n')), sizes))) kept.push(keptBatch(batch));
    expect(kept.length).toBeGreaterThan(2);
    expect(kept.map(({ bytes }) => bytes!.toString()).join('')).toBe(`${lines.join('\n')}\n`);
    expect(kept.flatMap((batch) => batch.lines)).toEqual(lines);
  });

  it('may begin with a byte order mark', async () => {
    expect(texts(await split('\ufeff{"a":1}\n', [64]))).toEqual(['{"a":1}']);
  });

  it('in UTF-16 are refused with the remedy', async () => {
    await expect(split(Buffer.from('\ufeff{"a":1}\n', 'utf16le'))).rejects.toThrow(/UTF-16: convert it to UTF-8/);
  });
});

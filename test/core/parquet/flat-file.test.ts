import { parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { FlatFile, FlatFileError, writeFlatFile } from '../../../core/parquet/flat-file.ts';

/** More than one row group. */
const ROWS = 45_000;
const accounts = Array.from({ length: ROWS }, (_, i) => `ä-${i}`);
const blobs = accounts.map((_, i) => Uint8Array.from({ length: i % 40 }, (__, at) => (i + at) % 256));
const bytes = writeFlatFile(
  [
    { name: 'account', kind: 'text', data: accounts },
    { name: 'exchanges', kind: 'count', data: accounts.map((_, i) => i * 1e9) },
    { name: 'day', kind: 'day', data: accounts.map(() => 20_600) },
    { name: 'packed', kind: 'bytes', data: blobs },
  ],
  { layout: '1' },
);

describe('a file between two parts of a sweep', () => {
  it('gives back what was written, also from the middle of a larger buffer', () => {
    const larger = new Uint8Array(bytes.length + 13);
    larger.set(bytes, 7);
    const file = new FlatFile(larger.subarray(7, 7 + bytes.length));
    expect([file.rows, file.note('layout')]).toEqual([ROWS, '1']);
    expect(file.texts('account')).toEqual(accounts);
    expect(file.blobs('packed').map((blob) => [...blob])).toEqual(blobs.map((blob) => [...blob]));
  });

  it('lends its bytes instead of copying them, so that a sweep holds each profile once', () => {
    const file = new FlatFile(bytes);
    expect(file.blobs('packed').every(({ buffer }) => buffer === bytes.buffer)).toBe(true);
  });

  it('is read by a reader of the format that knows nothing of us, with types', async () => {
    const { buffer } = Uint8Array.from(bytes);
    const file = { byteLength: buffer.byteLength, slice: (from: number, to?: number) => buffer.slice(from, to) };
    const [row] = await parquetReadObjects({ file, rowStart: 30_000, rowEnd: 30_001 });
    expect(row).toMatchObject({
      account: 'ä-30000',
      exchanges: 30_000_000_000_000n,
      day: new Date(20_600 * 86_400_000),
    });
  });

  it('may have no rows', () => {
    const none = writeFlatFile([{ name: 'packed', kind: 'bytes', data: [] }], { layout: '1' });
    expect(new FlatFile(none).blobs('packed')).toEqual([]);
  });

  it('that is cut short, or lacks what is asked for, is refused in one line', () => {
    for (const wrong of [bytes.subarray(0, bytes.length - 5), bytes.subarray(4), new Uint8Array(3)])
      expect(() => new FlatFile(wrong).blobs('packed')).toThrow(FlatFileError);
    expect(() => new FlatFile(bytes).texts('org')).toThrow('Parquet without the column org');
    expect(() => new FlatFile(bytes).note('day')).toThrow('Parquet without the note day');
  });
});

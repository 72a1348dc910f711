import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { folder, readAll, usageLines } from './collect.ts';

const dir = folder();
const [first, second] = [usageLines(0, 4000), usageLines(4000, 6000)].map((text) => Buffer.from(text)) as [
  Buffer,
  Buffer,
];
const ids = (found: { records: { type: string }[] }) =>
  found.records.map((record) => ('id' in record ? record.id : ''));
const ALL = Array.from({ length: 6000 }, (_, i) => `r${i}`);

function file(name: string, bytes: Uint8Array): string {
  const path = join(dir, name);
  writeFileSync(path, bytes);
  return path;
}

describe.each([
  ['gzip', (bytes: Uint8Array) => gzipSync(bytes)],
  ['zstd', (bytes: Uint8Array) => zstdCompressSync(bytes)],
])('%s', (kind, compress) => {
  it('is told by its bytes, whatever the name of the file', async () => {
    const found = await readAll([file(`${kind}.ndjson`, compress(Buffer.concat([first, second])))]);
    expect(ids(found)).toEqual(ALL);
  });

  it('of several members in a row loses none of them', async () => {
    for (const gap of [0, 100]) {
      const members = Buffer.concat([compress(first), compress(Buffer.alloc(0)), compress(second), Buffer.alloc(gap)]);
      const found = await readAll([file(`${kind}-members-${gap}`, members)]);
      expect(ids(found)).toEqual(ALL);
      expect(found.rejections).toEqual([]);
    }
  });

  it('that ends early gives what was there, and one rejection for what was not', async () => {
    const members = Buffer.concat([compress(first), compress(second).subarray(0, -40)]);
    const found = await readAll([file(`${kind}-cut`, members)]);
    expect(ids(found).slice(0, 4000)).toEqual(ALL.slice(0, 4000));
    const early = found.rejections.filter(({ reason }) => reason.startsWith('compressed data ends early'));
    expect(early).toHaveLength(1);
  });

  it('that is damaged in the second member still gives the first', async () => {
    const damaged = compress(second).fill(0xff, 10, 200);
    const found = await readAll([file(`${kind}-damaged`, Buffer.concat([compress(first), damaged]))]);
    expect(found.records.length).toBeGreaterThanOrEqual(3000);
    expect(found.rejections.map(({ reason }) => reason)).toContain('compressed data is damaged');
  });
});

it('a skippable frame in front of Zstandard data is skipped', async () => {
  const skippable = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
  const found = await readAll([file('skippable', Buffer.concat([skippable, zstdCompressSync(first)]))]);
  expect(found.records).toHaveLength(4000);
});

it('a compressed file of nothing is an empty file', async () => {
  const found = await readAll([file('nothing.gz', gzipSync('')), file('something', first)]);
  expect(found.records).toHaveLength(4000);
});

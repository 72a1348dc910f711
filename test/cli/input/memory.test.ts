import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openInputs } from '../../../cli/adapters/input/open.ts';
import { readInputs } from '../../../cli/adapters/input/read.ts';
import { readOptions, usageLines } from './collect.ts';

const MIB = 1024 * 1024;

/** Gives the same bytes `times` times, and tells how far ahead of the reader it was ever asked to be. */
function source(bytes: Uint8Array, times: number) {
  const ahead = { given: 0, read: 0, most: 0 };
  async function* stdin() {
    for (let i = 0; i < times; i++) {
      ahead.given += bytes.length;
      ahead.most = Math.max(ahead.most, ahead.given - ahead.read);
      yield bytes;
    }
  }
  return { stdin: stdin(), ahead };
}

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** Bytes that are truly held: what only waits to be collected does not count, so nor what the first collection left. */
const memory = () => {
  collectGarbage();
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

describe('an input larger than memory', () => {
  it('is asked for no faster than it is read', async () => {
    const bytes = Buffer.from(usageLines(0, 1000));
    const { stdin, ahead } = source(bytes, 400);
    const [input] = await openInputs(['-'], { stdin });
    for await (const batch of input!.lines) ahead.read += batch.lines.reduce((sum, line) => sum + line.length + 1, 0);
    expect(ahead.read).toBeGreaterThan(40 * MIB);
    expect(ahead.most).toBeLessThan(3 * bytes.length);
  });

  it('is not held: 64 MiB of records from a few kilobytes of gzip', async () => {
    const chunk = gzipSync(Buffer.from(usageLines(0, 1000).repeat(16)));
    const { stdin } = source(chunk, 32);
    const before = memory();
    let [records, most] = [0, 0];
    for await (const batch of readInputs(await openInputs(['-'], { stdin }), readOptions())) {
      if (records % 64_000 < 500) most = Math.max(most, memory() - before);
      records += batch.records.length;
    }
    expect(records).toBe(16_000 * 32);
    expect(most).toBeLessThan(80 * MIB);
  });

  it('of one endless line is not held either', async () => {
    const before = memory();
    let most = 0;
    async function* stdin() {
      for (let i = 0; i < 300; i++) {
        if (i % 50 === 49) most = Math.max(most, memory() - before);
        yield Buffer.alloc(MIB, 'x');
      }
    }
    const reasons: string[] = [];
    const [input] = await openInputs(['-'], { stdin: stdin() });
    for await (const batch of input!.lines) reasons.push(...batch.rejections.map(({ reason }) => reason));
    expect(reasons).toEqual(['line longer than 1 MiB']);
    expect(most).toBeLessThan(120 * MIB);
  });
});

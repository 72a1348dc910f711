import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ScratchFolder } from '../../lambdas/adapters/scratch-folder.ts';
import { type Scratch, scratch } from '../support/cli.ts';

/** No system numbers its processes so high. */
const GONE = 2 ** 30;

let disk: Scratch;
beforeEach(() => {
  disk = scratch();
});
afterEach(() => disk.remove());

function left(name: string, before: number): void {
  mkdirSync(disk.at(name));
  writeFileSync(disk.at(name, '0'), 'profiles');
  const at = Date.now() / 1000 - before;
  utimesSync(disk.at(name), at, at);
}

describe('the storage of a function', () => {
  it('is freed of what a run left that was cut off, or the next one would find it full', () => {
    left(`stillwatch-sweep-${GONE}-abc`, 86_400);
    left(`stillwatch-sweep-${process.pid}-abc`, 86_400);
    const folder = new ScratchFolder(disk.folder);
    expect([...folder.keep(Uint8Array.of(1, 2, 3)).subarray(0, 3)]).toEqual([1, 2, 3]);
    expect(readdirSync(disk.folder)).toHaveLength(1);
    folder.clear();
    expect(readdirSync(disk.folder)).toEqual([]);
  });

  it('keeps what another run is reading, and what is not of a sweep', () => {
    left(`stillwatch-sweep-${process.ppid}-abc`, 86_400);
    left('stillwatch-sweep-notes', 86_400);
    const [one, other] = [new ScratchFolder(disk.folder), new ScratchFolder(disk.folder)];
    const [first] = [one.keep(Uint8Array.of(7)), other.keep(Uint8Array.of(8))];
    expect(readdirSync(disk.folder)).toHaveLength(4);
    other.clear();
    expect(first.subarray(0, 1)[0]).toBe(7);
    one.clear();
    expect(readdirSync(disk.folder)).toHaveLength(2);
  });
});

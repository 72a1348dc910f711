/** Ids of days that are over, as files in a temporary folder that is removed with the process. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IdArchive } from '../../core/aggregates/intake.ts';

export interface DiskIdArchive extends IdArchive {
  remove(): void;
}

export function diskIdArchive(): DiskIdArchive {
  const folder = mkdtempSync(join(tmpdir(), 'stillwatch-ids-'));
  const file = (day: number) => join(folder, String(day));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  return {
    save: (day, ids) => writeFileSync(file(day), new Uint8Array(ids.buffer, ids.byteOffset, ids.byteLength)),
    load: (day) => (existsSync(file(day)) ? wordsOf(readFileSync(file(day))) : undefined),
    remove: () => {
      process.removeListener('exit', remove);
      remove();
    },
  };
}

function wordsOf(bytes: Buffer): Uint32Array {
  const words = new Uint32Array(bytes.length / 4);
  new Uint8Array(words.buffer).set(bytes);
  return words;
}

/** The records behind a finding as one file, so that its figures can be counted again when the retention took them. */
import { appendFileSync, rmSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { FileDigest } from '../../core/dossier/manifest.ts';
import type { LineSorter } from '../adapters/line-sorter.ts';
import { digestFile } from './digest-file.ts';

const BLOCK = 4 * 1024 * 1024;

/** One record a line, each exchange once, into the file `path`; `name` is how a manifest calls it. */
export async function writeHeld(
  held: LineSorter,
  path: string,
  name: string,
): Promise<FileDigest & { records: number }> {
  rmSync(path, { force: true });
  let block = '';
  let records = 0;
  let last = '';
  for (const line of held.sorted()) {
    const json = line.slice(line.lastIndexOf('\t') + 1);
    if (json === last) continue;
    last = json;
    block += `${json}\n`;
    records++;
    if (block.length < BLOCK) continue;
    appendFileSync(path, gzipSync(block), { mode: 0o600 });
    block = '';
  }
  appendFileSync(path, gzipSync(block), { mode: 0o600 });
  return { ...(await digestFile(path, name)), records };
}

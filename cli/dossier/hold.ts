/** The records behind a finding, copied to where no retention reaches, so that its figures can be counted again later. */
import { appendFileSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { FileDigest } from '../../core/dossier/manifest.ts';
import type { LineSorter } from '../adapters/line-sorter.ts';
import { digestFile } from './digest-file.ts';

const BLOCK = 4 * 1024 * 1024;

/** One record a line, each exchange once; the file is named by finding and sweep. */
export async function holdRecords(
  held: LineSorter,
  folder: string,
  name: string,
): Promise<FileDigest & { records: number }> {
  mkdirSync(folder, { recursive: true });
  const unfinished = join(folder, `.${name}`);
  rmSync(unfinished, { force: true });
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
    appendFileSync(unfinished, gzipSync(block), { mode: 0o600 });
    block = '';
  }
  appendFileSync(unfinished, gzipSync(block), { mode: 0o600 });
  renameSync(unfinished, join(folder, name));
  return { ...(await digestFile(join(folder, name), name)), records };
}

/** Records of a deployment's archive as files, in the folders they have there. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { dayFolder } from '../../../core/archive/layout.ts';
import type { ListedObjects } from '../../../lambdas/adapters/s3.ts';
import type { Records, Span } from '../../dossier/custody.ts';
import { InputError } from '../input/input-error.ts';

/** Objects fetched at one time. */
const READS = 16;

/** Exchanges of the days asked for, and all that was said of accounts and releases. */
export async function archived(
  objects: Pick<ListedObjects, 'get' | 'keys'>,
  bucket: string,
  { from, to }: Span,
): Promise<Records> {
  const folder = mkdtempSync(join(tmpdir(), 'stillwatch-archive-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const days = Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => dayFolder('usage', from + i));
  try {
    let found = 0;
    for (const prefix of ['account/', 'release/', ...days]) {
      const keys: string[] = [];
      for await (const key of objects.keys(prefix)) keys.push(key);
      for (let at = 0; at < keys.length; at += READS)
        await Promise.all(keys.slice(at, at + READS).map((key) => fetchTo(folder, key, objects)));
      found += keys.length;
    }
    if (found === 0) throw new InputError(`s3://${bucket}: the archive holds nothing of these days: name the records`);
  } catch (error) {
    remove();
    if (!/^(AccessDenied|Forbidden|403)/.test((error as Error).name)) throw error;
    throw new InputError(
      `you may not read the archive: it needs s3:ListBucket and s3:GetObject on ${bucket}, or name a copy of it as input`,
    );
  }
  return { inputs: [folder], nameOf: (path) => `s3://${bucket}/${relative(folder, path)}`, remove };
}

/** One that went in this moment, past its days, is nothing. */
async function fetchTo(folder: string, key: string, objects: Pick<ListedObjects, 'get'>): Promise<void> {
  const bytes = await objects.get(key);
  if (bytes === undefined) return;
  const path = join(folder, key);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
}

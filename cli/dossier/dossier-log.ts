/** The dossiers made of the findings of a folder, `dossiers.ndjson`: what the next one is chained to. */
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Edition } from '../../core/dossier/dossier.ts';
import { InputError } from '../adapters/input/input-error.ts';

export interface DossierLine {
  finding: string;
  edition: Edition;
  /** The sweep whose figures it states, RFC 3339. */
  at: string;
  body: string;
  root: string;
  prev: string | null;
  exchangeList: string;
  made: string;
  /** Of an external edition: where it is written who is who. */
  mapping?: string;
}

/** A deployment has no such folder: its chain is in the folders of the dossiers themselves. */
export function readDossierLog(at: string): DossierLine[] {
  if (at.startsWith('stack:')) return [];
  const file = join(at, 'dossiers.ndjson');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    throw new InputError(`${file}: cannot be read (${code})`);
  }
  try {
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as DossierLine);
  } catch {
    throw new InputError(`${file}: is damaged: a line is not JSON`);
  }
}

export function logDossier(at: string, line: DossierLine): void {
  if (!at.startsWith('stack:')) appendFileSync(join(at, 'dossiers.ndjson'), `${JSON.stringify(line)}\n`);
}

/** Root of the dossier before this one. The same dossier made again stands where it stood. */
export function previousRoot(
  log: readonly DossierLine[],
  { finding, edition, body }: Pick<DossierLine, 'finding' | 'edition' | 'body'>,
): { prev: string | null; known: boolean } {
  const last = log.findLast((line) => line.finding === finding && line.edition === edition);
  if (last === undefined) return { prev: null, known: false };
  return last.body === body ? { prev: last.prev, known: true } : { prev: last.root, known: false };
}

/** The log of the dossiers that were made: each names the root of the one before it, so that none can be taken back. */
import type { Edition } from './dossier.ts';

export interface DossierLine {
  finding: string;
  edition: Edition;
  /** The sweep whose figures it states, RFC 3339. */
  at: string;
  /** What it is, whatever came before it. */
  body: string;
  root: string;
  prev: string | null;
  exchangeList: string;
  /** RFC 3339. */
  made: string;
  /** Where its records are held out of the retention's reach. */
  held?: string;
  /** Of an external edition: where it is written who is who. */
  mapping?: string;
}

/** Lines have the places 1, 2, 3, ...; none is ever changed or removed. */
export interface DossierLog {
  /** In the order in which they were made. */
  read(): Promise<DossierLine[]>;
  /** Adds a line behind the place `after`, the last that its maker knew; false, and nothing written, where somebody was faster. */
  append(line: DossierLine, after: number): Promise<boolean>;
}

export class DossierLineError extends Error {
  override name = 'DossierLineError';
}

/** @throws DossierLineError where the value is no line of a log */
export function parseDossierLine(value: unknown): DossierLine {
  const line = value as DossierLine;
  const texts = ['finding', 'edition', 'at', 'body', 'root', 'exchangeList', 'made'] as const;
  const missing = texts.find((name) => typeof line?.[name] !== 'string');
  if (missing !== undefined) throw new DossierLineError(`${missing}: must be text`);
  return line;
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

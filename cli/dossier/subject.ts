/** The finding that a dossier or export is of, as its place knows it. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CaseEntry } from '../../core/cases/entry.ts';
import type { KnownAccounts } from '../../core/dossier/known-accounts.ts';
import { sha256 } from '../../core/dossier/manifest.ts';
import type { Excepted } from '../../core/dossier/throttle.ts';
import type { CaseLine } from '../../core/dossier/timeline.ts';
import type { Member } from '../../core/findings/finding.ts';
import type { Transition } from '../../core/findings/transition.ts';
import type { CaseView } from '../../core/messages/case-view.ts';
import type { Place } from '../../core/place.ts';
import { InputError } from '../adapters/input/input-error.ts';
import { sourceOf } from '../adapters/input/source.ts';
import { parseFormat, type ReadOptions } from '../adapters/input/values.ts';
import { openPlace } from '../adapters/place/open.ts';
import { readOrigin } from '../adapters/place/origin.ts';
import { entryWords } from '../commands/case-words.ts';
import { loadConfig, type ReplayConfig } from '../config.ts';

export interface Subject {
  place: Place;
  /** All of the finding, in time order. */
  transitions: Transition[];
  last: Transition;
  /** Members when it was last told. */
  held: Member[];
  /** Held at some time before that, and let go. */
  released: Member[];
  entries: CaseEntry[];
}

/** @throws InputError where there is no such finding */
export async function subjectOf(id: string, at: string): Promise<Subject> {
  const place = await openPlace(at);
  const transitions = (await place.transitions()).filter(({ finding }) => finding.id === id);
  const last = transitions.at(-1);
  if (last === undefined)
    throw new InputError(`${id}: no such finding in ${at}; stillwatch list --at ${at} names them`);
  const [held, members, entries] = await Promise.all([
    place.membersWhenTold(id),
    place.members(id),
    place.cases.read(),
  ]);
  const holds = new Set(held.map(({ account }) => account));
  const released = members.filter(
    ({ account, until }) => !holds.has(account) && until !== undefined && until <= last.finding.at,
  );
  return { place, transitions, last, held, released, entries };
}

export interface SourceChoice {
  inputs: string[];
  read: ReadOptions;
  config: ReplayConfig;
}

/** The inputs named, or else those that the folder was replayed from; and how to read them. */
export function sourcesFor(at: string, inputs: string[], options: { config?: string; format?: string }): SourceChoice {
  const origin = readOrigin(at);
  const config = options.config === undefined && origin ? origin.config : loadConfig(options.config);
  const format = options.format ?? (inputs.length === 0 ? origin?.format : undefined);
  const chosen = inputs.length > 0 ? inputs : (origin?.inputs ?? []).filter((input) => input !== '-');
  if (chosen.length === 0)
    throw new InputError(
      `no input: name the records that ${at} was made from${at.startsWith('stack:') ? ', or a copy of the archive of the deployment' : ''}`,
    );
  return {
    inputs: chosen,
    read: { source: sourceOf(config), format: format === undefined ? undefined : parseFormat(format) },
    config,
  };
}

/** Entries about this finding, and exceptions and plans that touch its accounts. */
export function caseLines({ entries, last }: Subject): CaseLine[] {
  return entries
    .filter((entry) => 'finding' in entry && entry.finding === last.finding.id)
    .map((entry) => ({ at: entry.at, action: entry.action, words: entryWords(entry).slice(entry.at.length).trim() }));
}

/**
 * Certain accounts under an exception of the finding's class. It holds as of the sweep that told the finding or the
 * latest entry of the log, whichever is later: the same log gives the same list.
 */
export function exceptedAccounts(subject: Subject, known: KnownAccounts): Excepted {
  const { entries, held, last } = subject;
  const now = entries.reduce((latest, { at }) => (at > latest ? at : latest), last.finding.at);
  const ended = new Set(entries.flatMap((entry) => (entry.action === 'exception-end' ? [entry.id] : [])));
  const accounts = new Set<string>();
  const ids = new Set<string>();
  for (const entry of entries) {
    if (entry.action !== 'exception' || ended.has(entry.id) || entry.until <= now) continue;
    if (!entry.classifications.includes(last.finding.classification)) continue;
    for (const { account } of held) {
      const scope = entry.scope;
      const covers =
        ('account' in scope && scope.account === account) || ('org' in scope && scope.org === known.of(account).org);
      if (!covers) continue;
      accounts.add(account);
      ids.add(entry.id);
    }
  }
  return { accounts, ids: [...ids].sort() };
}

/** Exchanges that came after the sweep of their time, as a replay counted them; null where nobody did. */
export function lateOf(at: string): number | null {
  try {
    const { late } = JSON.parse(readFileSync(join(at, 'summary.json'), 'utf8')) as { late?: number };
    return late ?? null;
  } catch {
    return null;
  }
}

export function buildOf({ settings }: ReplayConfig): { version: string; config: string } {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return { version, config: sha256(JSON.stringify(settings)).slice(0, 8) };
}

/** Verdict and state as an export tells them. */
export function caseView({ entries, last }: Subject): Pick<CaseView, 'state' | 'verdict'> {
  const own = entries.filter((entry) => 'finding' in entry && entry.finding === last.finding.id);
  const verdict = own.findLast(({ action }) => action === 'verdict');
  const said = verdict?.action === 'verdict' ? verdict.verdict : null;
  if (said !== null && said !== 'confirmed') return { state: 'judged', verdict: said };
  return { state: own.some(({ action }) => action !== 'note') ? 'acked' : 'new', verdict: said };
}

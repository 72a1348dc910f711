/** The finding that a dossier or export is of, as its place knows it. */

import { readFileSync } from 'node:fs';
import type { CaseEntry } from '../../core/cases/entry.ts';
import type { KnownAccounts } from '../../core/dossier/known-accounts.ts';
import { sha256 } from '../../core/dossier/manifest.ts';
import type { Excepted } from '../../core/dossier/throttle.ts';
import type { CaseLine } from '../../core/dossier/timeline.ts';
import type { Member } from '../../core/findings/finding.ts';
import type { Transition } from '../../core/findings/transition.ts';
import type { CaseView } from '../../core/messages/case-view.ts';
import type { Place } from '../../core/place.ts';
import { DAY_MS } from '../../core/records/time.ts';
import { InputError } from '../adapters/input/input-error.ts';
import { sourceOf } from '../adapters/input/source.ts';
import { parseFormat, type ReadOptions } from '../adapters/input/values.ts';
import { openPlace, openWatch } from '../adapters/place/open.ts';
import { entryWords } from '../commands/case-words.ts';
import { loadConfig, type ReplayConfig } from '../config.ts';
import type { Custody, Span } from './custody.ts';

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
  /** How a file is called in a manifest. */
  nameOf(path: string): string;
  /** Once they have been read. */
  remove(): void;
}

export interface SourceOptions {
  config?: string;
  format?: string;
  /** Whether every exchange that the sweep remembered is asked for, and not only the days of the finding. */
  population?: boolean;
}

/** The inputs named, or else those of the place: what a folder was replayed from, a deployment's archive. */
export async function sourcesFor(
  subject: Subject,
  custody: Custody,
  inputs: string[],
  options: SourceOptions,
): Promise<SourceChoice> {
  const config = options.config === undefined ? custody.config : loadConfig(options.config);
  const own = inputs.length > 0 ? { inputs } : await custody.records(spanOf(subject, config, options.population));
  if (own === undefined) throw new InputError(`no input: name the records that ${subject.place.name} was made from`);
  const { format = options.format, nameOf = (path: string) => path, remove = () => {} } = own;
  return {
    inputs: own.inputs,
    read: { source: sourceOf(config), format: format === undefined ? undefined : parseFormat(format) },
    config,
    nameOf,
    remove,
  };
}

/** From the first exchange of whoever was ever held, or from as far back as the sweep remembered. */
function spanOf({ held, released, last }: Subject, { settings }: ReplayConfig, population = false): Span {
  const to = Math.floor(Date.parse(last.finding.at) / DAY_MS);
  const first = [...held, ...released].reduce((least, { since }) => (since < least ? since : least), last.finding.at);
  return { from: population ? to - settings.retentionDays : Math.floor(Date.parse(first) / DAY_MS), to };
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

/** What came in while the finding grew, as far as the place counted it: set aside, and too late. Null where nobody did. */
export async function intakeOf({ place, last }: Subject): Promise<{ quarantined: number | null; late: number | null }> {
  const { at, window } = last.finding;
  try {
    const { watch } = await openWatch(place.name);
    const { quarantined, late } = await watch.intake(Date.parse(window.from), Date.parse(at));
    return { quarantined, late };
  } catch (error) {
    if (error instanceof InputError) return { quarantined: null, late: null };
    throw error;
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

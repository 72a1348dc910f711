/** The finding that a dossier or export is of, as its place knows it. */

import type { CaseState } from '../../core/cases/case-state.ts';
import { coveredAccounts, type Seen, silencesOf } from '../../core/cases/cover.ts';
import type { CaseEntry } from '../../core/cases/entry.ts';
import { casesAt } from '../../core/cases/now.ts';
import type { Excepted } from '../../core/dossier/throttle.ts';
import type { CaseLine } from '../../core/dossier/timeline.ts';
import type { Member } from '../../core/findings/finding.ts';
import type { Transition } from '../../core/findings/transition.ts';
import { type Build, buildOf } from '../../core/judged-by.ts';
import type { Place } from '../../core/place.ts';
import { DAY_MS } from '../../core/records/time.ts';
import { InputError } from '../adapters/input/input-error.ts';
import { sourceOf } from '../adapters/input/source.ts';
import { parseFormat, type ReadOptions } from '../adapters/input/values.ts';
import { openPlace, openWatch } from '../adapters/place/open.ts';
import { entryWords } from '../commands/case-words.ts';
import { loadConfig, type ReplayConfig } from '../config.ts';
import { programVersion } from '../version.ts';
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
  /** When the finding was last told or anybody last decided anything, RFC 3339: the same log gives the same dossier. */
  asOf: string;
  /** Its case then. */
  decided: CaseState;
  /** What silences are held against. */
  seen: Seen | undefined;
}

/** @throws InputError where there is no such finding */
export async function subjectOf(id: string, at: string): Promise<Subject> {
  const place = await openPlace(at);
  const all = await place.transitions();
  const transitions = all.filter(({ finding }) => finding.id === id);
  const last = transitions.at(-1);
  if (last === undefined)
    throw new InputError(`${id}: no such finding in ${at}; stillwatch list --at ${at} names them`);
  const [held, members, entries, { findings }] = await Promise.all([
    place.membersWhenTold(id),
    place.members(id),
    place.cases.read(),
    place.desk(),
  ]);
  const asOf = entries.reduce((latest, { at }) => (at > latest ? at : latest), last.finding.at);
  const decided = casesAt({ log: entries, findings, transitions: all }, Date.parse(asOf)).get(id)!;
  const holds = new Set(held.map(({ account }) => account));
  const released = members.filter(
    ({ account, until }) => !holds.has(account) && until !== undefined && until <= last.finding.at,
  );
  return { place, transitions, last, held, released, entries, asOf, decided, seen: findings.get(id)?.seen };
}

export interface SourceChoice {
  inputs: string[];
  /** Those of them that the caller named. */
  named: string[];
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
    named: inputs,
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

/** Accounts of the finding under an exception or a plan, as the case has it. */
export function exceptedAccounts({ entries, held, last, decided, seen, asOf }: Subject): Excepted {
  // A finding that cleared holds its members still, as far as a gateway is concerned.
  const members = held.map(({ until: _, ...member }) => member);
  const covered = { finding: last.finding, members, seen, coverVoid: decided.coverVoid };
  const { accounts, covers } = coveredAccounts(covered, silencesOf(entries), asOf);
  return { accounts, ids: covers.map(({ id }) => id).sort() };
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

export function buildUnder({ settings }: ReplayConfig): Build {
  return buildOf(settings, programVersion());
}

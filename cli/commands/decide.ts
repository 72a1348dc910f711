/** One decision: checked, added to the log where nobody was faster, and printed with the state that it leads to. */

import { type CaseEntry, CaseEntryError, type NewEntry, parseEntry, subjectOf } from '../../core/cases/entry.ts';
import { type CasesNow, casesNow } from '../../core/cases/now.ts';
import { CaseRuleError, checkEntry, stateWords } from '../../core/cases/rules.ts';
import type { Place } from '../../core/place.ts';
import { isoTime, isTime } from '../../core/records/time.ts';
import { durationMs } from '../../core/settings.ts';
import { InputError } from '../adapters/input/input-error.ts';
import { actor, openPlace } from '../adapters/place/open.ts';
import { entryWords, scopeWords } from './case-words.ts';

export interface Deciding {
  at: string;
  by?: string;
  json?: boolean;
}

export interface Moment {
  /** ms since 1970, and the same as RFC 3339. */
  now: number;
  at: string;
  by: string;
  cases: CasesNow;
  place: Place;
}

/** Two entries on other subjects get out of each other's way; on the same one the second is told. */
const ATTEMPTS = 5;

/** `make` gives undefined where the decision stands already. @throws InputError; Error where somebody was faster */
export async function decide(args: Deciding, make: (moment: Moment) => NewEntry | undefined): Promise<void> {
  const place = await openPlace(args.at);
  const by = await actor(args.at, args.by);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const now = Date.now();
    const cases = await casesNow(place, now);
    const entry = make({ now, at: isoTime(now), by, cases, place });
    if (entry === undefined) return;
    await check(entry, cases, now, place);
    const added = await place.cases.append(entry, cases.log.length);
    if (added !== undefined) return print(added, await casesNow(place, now), args);
    await yieldTo(entry, cases.log.length, place);
  }
  throw new Error('the log of decisions is busy; nothing was written, try again');
}

async function check(entry: NewEntry, { book }: CasesNow, now: number, place: Place): Promise<void> {
  try {
    parseEntry({ ...entry, seq: 1 });
    checkEntry(entry, { book, now });
  } catch (error) {
    if (error instanceof CaseRuleError || error instanceof CaseEntryError) throw new InputError(error.message);
    throw error;
  }
  if ('scope' in entry && !(await place.knows(entry.scope)))
    throw new InputError(
      `--${scopeWords(entry.scope)}: matches nothing in ${place.name}; an exception of it would never hold`,
    );
}

/** @throws Error where what was added meanwhile is about the same */
async function yieldTo(entry: NewEntry, after: number, place: Place): Promise<void> {
  const subject = subjectOf(entry);
  const rival = (await place.cases.read(after)).find((other) => subjectOf(other) === subject);
  if (rival === undefined) return;
  const { states } = await casesNow(place, Date.now());
  const held = states.get(subject);
  throw new Error(
    `somebody was faster: ${entryWords(rival)}; ${subject} is ${held ? stateWords(held) : 'changed'} now. Nothing was written; repeat it if it still holds`,
  );
}

function print(entry: CaseEntry, { states, findings }: CasesNow, { json }: Deciding): void {
  const held = 'finding' in entry ? states.get(entry.finding) : undefined;
  if (json) {
    console.log(JSON.stringify({ entry, ...(held ? { state: held.state } : {}) }));
    return;
  }
  console.log(entryWords(entry));
  if (held) console.log(`${held.finding} is ${stateWords(held)}`);
  if (!('scope' in entry)) return;
  const covered = [...states.values()].filter(({ covers }) => covers.some(({ id }) => id === entry.id));
  for (const { finding, state, covers } of covered) {
    const { accounts } = covers.find(({ id }) => id === entry.id)!;
    const certain = (findings.get(finding)?.members ?? []).filter(
      ({ confidence, until }) => confidence === 'certain' && until === undefined,
    ).length;
    console.log(`${finding} is ${state}: it covers ${accounts} of ${certain} certain accounts`);
  }
}

/** `4h` from now, or a time of its own. @throws InputError */
export function endOption(option: string, text: string, now: number): string {
  const ms = durationMs(text);
  if (ms !== undefined) return isoTime(now + ms);
  if (!isTime(text)) throw new InputError(`${option} ${text}: must be a duration as 90m, 4h or 30d, or a time in UTC`);
  return isoTime(Date.parse(text));
}

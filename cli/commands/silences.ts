/** `exception` and `plan`: what is silent for a while, by whose decision and until when. */
import { randomBytes } from 'node:crypto';
import { coverOf, endOf, isActive, type Silence, silencesOf } from '../../core/cases/cover.ts';
import type { EntryOf, Scope } from '../../core/cases/entry.ts';
import { type CasesNow, casesNow } from '../../core/cases/now.ts';
import { CLASSIFICATIONS, type Classification } from '../../core/findings/finding.ts';
import type { ToldMessage } from '../../core/place.ts';
import { DAY_MS, isoTime } from '../../core/records/time.ts';
import { InputError } from '../adapters/input/input-error.ts';
import { openPlace } from '../adapters/place/open.ts';
import { scopeWords } from './case-words.ts';
import { type Deciding, decide, endOption, type Moment } from './decide.ts';
import { table } from './tables.ts';

interface ScopeOptions {
  account?: string;
  org?: string;
  template?: string;
}

export interface ExceptionAdd extends Deciding, ScopeOptions {
  classification: string;
  until: string;
  reason: string;
  owner: string;
  approvedBy?: string;
  ceiling?: string;
  dryRun?: boolean;
}

export async function exceptionAddCommand(args: ExceptionAdd): Promise<void> {
  const scope = scopeOf(args);
  const classifications = classesOf(args.classification);
  const ceiling = args.ceiling === undefined ? {} : { ceiling: perDay(args.ceiling) };
  const id = `exc-${randomBytes(3).toString('hex')}`;
  const { reason, owner, approvedBy } = args;
  const entryOf = ({ at, by, now }: Pick<Moment, 'at' | 'by' | 'now'>) => ({
    action: 'exception' as const,
    id,
    scope,
    classifications,
    until: endOption('--until', args.until, now),
    reason,
    owner,
    ...(approvedBy === undefined ? {} : { approvedBy }),
    ...ceiling,
    at,
    by,
  });
  if (!args.dryRun) {
    await decide(args, entryOf);
    return;
  }
  const place = await openPlace(args.at);
  const now = Date.now();
  const cases = await casesNow(place, now);
  if (!(await place.knows(scope))) throw new InputError(`--${scopeWords(scope)}: matches nothing in ${place.name}`);
  const entry = { ...entryOf({ at: isoTime(now), by: owner, now }), seq: cases.log.length + 1 };
  const held = wouldHold(entry, cases, now, await place.messages());
  if (args.json) console.log(JSON.stringify({ held }));
  else if (held.length === 0) console.log('it would have held no message of the last 30 days');
  else for (const line of held) console.log(line);
}

const LOOK_BACK_MS = 30 * DAY_MS;

/** Messages of the last 30 days that the exception alone would have kept back. */
function wouldHold(
  entry: EntryOf<'exception'>,
  { findings }: CasesNow,
  now: number,
  messages: readonly ToldMessage[],
): string[] {
  const since = isoTime(now - LOOK_BACK_MS);
  const silence: Silence = { entry: { ...entry, at: since } };
  return messages
    .filter(({ at, message }) => {
      if (at < since || message.finding === null || 'line' in message) return false;
      const { members = [], seen } = findings.get(message.finding.id) ?? {};
      const then = members.filter(({ claimed, until }) => claimed <= at && (until === undefined || until > at));
      const claimed = then.map(({ until: _, ...member }) => member);
      return coverOf({ finding: message.finding, members: claimed, seen, coverVoid: 0 }, [silence], at).complete;
    })
    .map(({ at, message }) => `${at}  ${message.title}`);
}

export interface PlanAdd extends Deciding, ScopeOptions {
  from: string;
  to: string;
  maxExchanges?: string;
  maxOutput?: string;
  reason: string;
  owner: string;
}

export async function planAddCommand(args: PlanAdd): Promise<void> {
  const scope = scopeOf(args);
  if ('template' in scope) throw new InputError('--template: a plan is for an account or an organisation');
  const ceiling = planCeiling(args);
  const id = `plan-${randomBytes(3).toString('hex')}`;
  const { reason, owner } = args;
  await decide(args, ({ at, by, now }) => {
    const from = endOption('--from', args.from, now);
    const to = endOption('--to', args.to, now);
    return { action: 'plan', id, scope, from, to, ceiling, reason, owner, at, by };
  });
}

function planCeiling({ maxExchanges, maxOutput }: PlanAdd): EntryOf<'plan'>['ceiling'] {
  if ((maxExchanges === undefined) === (maxOutput === undefined))
    throw new InputError('--max-exchanges or --max-output: name one of the two');
  return maxExchanges === undefined
    ? { output: whole('--max-output', maxOutput!) }
    : { exchanges: whole('--max-exchanges', maxExchanges) };
}

export async function silenceEndCommand(kind: 'exception' | 'plan', id: string, args: Deciding): Promise<void> {
  await decide(args, ({ at, by, cases }) => {
    const held = silencesOf(cases.log).find(({ entry }) => entry.id === id && entry.action === kind);
    if (held === undefined) throw new InputError(`${id}: no such ${kind}; stillwatch ${kind} list names them`);
    if (endOf(held) <= at) throw new InputError(`${id}: ended ${endOf(held)} already`);
    return { action: kind === 'exception' ? 'exception-end' : 'plan-end', id, at, by };
  });
}

export async function silenceListCommand(kind: 'exception' | 'plan', { at, json }: Deciding): Promise<void> {
  const now = isoTime(Date.now());
  const { log, states } = await casesNow(await openPlace(at), Date.parse(now));
  const silences = silencesOf(log).filter(({ entry }) => entry.action === kind);
  const coveredBy = (id: string) =>
    [...states.values()].filter(({ covers }) => covers.some((cover) => cover.id === id)).map(({ finding }) => finding);
  if (json) {
    const rows = silences.map((silence) => ({
      ...silence.entry,
      ends: endOf(silence),
      active: isActive(silence, now),
      findings: coveredBy(silence.entry.id),
    }));
    console.log(JSON.stringify(rows));
    return;
  }
  if (silences.length === 0) {
    console.log(`no ${kind}s`);
    return;
  }
  const rows = silences.map((silence) => {
    const { id, owner, scope, reason } = silence.entry;
    const state = isActive(silence, now) ? 'active' : endOf(silence) <= now ? 'over' : 'to come';
    const found = coveredBy(id).join(',') || '-';
    return [id, state, endOf(silence).slice(0, 16), owner, scopeWords(scope), found, reason];
  });
  const head = ['id', 'state', 'ends', 'owner', 'scope', 'findings', 'reason'];
  for (const line of table(head, rows)) console.log(line);
}

function scopeOf({ account, org, template }: ScopeOptions): Scope {
  const given = [account, org, template].filter((value) => value !== undefined);
  if (given.length !== 1) throw new InputError('--account, --org or --template: name one');
  if (account !== undefined) return { account };
  return org === undefined ? { template: template! } : { org };
}

function classesOf(text: string): Classification[] {
  const classes = text.split(',').map((each) => each.trim());
  const unknown = classes.find((each) => !CLASSIFICATIONS.includes(each as Classification));
  if (unknown !== undefined)
    throw new InputError(`--classification ${unknown}: no such class; choose from ${CLASSIFICATIONS.join(', ')}`);
  return classes as Classification[];
}

function perDay(text: string): number {
  const match = /^(\d+)\/d$/.exec(text);
  if (match === null) throw new InputError(`--ceiling ${text}: must be exchanges a day, as 5000/d`);
  return whole('--ceiling', match[1]!);
}

function whole(option: string, text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InputError(`${option} ${text}: must be a whole number above 0`);
  return Number(text);
}

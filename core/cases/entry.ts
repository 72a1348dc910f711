/**
 * What people decide, one entry per decision: a line of `cases.ndjson`, or an item of the case table. Entries are only
 * ever added. Whoever takes a decision back adds the entry that ends it.
 */
import { CLASSIFICATIONS } from '../findings/finding.ts';
import { isTime } from '../records/time.ts';
import * as z from '../zod.ts';

export const VERDICTS = [
  'confirmed',
  'benign-planned',
  'benign-shared-egress',
  'benign-reseller',
  'benign-cohort',
  'benign-integration-bug',
  'duplicate',
  'unknown',
] as const;
export type Verdict = (typeof VERDICTS)[number];

export const NOTE_LIMIT = 4000;
const REASON_LIMIT = 1000;

function text(most: number) {
  const longest = `must have at most ${most.toLocaleString('en-US')} characters`;
  return z.string().check(z.trim(), z.minLength(1, 'must not be empty'), z.maxLength(most, longest));
}

const time = z.string().check(z.refine(isTime, 'must be a time in UTC, as 2026-06-22T00:00:00Z'));
/** A person, a team, a role: whatever the caller is known as. */
const who = text(200);
const id = z.string().check(z.regex(/^[a-z0-9_-]{1,16}$/i, 'must be an id of at most 16 letters and digits'));
const reason = text(REASON_LIMIT);
const name = z
  .string()
  .check(z.minLength(1, 'must not be empty'), z.maxLength(256, 'must have at most 256 characters'));

/** Whom an exception or plan is about: one account, one organisation, or all who use one prompt template. */
export const scopeSchema = z.union([
  z.strictObject({ account: name }),
  z.strictObject({ org: name }),
  z.strictObject({ template: name }),
]);
export type Scope = z.output<typeof scopeSchema>;

const planScope = z.union([z.strictObject({ account: name }), z.strictObject({ org: name })]);
const count = z.int().check(z.gte(1));

const head = {
  /** Place in the log, from 1. */
  seq: count,
  at: time,
  by: who,
};
const onFinding = { ...head, finding: id };

export const caseEntrySchema = z.discriminatedUnion('action', [
  z.strictObject({ ...onFinding, action: z.literal('ack') }),
  z.strictObject({ ...onFinding, action: z.literal('assign'), to: who }),
  z.strictObject({
    ...onFinding,
    action: z.literal('note'),
    text: text(NOTE_LIMIT),
  }),
  z.strictObject({ ...onFinding, action: z.literal('snooze'), until: time, reason, owner: who }),
  z.strictObject({ ...onFinding, action: z.literal('snooze-end') }),
  z.strictObject({ ...onFinding, action: z.literal('verdict'), verdict: z.enum(VERDICTS), reason, of: z.optional(id) }),
  z.strictObject({
    ...head,
    action: z.literal('exception'),
    id,
    scope: scopeSchema,
    classifications: z.array(z.enum(CLASSIFICATIONS)).check(z.minLength(1)),
    until: time,
    reason,
    owner: who,
    /** A second person, where a classification needs one. */
    approvedBy: z.optional(who),
    /** Exchanges a day of the finding's accounts above which it no longer holds. */
    ceiling: z.optional(count),
  }),
  z.strictObject({ ...head, action: z.literal('exception-end'), id }),
  z.strictObject({
    ...head,
    action: z.literal('plan'),
    id,
    scope: planScope,
    from: time,
    to: time,
    /** Of one finding's accounts on the days of the plan. */
    ceiling: z.union([z.strictObject({ exchanges: count }), z.strictObject({ output: count })]),
    reason,
    owner: who,
  }),
  z.strictObject({ ...head, action: z.literal('plan-end'), id }),
]);
export type CaseEntry = z.output<typeof caseEntrySchema>;
export type EntryOf<A extends CaseEntry['action']> = Extract<CaseEntry, { action: A }>;

/** An entry before it has a place in the log. */
export type NewEntry = { [A in CaseEntry['action']]: Omit<EntryOf<A>, 'seq'> }[CaseEntry['action']];

export class CaseEntryError extends Error {
  override name = 'CaseEntryError';
}

/** Throws a `CaseEntryError` of one line. An unknown key is wrong: what is not understood must not be silence. */
export function parseEntry(value: unknown): CaseEntry {
  const result = caseEntrySchema.safeParse(value);
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0]!;
  throw new CaseEntryError(`${path.length > 0 ? `${path.join('.')}: ` : ''}${message}`);
}

/** What an entry is about: a finding, an exception or a plan. Two people at one subject see each other. */
export function subjectOf(entry: NewEntry | CaseEntry): string {
  return 'finding' in entry ? entry.finding : entry.id;
}

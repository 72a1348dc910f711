/** Every setting of detection, lifecycle and messages in one place: parsed once, documented field by field. */
import { CAMPAIGN_SLUGS, EVIDENCE_GROUPS } from './findings/finding.ts';
import { WEEKDAYS } from './outbox/hours.ts';
import { TIME } from './records/format.ts';
import { isTime } from './records/time.ts';
import * as z from './zod.ts';

const number = (...checks: Parameters<ReturnType<typeof z.number>['check']>) => z.number().check(...checks);
const share = number(z.gte(0), z.lte(1));
const positiveShare = number(z.gt(0), z.lte(1));

const duration = z.string().check(z.regex(/^\d+[mhd]$/, 'must be a duration, as 90m, 6h or 1d'));

const shadowed = z.enum(CAMPAIGN_SLUGS, {
  error: ({ input }) => `${JSON.stringify(input)} is no detector of campaigns; they are ${CAMPAIGN_SLUGS.join(', ')}`,
});

const detection = z.strictObject({
  /** Level of e-BH over the candidates of a sweep: the largest share of findings expected to be false. */
  alpha: z._default(positiveShare, 0.05),
  /** Power of the product over evidence groups; below 1 it allows for weak dependence between groups. */
  lambda: z._default(positiveShare, 0.65),
  /** Fewest accounts in a campaign. */
  minAccounts: z._default(z.int().check(z.gte(3)), 10),
  /** Fewest organisations in a campaign. */
  minOrgs: z._default(z.int().check(z.gte(2)), 3),
  /** Nats at which an evidence group counts as positive (e-value of 10). */
  positiveNats: z._default(number(z.gte(0)), 2.3),
  /** Evidence groups that are not looked at, to see what each is worth. */
  withoutGroups: z._default(z.array(z.enum(EVIDENCE_GROUPS)), []),
  /**
   * Detectors of campaigns whose evidence is measured, kept and reported weekly, and counts for nothing: to see what one
   * would change before it does, or after it has gone wrong.
   */
  shadow: z._default(z.array(shadowed), []),
  /** Level of Benjamini-Hochberg over consumers. */
  consumerAlpha: z._default(positiveShare, 0.1),
  /** Consumers told at most, per week and million accounts; at least one. */
  consumerBudget: z._default(number(z.gte(0)), 20),
});

const lifecycle = z.strictObject({
  /** Days without an exchange of a certain member after which a campaign is cleared. */
  quietDays: z._default(number(z.gte(1)), 7),
  /** Days after clearing in which a return reopens the same finding. */
  reopenDays: z._default(number(z.gte(0)), 14),
  /** Share of expected 5-minute slots with data that the quiet time must have to count as quiet. */
  coverage: z._default(share, 0.95),
});

const clock = z.string().check(z.regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day, as 08:30'));

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
const timeZone = z.string().check(z.refine(isTimeZone, 'must be the IANA name of a time zone, as Europe/Berlin'));

const hours = z
  .strictObject({
    /** Working days. */
    days: z._default(z.array(z.enum(WEEKDAYS)).check(z.minLength(1)), ['Mon', 'Tue', 'Wed', 'Thu', 'Fri']),
    /** Local time, as 08:30. */
    from: clock,
    /** Local time, later than `from`. */
    to: clock,
    /** IANA name, as Europe/Berlin. */
    timeZone: z._default(timeZone, 'Etc/UTC'),
  })
  .check(z.refine(({ from, to }) => from < to, { path: ['to'], message: 'must be later than from' }));

const alerts = z.strictObject({
  /** After a message on a finding, changes that are not grave wait until this long has passed, as `6h`. */
  fold: z._default(duration, '6h'),
  /** Pages a UTC day; further SEV2 share one page that gives their number. */
  maxPagesPerDay: z._default(z.int().check(z.gte(1)), 20),
  /** When SEV2 rings and SEV3 is told people; outside, they wait for the next working hour. Left out: always. */
  hours: z.optional(hours),
  /** Names the account of a consumer finding in its messages. */
  showAccount: z._default(z.boolean(), false),
});

const messages = z.strictObject({
  /** Where the runbook lives; the finding's kind is appended as an anchor. */
  runbook: z._default(z.string().check(z.minLength(1)), 'docs/runbook.md'),
});

const sharedKey = z.strictObject({
  key: z.string().check(z.regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be letters, digits, dots, _ and -, 64 at most')),
  since: z.optional(
    z.string().check(z.regex(TIME, 'must be an RFC 3339 time in UTC'), z.refine(isTime, 'must be a calendar date')),
  ),
});

export const settingsSchema = z.readonly(
  z.strictObject({
    /** Name of this deployment in keys and messages. */
    deployment: z._default(
      z.string().check(z.regex(/^[a-z0-9-]{1,32}$/, 'lower-case letters, digits and - only')),
      'local',
    ),
    /** Days of memory. Older usage is quarantined, older aggregates expire. */
    retentionDays: z._default(z.int().check(z.gte(7), z.lte(400)), 90),
    detection: z.prefault(detection, {}),
    lifecycle: z.prefault(lifecycle, {}),
    alerts: z.prefault(alerts, {}),
    messages: z.prefault(messages, {}),
    /**
     * USD that an ordinary customer pays for a million output tokens, by model: what alerts, reports and dossiers speak of
     * money with. A model that is not in it is said to have no price, never guessed.
     */
    listPrices: z._default(z.record(z.string().check(z.minLength(1), z.maxLength(128)), number(z.gte(0))), {}),
    /**
     * Groups of deployments that fingerprint under one key, by name; `export --as stix --shared-key NAME` tells the group what
     * links a campaign. `key` is what the group calls that key, its epoch; from `since` on this deployment's records are
     * named by it, always where it is left out. Left out: no key is shared.
     */
    sharedKeys: z.optional(
      z.record(
        z.string().check(z.regex(/^[a-z0-9-]{1,32}$/, 'must be named in lower-case letters, digits and -')),
        sharedKey,
      ),
    ),
  }),
);

export type Settings = z.infer<typeof settingsSchema>;
export type SettingsInput = z.input<typeof settingsSchema>;

export class SettingsError extends Error {
  override name = 'SettingsError';
}

/** Throws a `SettingsError` of one line that names the setting and what it must be. */
export function parseSettings(value: unknown): Settings {
  const result = settingsSchema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const path = issue.path.length > 0 ? issue.path.join('.') : 'settings';
  throw new SettingsError(`${path}: ${issue.message}`);
}

const UNITS_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `90m`, `6h`, `30d` in milliseconds; undefined where it is none. */
export function durationMs(text: string): number | undefined {
  const match = /^(\d+)([mhd])$/.exec(text);
  return match ? Number(match[1]) * UNITS_MS[match[2] as keyof typeof UNITS_MS] : undefined;
}

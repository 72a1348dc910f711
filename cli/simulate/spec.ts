/** The description of a world: one JSON object. Everything but `seed` and `days` has a default. */
import * as z from 'zod';
import { TIERS } from './models.ts';

const share = z.number().min(0).max(1);
const days = z.number().int().min(1).max(400);
const name = z.string().min(1).max(64);

const benign = z.strictObject({
  /** Accounts at the end of the window; those not yet signed up at its start are among them. */
  accounts: z.number().int().min(0).max(20_000_000).default(1000),
  /** Multiplies every rate; 1 gives about five exchanges per account and day, dormant accounts counted. */
  intensity: z.number().positive().max(100).default(1),
  /** Ceiling on one account's exchanges a day. */
  maxPerDay: z.number().int().min(1).max(1_000_000).default(20_000),
  /** Share of accounts that belong to an organisation of two or more. */
  orgShare: share.default(0.35),
  /** Pareto exponent of organisation sizes: the smaller, the larger the largest. */
  orgTail: z.number().min(0.6).max(4).default(1.25),
  /** Share of organisations whose accounts do not name it. */
  orgsUndeclared: share.default(0.05),
  /** Share of the accounts that signed up inside the window; follows from `growth` where absent. */
  newShare: share.optional(),
  /** Sign-ups of one month over those of the month before, less one. */
  growth: z.number().min(-0.5).max(2).default(0.04),
  /** Share of conversations that begin with a published transcript, and so present outputs of other accounts. */
  pastes: share.default(0.002),
  /** Whether free and pro accounts are throttled at their plan's daily limit. */
  planLimits: z.boolean().default(true),
});

const campaign = z.strictObject({
  /** `A1` and so on. */
  scenario: z.string(),
  name: name.optional(),
  accounts: z.number().int().min(1).max(1_000_000).optional(),
  /** Exchanges per account and day, mean over the campaign. */
  ratePerDay: z.number().positive().max(100_000).optional(),
  /** First day of traffic, 0 is the first of the window; may be a fraction. */
  start: z.number().min(0).default(0),
  days: days.optional(),
  /** Settings of the operator that differ from the scenario's. */
  overrides: z.record(z.string(), z.unknown()).default({}),
});

const lookalike = z.strictObject({
  /** `B1` and so on. */
  scenario: z.string(),
  name: name.optional(),
  /** Accounts. */
  size: z.number().int().min(1).max(1_000_000).optional(),
  /** First day, 0 is the first of the window. */
  start: z.number().min(0).default(0),
  /** Settings of the scenario by name. */
  options: z.record(z.string(), z.number()).default({}),
});

const noise = z.strictObject({
  /** Share of usage records delivered twice, the second within ten minutes. */
  duplicates: share.default(0.002),
  /** Share of usage records delivered up to 55 minutes after their place in the order. */
  late: share.default(0.001),
  /** Probability that an optional part of a record is missing, part by part. */
  missing: share.default(0.01),
  /** Parts that this deployment never sends, such as `network`, `prompt.sketch` or `custody`. */
  withoutFields: z.array(z.string()).default([]),
  /** Share of accounts of which the platform never sends a record. */
  accountsWithoutRecord: share.default(0.01),
});

export const worldSpecSchema = z.strictObject({
  seed: z.string().min(1).max(128),
  /** Midnight UTC of the first day. */
  start: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}T00:00:00(\.000)?Z$/, 'not midnight UTC of a day, like 2026-04-15T00:00:00.000Z')
    .refine((value) => !Number.isNaN(Date.parse(value)), 'not a calendar date')
    .default('2026-04-15T00:00:00.000Z'),
  days,
  benign: benign.prefault({}),
  campaigns: z.array(campaign).default([]),
  lookalikes: z.array(lookalike).default([]),
  noise: noise.prefault({}),
  releases: z
    .array(z.strictObject({ model: name, tier: z.enum(TIERS).default('large'), day: z.number().min(0) }))
    .default([]),
  /** Days of the window on which offices are closed. */
  holidays: z.array(z.number().int().min(0)).default([]),
  /** Times at which the platform fails most exchanges. */
  outages: z.array(z.strictObject({ day: z.number().min(0), minutes: z.number().positive().max(1440) })).default([]),
});

export type WorldSpec = z.input<typeof worldSpecSchema>;
export type World = z.output<typeof worldSpecSchema>;
export type CampaignSpec = z.output<typeof campaign>;
export type LookalikeSpec = z.output<typeof lookalike>;

/** The description is wrong; the message says where and how to mend it. */
export class WorldSpecError extends Error {
  override name = 'WorldSpecError';
}

/** @throws WorldSpecError naming the first field that is wrong. */
export function parseWorld(value: unknown, source = 'world'): World {
  const parsed = worldSpecSchema.safeParse(value);
  if (parsed.success) return distinct(parsed.data, source);
  const issue = parsed.error.issues[0];
  const where = issue?.path.length ? ` at ${issue.path.join('.')}` : '';
  throw new WorldSpecError(`${source}${where}: ${issue?.message ?? 'not a world'}.`);
}

/** Groups of one name would have the same accounts. */
function distinct(world: World, source: string): World {
  for (const kind of ['campaigns', 'lookalikes'] as const) {
    const names = world[kind].flatMap((group) => group.name ?? []);
    const twice = names.find((one, i) => names.indexOf(one) !== i);
    if (twice)
      throw new WorldSpecError(`${source} at ${kind}: two groups are called ${twice}. Give each its own name.`);
  }
  return world;
}

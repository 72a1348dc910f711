/**
 * The watch on the watch: what makes "nothing found" worth nothing. One alarm per cause, however many findings it
 * touches, told once when it begins and once when it is over.
 */
export const WATCH_CAUSES = [
  'no_records',
  'sweep_missed',
  'coverage',
  'recount_drift',
  'quarantine',
  'delivery_failed',
  'records_expiring',
  'page_quota',
] as const;
export type WatchCause = (typeof WATCH_CAUSES)[number];

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
export const SILENT_MS = 15 * MINUTE_MS;
/** A sweep is missed when this much of its interval has passed beyond it. */
const SWEEP_SLACK = 1.25;
export const LEAST_COVERAGE = 0.95;
export const MOST_QUARANTINED = 0.01;
export const EXPIRING_DAYS = 14;

/** What is known of the pipeline at one time. A fact that is not known raises no alarm and ends none. Times in ms. */
export interface WatchFacts {
  at: number;
  lastRecord?: number;
  lastSweep?: number;
  sweepEvery?: number;
  /** Share of the last 24 h, 0 to 1. */
  coverage?: number;
  /** Accounts whose recount differs from the aggregate. */
  drift?: number;
  /** Of the last 24 h. */
  records?: { taken: number; quarantined: number };
  /** Messages given up, and the time of the oldest. */
  failed?: { messages: number; since: number };
  /** Open cases whose oldest source record expires soonest. */
  expiring?: { cases: number; days: number };
  /** Messages of today that paged nobody, since the day had its pages, and the time of the first. */
  unpaged?: { messages: number; since: number };
}

/** One measurement against its limit, in `unit`. */
export interface WatchReading {
  cause: WatchCause;
  breached: boolean;
  value: number;
  limit: number;
  unit: string;
  /** When it began, as far as known; ms. */
  since: number;
}

export interface WatchAlarm {
  cause: WatchCause;
  state: 'opened' | 'cleared';
  /** When this message was due. RFC 3339. */
  at: string;
  /** When the alarm began. RFC 3339. */
  since: string;
  value: number;
  limit: number;
  unit: string;
  sequence: number;
}

/** Alarms that are on, by cause: what the next reading is compared with. */
export type WatchMemory = Partial<Record<WatchCause, { since: string; sequence: number; on: boolean }>>;

type Read = (facts: WatchFacts) => Omit<WatchReading, 'cause'> | undefined;

const READINGS: Record<WatchCause, Read> = {
  no_records: ({ at, lastRecord }) =>
    lastRecord === undefined
      ? undefined
      : {
          breached: at - lastRecord >= SILENT_MS,
          value: Math.floor((at - lastRecord) / MINUTE_MS),
          limit: 15,
          unit: 'minutes without a record',
          since: lastRecord,
        },
  sweep_missed: ({ at, lastSweep, sweepEvery }) =>
    lastSweep === undefined || sweepEvery === undefined
      ? undefined
      : {
          breached: at - lastSweep > SWEEP_SLACK * sweepEvery,
          value: Math.floor((at - lastSweep) / HOUR_MS),
          limit: Math.round((SWEEP_SLACK * sweepEvery) / HOUR_MS),
          unit: 'hours since the last sweep',
          since: lastSweep + sweepEvery,
        },
  coverage: ({ at, coverage }) =>
    coverage === undefined
      ? undefined
      : {
          breached: coverage < LEAST_COVERAGE,
          value: coverage,
          limit: LEAST_COVERAGE,
          unit: 'share of slots',
          since: at - DAY_MS,
        },
  recount_drift: ({ at, drift }) =>
    drift === undefined
      ? undefined
      : { breached: drift !== 0, value: drift, limit: 0, unit: 'accounts that recount differently', since: at },
  quarantine: ({ at, records }) =>
    records === undefined ? undefined : { ...refusedShare(records), since: at - DAY_MS },
  delivery_failed: ({ at, failed }) =>
    failed === undefined
      ? undefined
      : {
          breached: failed.messages > 0,
          value: failed.messages,
          limit: 0,
          unit: 'messages not delivered',
          since: failed.messages > 0 ? failed.since : at,
        },
  records_expiring: ({ at, expiring }) =>
    expiring === undefined
      ? undefined
      : {
          breached: expiring.cases > 0 && expiring.days <= EXPIRING_DAYS,
          value: expiring.days,
          limit: EXPIRING_DAYS,
          unit: 'days until the first record of an open case expires',
          since: at,
        },
  page_quota: ({ at, unpaged }) =>
    unpaged === undefined
      ? undefined
      : {
          breached: unpaged.messages > 0,
          value: unpaged.messages,
          limit: 0,
          unit: 'messages above the quota of pages',
          since: unpaged.messages > 0 ? unpaged.since : at,
        },
};

function refusedShare({ taken, quarantined }: { taken: number; quarantined: number }) {
  const all = taken + quarantined;
  const value = all === 0 ? 0 : quarantined / all;
  return { breached: value > MOST_QUARANTINED, value, limit: MOST_QUARANTINED, unit: 'share of records' };
}

export function readings(facts: WatchFacts): WatchReading[] {
  return WATCH_CAUSES.flatMap((cause) => {
    const reading = READINGS[cause](facts);
    return reading === undefined ? [] : [{ cause, ...reading }];
  });
}

/** Alarms to tell now, and what to remember. The same facts twice tell nothing the second time. */
export function watch(facts: WatchFacts, memory: WatchMemory): { alarms: WatchAlarm[]; memory: WatchMemory } {
  const next: WatchMemory = { ...memory };
  const at = new Date(facts.at).toISOString();
  const alarms = readings(facts).flatMap((reading): WatchAlarm[] => {
    const { cause, breached, value, limit, unit } = reading;
    const held = memory[cause];
    if (breached === (held?.on ?? false)) return [];
    const since = breached ? new Date(reading.since).toISOString() : held!.since;
    const sequence = (held?.sequence ?? 0) + 1;
    next[cause] = { since, sequence, on: breached };
    return [{ cause, state: breached ? 'opened' : 'cleared', at, since, value, limit, unit, sequence }];
  });
  return { alarms, memory: next };
}

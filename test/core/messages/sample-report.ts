/** A report of ten June days over the sample findings, with the two weeks before it. */
import type { PopulationDay } from '../../../core/aggregates/population.ts';
import type { CaseEntry } from '../../../core/cases/entry.ts';
import type { DossierLine } from '../../../core/dossier/chain.ts';
import type { Transition } from '../../../core/findings/transition.ts';
import { dayNumber } from '../../../core/messages/dates.ts';
import type { ReportInput } from '../../../core/messages/report-data.ts';
import { CONSUMER_OPENED, OPENED, UPDATED } from './sample.ts';

const FIRST = dayNumber('2026-06-12T00:00:00.000Z');

/** 19 June from 02:05: eighty minutes without a record. */
const GAP = { day: FIRST + 7, from: 25, slots: 16 };

function slotsOf(day: number): number[] {
  const words = new Array<number>(9).fill(0xffffffff);
  for (let slot = GAP.from; day === GAP.day && slot < GAP.from + GAP.slots; slot++)
    words[slot >> 5]! &= ~(1 << (slot & 31));
  return words;
}

/** All output of the platform: about 6.8 billion tokens a day, less at weekends. */
export const POPULATION: PopulationDay[] = Array.from({ length: 42 }, (_, index) => {
  const day = FIRST - 32 + index;
  const weekend = (day + 4) % 7 === 0 || (day + 4) % 7 === 6;
  const outputTokens = (weekend ? 5_900_000_000 : 6_800_000_000) + (index - 18) * 11_000_000;
  return {
    day,
    exchanges: Math.round(outputTokens / 1450),
    outputTokens,
    accounts: 161_000,
    tasks: {},
    hours: Array.from({ length: 24 }, (_, hour) => 100_000 + 8_000 * hour),
    slots: slotsOf(day),
  };
});

/** A second, smaller campaign that ended in the period. */
export const ENDED: Transition = {
  finding: {
    ...OPENED.finding,
    id: 'cmp-40be12',
    state: 'cleared',
    at: '2026-06-19T00:00:00.000Z',
    classification: 'coordinated_abuse',
    severity: 'SEV3',
    window: { from: '2026-05-30T07:00:00.000Z', to: '2026-06-16T21:00:00.000Z' },
    accounts: { certain: 190, probable: 22 },
    exchanges: 41_340,
    outputTokens: 45_474_000,
    reason: 'no exchange of a certain member for 7 days; coverage of that time 99.2%',
  },
  context: {
    ...OPENED.context,
    message: 'cleared',
    sequence: 2,
    severityWhy: ['coordinated abuse'],
    ranges: { accounts: [190, 212], exchanges: [38_000, 41_340], outputTokens: [41_000_000, 45_474_000] },
    daily: [12, 13, 14, 16].map((day, index) => ({
      day: `2026-06-${day}`,
      exchanges: [2400, 2100, 1500, 210][index]!,
      outputTokens: [2_640_000, 2_310_000, 1_650_000, 231_000][index]!,
      active: [180, 170, 160, 60][index]!,
      joined: 0,
      banned: index === 3 ? 150 : 0,
    })),
  },
};

/** As it was first told, before the period. */
export const BEGUN: Transition = {
  finding: {
    ...ENDED.finding,
    state: 'opened',
    at: '2026-06-05T00:00:00.000Z',
    exchanges: 12_180,
    outputTokens: 13_398_000,
  },
  context: { ...ENDED.context, message: 'opened', sequence: 1 },
};

/** Two editions for one campaign: a former one of the house, and one for counsel, whose records are held. */
export const MADE: DossierLine[] = [
  { finding: 'cmp-7f3a91', edition: 'internal', at: OPENED.finding.at, made: '2026-06-14T10:00:00.000Z' } as const,
  {
    finding: 'cmp-7f3a91',
    edition: 'external',
    at: OPENED.finding.at,
    made: '2026-06-17T15:00:00.000Z',
    held: 's3://held/cmp-7f3a91.ndjson.gz',
  } as const,
].map((line, index) => ({
  ...line,
  body: 'b',
  root: `6d0f1a2b3c4d5e6${index}`.repeat(4),
  prev: null,
  exchangeList: 'x',
}));

const decision = { seq: 0, by: 'trust-oncall' };

/** What people decided: the campaign confirmed, the ended one benign, two exceptions of which one ends soon. */
export const DECIDED: CaseEntry[] = (
  [
    { ...decision, at: '2026-06-14T00:06:10.000Z', action: 'ack', finding: 'cmp-7f3a91' },
    {
      ...decision,
      at: '2026-06-15T09:20:00.000Z',
      action: 'verdict',
      finding: 'cmp-7f3a91',
      verdict: 'confirmed',
      reason: 'custody',
    },
    {
      ...decision,
      at: '2026-06-16T10:00:00.000Z',
      action: 'verdict',
      finding: 'cmp-40be12',
      verdict: 'benign-reseller',
      reason: 'v-03',
    },
    {
      ...decision,
      at: '2026-06-16T10:05:00.000Z',
      action: 'exception',
      id: 'exc-18c2f0',
      scope: { org: 'o_5521' },
      classifications: ['coordinated_abuse'],
      until: '2026-07-03T00:00:00.000Z',
      reason: 'reseller of record',
      owner: 'partner desk',
    },
    {
      ...decision,
      at: '2026-06-17T08:00:00.000Z',
      action: 'plan',
      id: 'pln-77a0de',
      scope: { account: 'k_load' },
      from: '2026-06-18T00:00:00.000Z',
      to: '2026-07-30T00:00:00.000Z',
      ceiling: { exchanges: 50_000 },
      reason: 'load test',
      owner: 'performance team',
    },
  ] satisfies CaseEntry[]
).map((entry, index) => ({ ...entry, seq: index + 1 }));

export const REPORT_INPUT: ReportInput = {
  deployment: 'acme-prod',
  period: { from: '2026-06-12T00:00:00.000Z', to: '2026-06-22T00:00:00.000Z' },
  transitions: [BEGUN, OPENED, CONSUMER_OPENED, ENDED, UPDATED],
  population: POPULATION,
  health: {
    records: 32_904_118,
    usage: 32_861_040,
    accounts: 161_204,
    duplicates: 41_208,
    quarantined: 312,
    late: 18,
    lag: [9_120_000, 22_040_500, 1_650_000, 50_000, 540, 0, 0, 0, 0],
    sweeps: 10,
    sweepsMissed: 0,
    audit: { audited: 640, drifted: 0 },
    coverage: 0.992,
    from: '2026-06-12T00:00:00.412Z',
    to: '2026-06-21T23:59:58.120Z',
  },
  releases: [{ time: '2026-06-19T16:00:00.000Z', model: 'opus-5.1' }],
  cases: DECIDED,
  dossiers: MADE,
  build: { version: '0.9.2', config: '8f21c0d4' },
  cost: { usd: 61.2, estimated: false },
  deadLetters: { queues: 9, waiting: [{ queue: 'prod-IntakeUndelivered', messages: 2 }] },
  changes: [{ what: 'settings.alerts.fold', was: '"6h"', is: '"4h"' }],
  mail: {
    recipients: ['trust@acme.example', 'Lead@acme.example', 'counsel@acme.example'],
    unreachable: [{ address: 'lead@acme.example', why: 'bounce', at: '2026-06-16T07:00:04.000Z' }],
  },
};

/** Monday to Sunday. */
export const WEEK = { from: '2026-06-15T00:00:00.000Z', to: '2026-06-22T00:00:00.000Z' };

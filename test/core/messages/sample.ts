/** One campaign and one consumer, as sweeps of June 2026 saw them; invented, and adding up. */
import { readFileSync } from 'node:fs';
import type { Finding } from '../../../core/findings/finding.ts';
import type { BenignCheck, FindingDay, Transition, TransitionContext } from '../../../core/findings/transition.ts';
import type { FindingEnvelope } from '../../../core/messages/envelope.ts';
import { ACTIONS, type Action, type MessageSettings } from '../../../core/messages/settings.ts';

/** The message of 2026-06-22 on the campaign, as agreed: its JSON, and what its text must be. */
const agreed = (name: string) => readFileSync(new URL(`../../fixtures/messages/${name}`, import.meta.url), 'utf8');
export const AGREED_TEXT = agreed('agreed.txt');
export const AGREED: FindingEnvelope = JSON.parse(agreed('agreed.json'));

/** Three commands, of which a version advertises those that it has. */
export const AGREED_ACTIONS: readonly Action[] = AGREED.actions.map((command) => ({ command }));

export const SETTINGS: MessageSettings = {
  deployment: 'acme-prod',
  runbookBaseUrl: 'https://wiki.example/stillwatch/',
  showAccount: false,
  actions: ACTIONS,
  build: { version: '0.9.2', config: '8f21c0d4' },
};

/** Of the message as agreed: three causes as its specification shows them, eight beside them. */
const BENIGN: BenignCheck[] = AGREED.benign;

const CAMPAIGN: Finding = {
  type: 'finding',
  id: 'cmp-7f3a91',
  kind: 'campaign',
  state: 'updated',
  at: '2026-06-22T00:00:00.000Z',
  classification: 'distillation',
  severity: 'SEV1',
  window: { from: '2026-06-12T03:41:09.212Z', to: '2026-06-21T23:58:44.031Z' },
  accounts: { certain: 3310, probable: 810 },
  exchanges: 865_200,
  outputTokens: 1_643_880_000,
  capabilities: [
    { task: 'software_engineering', exchanges: 467_208, share: 0.54, lift: 3 },
    { task: 'agentic_reasoning', exchanges: 268_212, share: 0.31, lift: 5 },
    { task: 'long_horizon', exchanges: 77_868, share: 0.09, lift: 6 },
    { task: 'conversation', exchanges: 51_912, share: 0.06, lift: 0.25 },
  ],
  evidence: [
    { group: 'custody', detector: 'state-custody', observed: 412, expected: 0.3, unit: 'exchanges', strength: 6 },
    {
      group: 'cohort',
      detector: 'cohort-birth',
      observed: 0.7,
      expected: 0.01,
      unit: 'share of accounts',
      strength: 6,
    },
    {
      group: 'content',
      detector: 'template-family',
      observed: 0.61,
      expected: 0.007,
      unit: 'share of accounts',
      strength: 6,
    },
    {
      group: 'intent',
      detector: 'reasoning-elicitation',
      observed: 0.88,
      expected: 0.06,
      unit: 'share of exchanges',
      strength: 6,
    },
    {
      group: 'network',
      detector: 'entity-links',
      observed: 0.74,
      expected: 0.31,
      unit: 'share of accounts',
      strength: 2.1,
    },
  ],
  error: { q: 0.002, method: 'e-BH', expectedFalse: 0.006 },
  links: [],
  reason: 'accounts 1,990 -> 4,120 (2.1x); exchanges 398,100 -> 865,200 (2.2x); new capability long_horizon',
};

/** Ten days that sum to the campaign's exchanges and output. */
const EXCHANGES = [21_300, 34_100, 52_800, 63_500, 74_900, 78_300, 73_200, 121_400, 148_900, 196_800];
const DAILY: FindingDay[] = EXCHANGES.map((exchanges, index) => ({
  day: `2026-06-${12 + index}`,
  exchanges,
  outputTokens: exchanges * 1900,
  active: Math.round(exchanges / 48),
  joined: [700, 420, 380, 300, 190, 0, 0, 1200, 630, 300][index]!,
  banned: index === 5 ? 188 : 0,
}));

const CONTEXT: TransitionContext = {
  message: 'updated',
  sequence: 3,
  severityWhy: ['distillation', 'q 0.002 <= 0.01', 'certain accounts 3,310 >= 1,000'],
  ranges: {
    accounts: [3310, 4120],
    exchanges: [708_340, 865_200],
    outputTokens: [1_184_344_480, 1_643_880_000],
    replacementUsd: [29_608.61, 41_097],
  },
  compare: {
    shareOfOutput: 0.0246,
    exchangesPerDay: { last: 116_775, prior: 75_700, days: 4, priorDays: 3 },
    medianAccountPerDay: { members: 19, all: 7 },
  },
  since: {
    at: '2026-06-18T00:00:00.000Z',
    accounts: 1990,
    exchanges: 398_100,
    severity: 'SEV1',
    capabilitiesAdded: ['long_horizon'],
    groupsAdded: [],
  },
  benign: BENIGN,
  data: {
    to: '2026-06-21T23:58:44.031Z',
    coverage: 0.994,
    gaps: [{ from: '2026-06-19T02:05:00.000Z', minutes: 80 }],
  },
  profile: { orgs: 3877, verified: 41, inputTokens: { p50: 812, p95: 6140 }, topics: 37, templates: 212 },
  throttle: { accounts: 3110, verified: 41 },
  daily: DAILY,
  candidates: 212,
};

const { reason: _, ...FRESH } = CAMPAIGN;
const { since: __, ...FIRST } = CONTEXT;

export const OPENED: Transition = {
  finding: {
    ...FRESH,
    state: 'opened',
    at: '2026-06-14T00:00:00.000Z',
    severity: 'SEV2',
    window: { from: '2026-06-12T03:41:09.212Z', to: '2026-06-13T23:59:01.870Z' },
    accounts: { certain: 640, probable: 210 },
    exchanges: 55_400,
    outputTokens: 105_260_000,
    capabilities: CAMPAIGN.capabilities.slice(0, 2).map((each) => ({ ...each, exchanges: each.exchanges / 20 })),
  },
  context: {
    ...FIRST,
    message: 'opened',
    sequence: 1,
    severityWhy: ['distillation', 'certain accounts 640 < 1,000'],
    ranges: {
      accounts: [640, 850],
      exchanges: [41_000, 55_400],
      outputTokens: [77_900_000, 105_260_000],
      replacementUsd: [1947.5, 2631.5],
    },
    compare: {
      shareOfOutput: 0.0021,
      exchangesPerDay: { last: 34_100, prior: 0, days: 1 },
      medianAccountPerDay: { members: 22, all: 7 },
    },
    data: { to: '2026-06-13T23:59:58.000Z', coverage: 1 },
    throttle: { accounts: 640, verified: 12 },
    daily: DAILY.slice(0, 2),
  },
};

export const UPDATED: Transition = { finding: CAMPAIGN, context: CONTEXT };

export const CLEARED: Transition = {
  finding: {
    ...CAMPAIGN,
    state: 'cleared',
    at: '2026-06-30T00:00:00.000Z',
    reason: 'no exchange of a certain member for 7 days; coverage of that time 99.1%',
  },
  context: {
    ...FIRST,
    message: 'cleared',
    sequence: 4,
    severityWhy: [],
    compare: { ...CONTEXT.compare, shareOfOutput: 0, exchangesPerDay: { last: 0, prior: 0, days: 3 } },
    data: { to: '2026-06-29T23:59:30.000Z', coverage: 0.991 },
  },
};

const CONSUMER_FINDING: Finding = {
  type: 'finding',
  id: 'con-91e0c7',
  kind: 'consumer',
  state: 'opened',
  at: '2026-06-20T00:00:00.000Z',
  classification: 'volume_anomaly',
  severity: 'SEV2',
  window: { from: '2026-06-13T00:10:00.000Z', to: '2026-06-19T23:50:00.000Z' },
  accounts: { certain: 1, probable: 0 },
  exchanges: 41_900,
  outputTokens: 96_000_000,
  capabilities: [{ task: 'data_generation', exchanges: 39_800, share: 0.95, lift: 11.2 }],
  evidence: [
    {
      group: 'consumer',
      detector: 'consumer-anomaly',
      observed: 5990,
      expected: 272,
      unit: 'exchanges a day',
      strength: 4.4,
    },
  ],
  error: { q: 0.03, method: 'BH', expectedFalse: 0.09 },
  links: [],
};

const CONSUMER_CONTEXT: TransitionContext = {
  message: 'opened',
  sequence: 1,
  severityWhy: ['multiple 22 >= 20', 'share 0.2% >= 0.1%'],
  ranges: { accounts: [1, 1], exchanges: [41_900, 41_900], outputTokens: [96_000_000, 96_000_000] },
  compare: {
    shareOfOutput: 0.002,
    exchangesPerDay: { last: 9100, prior: 4200, days: 3 },
    medianAccountPerDay: { members: 5990, all: 7 },
    multiple: 22.02,
  },
  benign: [
    { cause: 'load_test', result: 'partly', value: 0.2, limit: 0.5, unit: 'share of exchanges' },
    { cause: 'retry_storm', result: 'ruled_out', value: 0.01, limit: 0.5, unit: 'share of exchanges' },
  ],
  data: { to: '2026-06-19T23:59:58.000Z', coverage: 0.994 },
  profile: { orgs: 1, verified: 0 },
  daily: [3000, 3600, 4100, 4900, 7000, 9100, 10_200].map((exchanges, index) => ({
    day: `2026-06-${13 + index}`,
    exchanges,
    outputTokens: Math.round((exchanges / 41_900) * 96_000_000),
    active: 1,
    joined: index === 0 ? 1 : 0,
    banned: 0,
  })),
  candidates: 18_400,
};

export const CONSUMER_OPENED: Transition = { finding: CONSUMER_FINDING, context: CONSUMER_CONTEXT };

export const CONSUMER_UPDATED: Transition = {
  finding: {
    ...CONSUMER_FINDING,
    state: 'updated',
    at: '2026-06-23T00:00:00.000Z',
    severity: 'SEV3',
    reason: 'severity SEV2 -> SEV3',
  },
  context: {
    ...CONSUMER_CONTEXT,
    message: 'reopened',
    sequence: 2,
    since: {
      at: '2026-06-20T00:00:00.000Z',
      accounts: 1,
      exchanges: 41_900,
      severity: 'SEV2',
      capabilitiesAdded: [],
      groupsAdded: [],
    },
  },
};

export const CONSUMER_CLEARED: Transition = {
  finding: {
    ...CONSUMER_FINDING,
    state: 'cleared',
    at: '2026-06-25T00:00:00.000Z',
    reason: 'its evidence no longer holds in two sweeps and 48 h',
  },
  context: { ...CONSUMER_CONTEXT, message: 'cleared', sequence: 3, severityWhy: [] },
};

export const SAMPLES: Record<string, Transition> = {
  'campaign-opened': OPENED,
  'campaign-updated': UPDATED,
  'campaign-cleared': CLEARED,
  'consumer-opened': CONSUMER_OPENED,
  'consumer-reopened': CONSUMER_UPDATED,
  'consumer-cleared': CONSUMER_CLEARED,
};

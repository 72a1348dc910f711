/** Transitions of every size the contract allows, for laws that must hold of any message. */
import fc from 'fast-check';
import {
  CLASSIFICATIONS,
  DETECTOR_SLUGS,
  EVIDENCE_GROUPS,
  type Evidence,
  type Finding,
  type Severity,
} from '../../../core/findings/finding.ts';
import { BENIGN_CAUSES, type BenignCheck, type Transition } from '../../../core/findings/transition.ts';
import { TASKS } from '../../../core/records/format.ts';
import { UPDATED } from './sample.ts';

const count = fc.oneof(fc.nat(20), fc.nat(100_000), fc.nat(900_000_000_000));
const share = fc.double({ min: 0, max: 1, noNaN: true });
const amount = fc.double({ min: 0, max: 1e9, noNaN: true });

const evidence: fc.Arbitrary<Evidence> = fc.record({
  group: fc.constantFrom(...EVIDENCE_GROUPS),
  detector: fc.constantFrom(...DETECTOR_SLUGS),
  observed: amount,
  expected: amount,
  unit: fc.constantFrom('share of accounts', 'exchanges', 'standard units', 'matches in 1,000 pairs on a client build'),
  strength: fc.double({ min: 0, max: 6, noNaN: true }),
});

const benign: fc.Arbitrary<BenignCheck[]> = fc.tuple(
  ...BENIGN_CAUSES.map((cause) =>
    fc
      .record({
        result: fc.constantFrom('explains', 'partly', 'ruled_out', 'not_checked'),
        value: amount,
        limit: amount,
        unit: fc.constantFrom('share of exchanges', 'organisations', 'nats without network evidence'),
      })
      .map((check) => ({ cause, ...check }) as BenignCheck),
  ),
);

const capabilities = fc.array(share, { maxLength: TASKS.length }).map((shares) =>
  shares.map((each, index) => ({
    task: TASKS[index]!,
    exchanges: Math.round(each * 1e6),
    share: each,
    lift: each * 40,
  })),
);

/** A reason as long as a sweep that changes everything at once would give. */
const reason = fc.constantFrom(
  'severity SEV2 -> SEV1',
  'severity SEV2 -> SEV1; accounts 11,990 -> 24,120 (2.0x); exchanges 12,398,100 -> 25,865,200 (2.1x); output 1.6B -> 4.1B (2.6x); new capability long_horizon; new evidence group custody; merged with cmp-0011223344',
);

const finding: fc.Arbitrary<Finding> = fc.record({
  type: fc.constant('finding' as const),
  id: fc.stringMatching(/^[a-z]{3}-[0-9a-f]{1,12}$/),
  kind: fc.constantFrom('campaign', 'consumer'),
  state: fc.constantFrom('opened', 'updated', 'cleared'),
  at: fc.constant('2026-06-22T00:00:00.000Z'),
  classification: fc.constantFrom(...CLASSIFICATIONS),
  severity: fc.constantFrom<Severity>('SEV1', 'SEV2', 'SEV3', 'INFO'),
  window: fc.constantFrom(UPDATED.finding.window, { from: '2025-12-30T00:00:00.000Z', to: '2026-06-21T10:00:00.000Z' }),
  accounts: fc.record({ certain: count, probable: count }),
  exchanges: count,
  outputTokens: count,
  capabilities,
  evidence: fc.array(evidence, { maxLength: 5 }),
  error: fc.record({ q: share, method: fc.constantFrom('e-BH', 'BH'), expectedFalse: amount }),
  links: fc.constant([]),
  reason,
});

export const anyTransition: fc.Arbitrary<Transition> = fc
  .record({
    finding,
    message: fc.constantFrom('opened', 'updated', 'reopened', 'cleared'),
    ranges: fc.tuple(count, count),
    shareOfOutput: share,
    rate: fc.tuple(amount, amount),
    median: fc.tuple(amount, amount),
    multiple: fc.option(amount, { nil: undefined }),
    orgs: count,
    coverage: share,
    benign,
  })
  .map(({ finding: told, message, ranges, shareOfOutput, rate, median, multiple, orgs, coverage, benign: checks }) => ({
    finding: told,
    context: {
      ...UPDATED.context,
      message,
      ranges: { accounts: ranges, exchanges: ranges, outputTokens: ranges },
      compare: {
        shareOfOutput,
        exchangesPerDay: { last: rate[0], prior: rate[1], days: 3 },
        medianAccountPerDay: { members: median[0], all: median[1] },
        ...(multiple === undefined ? {} : { multiple }),
      },
      benign: checks,
      profile: { orgs, verified: 0 },
      data: { to: UPDATED.context.data.to, coverage },
    },
  }));

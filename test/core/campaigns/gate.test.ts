import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { withQ } from '../../../core/campaigns/e-bh.ts';
import { type Candidate, GROUP_CAP_NATS, intendsDistillation, judge } from '../../../core/campaigns/gate.ts';
import type { Seed } from '../../../core/campaigns/seed.ts';
import type { Measurement } from '../../../core/detectors/detector.ts';
import type { DetectorSlug, EvidenceGroup } from '../../../core/findings/finding.ts';
import { parseSettings } from '../../../core/settings.ts';

const settings = parseSettings({});
const seed: Seed = { key: 'test', formedBy: ['content'], members: Int32Array.of(0, 1, 2) };

const DETECTOR: Partial<Record<EvidenceGroup, DetectorSlug>> = {
  identity: 'entity-links',
  network: 'entity-links',
  cohort: 'cohort-birth',
  schedule: 'load-balancing',
  content: 'template-family',
  intent: 'reasoning-elicitation',
};

function row(group: EvidenceGroup, nats: number, detector = DETECTOR[group]!): Measurement {
  return { group, detector, nats, observed: 1, expected: 0, unit: 'share' };
}

const judged = (...groups: EvidenceGroup[]) =>
  judge(
    seed,
    groups.map((group) => row(group, 3)),
    settings,
  ).nats;

describe('the gate', () => {
  test('opens on three groups of which two are not intent and one is telling', () => {
    expect(judged('identity', 'cohort', 'schedule')).toBeCloseTo(0.65 * 9, 10);
    expect(judged('network', 'content', 'cohort')).toBeGreaterThan(0);
    expect(judged('intent', 'content', 'cohort')).toBeGreaterThan(0);
  });

  test.each([
    ['two groups, however telling', ['identity', 'intent']],
    ['two groups without intent', ['identity', 'cohort']],
    ['birth, schedule and content: a class or a launch has them too', ['cohort', 'schedule', 'content']],
    ['one group', ['identity']],
    ['no group', []],
  ] as const)('holds back %s', (_, groups) => {
    expect(judged(...groups)).toBe(Number.NEGATIVE_INFINITY);
  });

  test('where nothing that joins accounts is known, birth, content and one scheduler are enough, but not without it', () => {
    const blind = (...groups: EvidenceGroup[]) =>
      judge(
        seed,
        groups.map((group) => row(group, 3)),
        settings,
        true,
      ).nats;
    expect(blind('cohort', 'schedule', 'content')).toBeGreaterThan(0);
    expect(blind('cohort', 'content')).toBe(Number.NEGATIVE_INFINITY);
  });

  test('counts a group from 2.3 nats on, not just below', () => {
    const at = (nats: number) =>
      judge(seed, [row('identity', nats), row('cohort', 6), row('content', 6)], settings).nats;
    expect(at(2.3)).toBeGreaterThan(0);
    expect(at(2.29)).toBe(Number.NEGATIVE_INFINITY);
  });

  test('several detectors of one group are one group', () => {
    const rows = [row('intent', 2), row('intent', 6, 'capability-focus'), row('content', 6), row('cohort', 6)];
    const { groups } = judge(seed, rows, settings);
    expect(Object.keys(groups).sort()).toEqual(['cohort', 'content', 'intent']);
    // Weights 0.3 and 0.05; the supporting detector counts at most 2 nats.
    expect(groups.intent).toBeCloseTo(2, 10);
  });

  test('no group counts for more than six nats, and evidence against counts too', () => {
    const rows = [row('identity', 40), row('cohort', 6), row('content', 6), row('schedule', Math.log(0.5))];
    const { groups, nats } = judge(seed, rows, settings);
    expect(groups.identity).toBeCloseTo(GROUP_CAP_NATS, 12);
    expect(nats).toBeCloseTo(0.65 * (18 + Math.log(0.5)), 10);
  });
});

describe('distillation', () => {
  const of = (...measurements: Measurement[]) =>
    intendsDistillation({ seed, measurements, groups: {}, nats: 0, q: 1, blind: false }, settings);

  test('needs a detector that shows the intent by itself', () => {
    expect(of(row('intent', 2.3))).toBe(true);
    expect(of(row('intent', 2.29))).toBe(false);
    expect(of(row('intent', 6, 'coverage-sweep'))).toBe(true);
  });

  test('a narrow interest or a move to a new model only supports', () => {
    expect(of(row('intent', 6, 'capability-focus'), row('intent', 6, 'release-pivot'))).toBe(false);
    expect(of(row('identity', 6), row('content', 6), row('cohort', 6))).toBe(false);
  });
});

test('a client build is one of the three only beside one operator, and never where no field could join accounts', () => {
  const client = { ...row('network', 6), tellingNats: 0 };
  const two = [row('intent', 6), row('content', 6)];
  expect(judge(seed, [...two, client], settings).nats).toBe(Number.NEGATIVE_INFINITY);
  expect(judge(seed, [...two, row('cohort', 3), client], settings).nats).toBeCloseTo(0.65 * 21, 10);
  const scheduled = [row('intent', 6), row('schedule', 6), client];
  expect(judge(seed, scheduled, settings).nats).toBeCloseTo(0.65 * 18, 10);
  expect(judge(seed, scheduled, settings, true).nats).toBe(Number.NEGATIVE_INFINITY);
});

describe('a mix of work of their own', () => {
  const launch = [row('content', 6), row('cohort', 6), row('intent', 6, 'content-shift')];
  const opened = (...more: Measurement[]) => judge(seed, [...launch, ...more], settings).nats > 0;

  test('is what a product brings: it counts only where one operator shows beyond a chance of one in a hundred', () => {
    expect(opened()).toBe(false);
    expect(opened(row('schedule', 3))).toBe(false);
    expect(opened(row('schedule', 4.7))).toBe(true);
    expect(opened(row('identity', 4.7))).toBe(true);
  });

  test('is nothing where no field could join accounts: build servers have one schedule and a mix of their own too', () => {
    const rows = [row('content', 6), row('schedule', 6), row('intent', 6, 'content-shift')];
    expect(judge(seed, rows, settings).nats).toBeGreaterThan(0);
    expect(judge(seed, rows, settings, true).nats).toBe(Number.NEGATIVE_INFINITY);
  });

  test('is not borne out by the client build of the product', () => {
    const client = { ...row('network', 6), tellingNats: 0 };
    const { measurements } = judge(seed, [...launch, client], settings);
    expect(measurements.map(({ detector }) => detector)).not.toContain('content-shift');
  });
});

describe('error control over the candidates of a sweep', () => {
  const candidates = (nats: readonly number[]): Candidate[] =>
    nats.map((value) => ({ seed, measurements: [], groups: {}, nats: value, q: 1, blind: false }));

  /** k* = max{k: E_(k) >= K / (alpha k)} by its definition. */
  function accepted(nats: readonly number[], alpha: number): number {
    const sorted = nats.toSorted((a, b) => b - a);
    let most = 0;
    sorted.forEach((value, i) => {
      if (Math.exp(value) >= nats.length / (alpha * (i + 1))) most = i + 1;
    });
    return most;
  }

  test('q is the smallest level at which e-BH lets a candidate through', () => {
    const value = fc.oneof(fc.double({ min: -1, max: 14, noNaN: true }), fc.constant(Number.NEGATIVE_INFINITY));
    fc.assert(
      fc.property(
        fc.array(value, { maxLength: 30 }),
        fc.double({ min: 1e-5, max: 0.99, noNaN: true }),
        (nats, alpha) => {
          const through = withQ(candidates(nats)).filter(({ q }) => q <= alpha);
          // A level that is one rounding away from a q decides nothing.
          const close = withQ(candidates(nats)).some(({ q }) => Math.abs(q / alpha - 1) < 1e-9);
          if (!close) expect(through.length).toBe(accepted(nats, alpha));
          for (const { nats: own } of through)
            expect(through.length).toBeGreaterThanOrEqual(nats.filter((other) => other > own).length + 1);
        },
      ),
    );
  });

  test('a held candidate is never let through and still counts among those examined', () => {
    const held = Number.NEGATIVE_INFINITY;
    const [alone] = withQ(candidates([8.3]));
    const [among, gated] = withQ(candidates([8.3, ...new Array<number>(199).fill(held)]));
    expect(alone!.q).toBeCloseTo(Math.exp(-8.3), 12);
    expect(among!.q).toBeCloseTo(200 * Math.exp(-8.3), 12);
    expect(gated!.q).toBe(1);
  });

  test('keeps the order of candidates', () => {
    expect(withQ(candidates([1, 9, 3])).map(({ nats }) => nats)).toEqual([1, 9, 3]);
  });
});

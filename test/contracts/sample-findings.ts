import type { SweepMemory, TrackedFinding } from '../../core/campaigns/tracked.ts';
import type { Finding } from '../../core/findings/finding.ts';
import type { Transition, TransitionContext } from '../../core/findings/transition.ts';

export function finding(id: string, more: Partial<Finding> = {}): Finding {
  return {
    type: 'finding',
    id,
    kind: 'campaign',
    state: 'opened',
    at: '2026-05-15T00:00:00.000Z',
    classification: 'distillation',
    severity: 'SEV2',
    window: { from: '2026-05-06T00:00:00.000Z', to: '2026-05-14T23:51:07.000Z' },
    accounts: { certain: 31, probable: 6 },
    exchanges: 41_880,
    outputTokens: 90_000_000,
    capabilities: [{ task: 'reasoning_trace', exchanges: 20_000, share: 0.48, lift: 9.1 }],
    evidence: [
      { group: 'custody', detector: 'state-custody', observed: 212, expected: 1, unit: 'shared ids', strength: 18 },
    ],
    error: { q: 0.01, method: 'e-BH', expectedFalse: 0.05 },
    links: [],
    ...more,
  };
}

export function context(more: Partial<TransitionContext> = {}): TransitionContext {
  return {
    message: 'opened',
    sequence: 1,
    severityWhy: ['31 certain accounts'],
    ranges: { accounts: [31, 37], exchanges: [36_000, 41_880], outputTokens: [80_000_000, 90_000_000] },
    compare: {
      shareOfOutput: 0.021,
      exchangesPerDay: { last: 5000, prior: 100, days: 7 },
      medianAccountPerDay: { members: 140, all: 12 },
    },
    benign: [{ cause: 'corporate_nat', result: 'ruled_out', value: 0.02, limit: 0.5, unit: 'share' }],
    data: { to: '2026-05-14T23:59:00.000Z', coverage: 0.99 },
    profile: { orgs: 30, verified: 0 },
    daily: [{ day: '2026-05-14', exchanges: 5000, outputTokens: 9_000_000, active: 37, joined: 1, banned: 0 }],
    candidates: 12,
    ...more,
  };
}

export function transition(
  id: string,
  more: Partial<Finding> = {},
  about: Partial<TransitionContext> = {},
): Transition {
  return { finding: finding(id, more), context: context(about) };
}

export function tracked(id: string, members = 3): TrackedFinding {
  return {
    version: 1,
    finding: finding(id),
    members: Array.from({ length: members }, (_, i) => ({
      finding: id,
      account: `k_${i.toString(16).padStart(8, '0')}`,
      confidence: i % 5 === 0 ? 'probable' : 'certain',
      claimed: '2026-05-15T00:00:00.000Z',
      since: '2026-05-06T00:00:00.000Z',
    })),
    openedAt: '2026-05-15T00:00:00.000Z',
    sequence: 1,
    lastActive: '2026-05-14T23:51:07.000Z',
    lastThrough: '2026-05-15T00:00:00.000Z',
    severities: [{ at: '2026-05-15T00:00:00.000Z', severity: 'SEV2' }],
    told: {
      at: '2026-05-15T00:00:00.000Z',
      accounts: 37,
      exchanges: 41_880,
      severity: 'SEV2',
      capabilitiesAdded: [],
      groupsAdded: [],
    },
  };
}

/** What a sweep leaves that found these, and has one more candidate in mind. */
export function memory(...findings: TrackedFinding[]): SweepMemory {
  return {
    tracked: findings,
    candidates: [
      {
        accounts: [7, 1_000, 4_294_967_295],
        key: 'template 17',
        discovered: '2026-04-20T00:00:00.000Z',
        terms: { 0: 3.5 },
      },
    ],
  };
}

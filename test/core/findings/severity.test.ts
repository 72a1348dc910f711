import { describe, expect, test } from 'vitest';
import { CLASSIFICATIONS } from '../../../core/findings/finding.ts';
import { graver, oneStepDown, rateSeverity, type SeverityInput } from '../../../core/findings/severity.ts';

const input = (more: Partial<SeverityInput>): SeverityInput => ({
  classification: 'distillation',
  certain: 50,
  q: 0.001,
  shareOfOutput: 0,
  multiple: 0,
  ...more,
});
const rated = (more: Partial<SeverityInput>) => rateSeverity(input(more)).severity;

describe.each([
  ['distillation', { certain: 1000, q: 0.01 }, { certain: 999, q: 0.01 }, 'SEV1', 'SEV2'],
  ['distillation', { certain: 1000, q: 0.01 }, { certain: 1000, q: 0.011 }, 'SEV1', 'SEV2'],
  ['distillation', { shareOfOutput: 0.01 }, { shareOfOutput: 0.0099 }, 'SEV1', 'SEV2'],
  ['distillation', { q: 0.05 }, { q: 0.051 }, 'SEV2', 'SEV3'],
  ['distillation', { certain: 1 }, { certain: 0, shareOfOutput: 0.5 }, 'SEV2', 'SEV3'],
  ['coordinated_abuse', { certain: 10_000 }, { certain: 9999 }, 'SEV1', 'SEV2'],
  ['coordinated_abuse', { certain: 10_000, q: 0.01 }, { certain: 10_000, q: 0.011 }, 'SEV1', 'SEV2'],
  ['coordinated_abuse', { shareOfOutput: 0.05 }, { shareOfOutput: 0.049 }, 'SEV1', 'SEV2'],
  ['coordinated_abuse', { certain: 100 }, { certain: 99 }, 'SEV2', 'SEV3'],
  ['coordinated_abuse', { shareOfOutput: 0.005 }, { shareOfOutput: 0.0049 }, 'SEV2', 'SEV3'],
  ['coordinated_abuse', { certain: 100, q: 0.05 }, { certain: 100, q: 0.051 }, 'SEV2', 'SEV3'],
  ['account_takeover', { certain: 100 }, { certain: 99 }, 'SEV1', 'SEV2'],
  ['key_sharing', { shareOfOutput: 0.01 }, { shareOfOutput: 0.0099 }, 'SEV2', 'SEV3'],
  ['volume_anomaly', { multiple: 20, shareOfOutput: 0.001 }, { multiple: 19.9, shareOfOutput: 0.001 }, 'SEV2', 'SEV3'],
  ['volume_anomaly', { multiple: 20, shareOfOutput: 0.001 }, { multiple: 20, shareOfOutput: 9e-4 }, 'SEV2', 'SEV3'],
  ['volume_anomaly', { multiple: 3 }, { multiple: 2.99 }, 'SEV3', 'INFO'],
] as const)('%s', (classification, at, below, higher, lower) => {
  test(`${JSON.stringify(at)} is ${higher}, ${JSON.stringify(below)} is ${lower}`, () => {
    expect(rated({ classification, ...at })).toBe(higher);
    expect(rated({ classification, ...below })).toBe(lower);
  });
});

test('the reader is told every condition that held, with its value', () => {
  expect(rateSeverity(input({ certain: 3310, shareOfOutput: 0.0246, q: 0.002 })).why).toEqual([
    'distillation',
    'q 0.002 <= 0.01',
    'certain accounts 3,310 >= 1,000',
    '2.5% of output of 7 days >= 1.0%',
  ]);
  expect(rateSeverity(input({ certain: 2000, q: 0.06 })).why).toEqual(['distillation', 'at most SEV3: q 0.06 > 0.05']);
  expect(rateSeverity(input({ certain: 0 })).why).toEqual(['distillation', 'at most SEV3: no certain account']);
});

test('doubt never raises a finding: INFO stays INFO', () => {
  expect(rated({ classification: 'volume_anomaly', multiple: 1, q: 0.9 })).toBe('INFO');
});

test('more accounts, more output or a surer q never make a finding less grave', () => {
  for (const classification of CLASSIFICATIONS) {
    for (const certain of [0, 1, 99, 100, 999, 1000, 9999, 10_000]) {
      for (const q of [0.2, 0.05, 0.011, 0.01, 0.001]) {
        const less = rated({ classification, certain, q, shareOfOutput: 0.004, multiple: 5 });
        for (const more of [{ certain: certain * 2 + 1 }, { q: q / 2 }, { shareOfOutput: 0.06 }, { multiple: 50 }]) {
          const after = rated({ classification, certain, q, shareOfOutput: 0.004, multiple: 5, ...more });
          expect(graver(less, after)).toBe(false);
        }
      }
    }
  }
});

test('one step down ends at INFO', () => {
  expect((['SEV1', 'SEV2', 'SEV3', 'INFO'] as const).map(oneStepDown)).toEqual(['SEV2', 'SEV3', 'INFO', 'INFO']);
});

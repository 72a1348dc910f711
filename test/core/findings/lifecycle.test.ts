import { describe, expect, test } from 'vitest';
import type { Finding, Severity } from '../../../core/findings/finding.ts';
import { materialChange, rememberSeverity, settleSeverity } from '../../../core/findings/lifecycle.ts';
import { rateSeverity } from '../../../core/findings/severity.ts';
import { DAY_MS, HOUR_MS, isoTime } from '../../../core/records/time.ts';
import { finding } from '../../contracts/sample-findings.ts';

const told = finding('cmp-1', {
  accounts: { certain: 100, probable: 10 },
  exchanges: 1000,
  outputTokens: 500_000,
  capabilities: [{ task: 'writing', exchanges: 500, share: 0.5, lift: 1.2 }],
});
const change = (more: Partial<Finding>) => materialChange(told, { ...told, ...more })?.reason;

describe('what is worth telling', () => {
  test('nothing changed: nothing', () => {
    expect(materialChange(told, { ...told, at: '2026-05-16T00:00:00.000Z', state: 'updated' })).toBeUndefined();
  });

  test.each([
    ['accounts', { accounts: { certain: 209, probable: 11 } }, { accounts: { certain: 209, probable: 10 } }],
    ['exchanges', { exchanges: 2000 }, { exchanges: 1999 }],
    ['output tokens', { outputTokens: 1_000_000 }, { outputTokens: 999_999 }],
  ])('%s doubled, and not one less', (what, doubled, almost) => {
    expect(change(doubled)).toMatch(new RegExp(`^${what} [\\d,]+ -> [\\d,]+ \\(2\\.0x\\)$`));
    expect(change(almost)).toBeUndefined();
  });

  test('a finding that shrinks is no news', () => {
    expect(change({ accounts: { certain: 3, probable: 0 }, exchanges: 1, outputTokens: 1 })).toBeUndefined();
  });

  test.each([
    [0.05, 2, true],
    [0.049, 2, false],
    [0.05, 1.99, false],
  ])('a capability at share %d and lift %d is targeted: %s', (share, lift, news) => {
    const capabilities = [...told.capabilities, { task: 'vision' as const, exchanges: 50, share, lift }];
    expect(change({ capabilities })).toBe(news ? 'new capability vision' : undefined);
  });

  test('a capability that was told before is no news', () => {
    const capabilities = [{ task: 'vision' as const, exchanges: 600, share: 0.6, lift: 4 }];
    expect(materialChange({ ...told, capabilities }, { ...told, capabilities })).toBeUndefined();
  });

  test('a new evidence group is news, another detector of a group told before is not', () => {
    const row = { ...told.evidence[0]!, group: 'intent' as const };
    expect(change({ evidence: [...told.evidence, row] })).toBe('new evidence intent');
    expect(change({ evidence: [...told.evidence, { ...told.evidence[0]!, observed: 9 }] })).toBeUndefined();
  });

  test('the first certain account is news', () => {
    const before = { ...told, accounts: { certain: 0, probable: 110 } };
    const now = { ...told, accounts: { certain: 1, probable: 109 } };
    expect(materialChange(before, now)!.reason).toBe('first certain accounts: 1');
    expect(materialChange(now, { ...told, accounts: { certain: 2, probable: 108 } })).toBeUndefined();
  });

  test('severity in either direction and another class are news; all of one sweep are one reason', () => {
    expect(change({ severity: 'SEV1' })).toBe('severity SEV2 -> SEV1');
    expect(change({ severity: 'SEV3' })).toBe('severity SEV2 -> SEV3');
    expect(change({ classification: 'coordinated_abuse', exchanges: 5000 })).toBe(
      'classification distillation -> coordinated_abuse; exchanges 1,000 -> 5,000 (5.0x)',
    );
  });
});

/** Severity told after each sweep of a history, every `hours`. */
function settled(held: Severity, rated: readonly Severity[], hours: number): Severity[] {
  let now = held;
  let history: { at: string; severity: Severity }[] = [{ at: isoTime(0), severity: held }];
  return rated.map((severity, i) => {
    history = rememberSeverity(history, { at: isoTime((i + 1) * hours * HOUR_MS), severity });
    now = settleSeverity(now, history);
    return now;
  });
}

describe('the largest known campaign, over 45 daily sweeps', () => {
  const DAYS = 45;
  const [FEW, MANY] = [10, 25_000];
  const GROUPS = ['custody', 'identity', 'cohort', 'schedule', 'content', 'intent'] as const;
  const AIMS = ['software_engineering', 'agentic_reasoning', 'long_horizon'] as const;
  /** 0 on the first day, 1 on the last, to accounts. */
  const CURVES: [string, (at: number) => number][] = [
    ['by the same factor each day', (at) => FEW * (MANY / FEW) ** at],
    ['by as many each day', (at) => FEW + (MANY - FEW) * at],
    ['slowly, fast, and slowly again', (at) => FEW + (MANY - FEW) / (1 + Math.exp(-14 * (at - 0.5)))],
    ['in steps of five days', (at) => FEW * (MANY / FEW) ** (Math.floor(at * 9) / 9)],
    ['not at all', () => MANY],
  ];

  /** At 25.6 exchanges per account and day; groups and aims come one by one, as they are noticed. */
  function messages(curve: (at: number) => number): { count: number; last: Finding } {
    let [held, count] = [undefined as Finding | undefined, 0];
    let history: { at: string; severity: Severity }[] = [];
    const totals = { exchanges: 0, outputTokens: 0 };
    for (let day = 0; day < DAYS; day++) {
      const accounts = Math.round(curve(day / (DAYS - 1)));
      const today = Math.round(accounts * 25.6);
      totals.exchanges += today;
      totals.outputTokens += today * (1500 + 20 * day);
      const certain = Math.round(accounts * 0.8);
      const { severity } = rateSeverity({
        ...{ classification: 'distillation', certain, q: 0.001, multiple: 0 },
        shareOfOutput: accounts / 1e6,
      });
      const at = isoTime(DAY_MS * (20_600 + day));
      history = rememberSeverity(history, { at, severity });
      const now = finding('cmp-1', {
        ...totals,
        at,
        severity: held === undefined ? severity : settleSeverity(held.severity, history),
        accounts: { certain, probable: accounts - certain },
        evidence: GROUPS.slice(0, 3 + Math.floor(day / 12)).map((group) => ({ ...told.evidence[0]!, group })),
        capabilities: AIMS.slice(0, 1 + Math.floor(day / 20)).map((task) => ({
          ...{ task, exchanges: totals.exchanges / 4 },
          ...{ share: 0.25, lift: 4 },
        })),
      });
      if (held !== undefined && materialChange(held, now) === undefined) continue;
      held = now;
      count++;
    }
    return { count, last: held! };
  }

  test.each(CURVES)('grows %s and is told at most 20 times', (_, curve) => {
    const { count, last } = messages(curve);
    expect(last.exchanges).toBeGreaterThan(MANY);
    expect(count).toBeGreaterThan(4);
    expect(count).toBeLessThanOrEqual(20);
  });
});

describe('severity over time', () => {
  test('rises at once, over two steps as well', () => {
    expect(settled('SEV3', ['SEV1'], 24)).toEqual(['SEV1']);
  });

  test('falls one step after three sweeps in a row and 72 hours below', () => {
    expect(settled('SEV1', ['SEV3', 'SEV3', 'SEV3', 'SEV3'], 24)).toEqual(['SEV1', 'SEV1', 'SEV1', 'SEV2']);
    expect(settled('SEV1', ['SEV2', 'SEV2'], 72)).toEqual(['SEV1', 'SEV1']);
    expect(settled('SEV1', ['SEV2', 'SEV2', 'SEV2'], 72).at(-1)).toBe('SEV2');
  });

  test('one sweep back up starts the wait again', () => {
    const seen = settled('SEV1', ['SEV2', 'SEV2', 'SEV2', 'SEV1', 'SEV2', 'SEV2', 'SEV2'], 24);
    expect(new Set(seen)).toEqual(new Set(['SEV1']));
  });

  test.each([1, 6, 12])('falls after 72 hours where sweeps run every %d hours', (hours) => {
    const sweeps = 72 / hours + 1;
    const seen = settled('SEV1', new Array<Severity>(sweeps).fill('SEV2'), hours);
    expect(seen.slice(0, -1).every((severity) => severity === 'SEV1')).toBe(true);
    expect(seen.at(-1)).toBe('SEV2');
  });

  test('a wobble between lower steps is below all the same', () => {
    const rated = Array.from({ length: 13 }, (_, i): Severity => (i % 2 ? 'SEV3' : 'SEV2'));
    expect(settled('SEV1', rated, 6).at(-1)).toBe('SEV2');
  });

  test('what is remembered stays short however often a platform sweeps', () => {
    let history: { at: string; severity: Severity }[] = [];
    for (let i = 0; i < 1000; i++) {
      const severity = (['SEV1', 'SEV2', 'SEV2', 'SEV3'] as const)[i % 4]!;
      history = rememberSeverity(history, { at: isoTime(i * HOUR_MS), severity });
    }
    expect(history.length).toBeLessThanOrEqual(80);
  });
});

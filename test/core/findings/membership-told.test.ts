/** Figures stand as they were told while members move on: the members of that moment can always be had again. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TrackedFinding } from '../../../core/campaigns/tracked.ts';
import type { Confidence, Member } from '../../../core/findings/finding.ts';
import { membersWhenTold, withMoves } from '../../../core/findings/membership-told.ts';
import { UPDATED } from '../messages/sample.ts';

const ACCOUNTS = ['a', 'b', 'c', '__proto__'] as const;
const at = (sweep: number) => new Date(Date.UTC(2026, 5, 1 + sweep)).toISOString();

interface Step {
  /** What each account is after the sweep: a call, a release, or nothing new. */
  calls: (Confidence | 'release' | 'keep')[];
  tells: boolean;
}

const step: fc.Arbitrary<Step> = fc.record({
  calls: fc.tuple(
    ...ACCOUNTS.map(() => fc.constantFrom('certain', 'probable', 'release', 'keep' as const)),
  ) as fc.Arbitrary<Step['calls']>,
  tells: fc.boolean(),
});

/** As a sweep moves members: newcomers are claimed, a release keeps its line, a return loses its end. */
function moved(members: readonly Member[], calls: Step['calls'], sweep: number): Member[] {
  return ACCOUNTS.flatMap((account, i) => {
    const known = members.find((member) => member.account === account);
    const call = calls[i]!;
    if (call === 'keep' || (call === 'release' && known?.until !== undefined)) return known ?? [];
    if (call === 'release') return known ? { ...known, until: at(sweep) } : [];
    const { until: _, ...held } = known ?? { finding: 'cmp-1', account, claimed: at(sweep), since: at(0) };
    return { ...held, confidence: call };
  });
}

const standing = (members: readonly Member[]) =>
  members.filter(({ until }) => until === undefined).map(({ account, confidence }) => `${account} ${confidence}`);

describe('the members of the last message', () => {
  it('are those of its sweep, however members are claimed, called otherwise, released and claimed again since', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
        let tracked: TrackedFinding = {
          version: 1,
          finding: UPDATED.finding,
          members: moved([], ['certain', 'probable', 'keep', 'keep'], 0),
          openedAt: at(0),
          sequence: 1,
          lastActive: at(0),
          lastThrough: at(0),
          severities: [],
          told: { at: at(0), accounts: 2, exchanges: 2, severity: 'SEV1', capabilitiesAdded: [], groupsAdded: [] },
        };
        let told = standing(tracked.members);
        for (const [i, { calls, tells }] of steps.entries()) {
          const members = moved(tracked.members, calls, i + 1);
          const after = { ...tracked, members, sequence: tracked.sequence + (tells ? 1 : 0) };
          [tracked] = withMoves([tracked], [JSON.parse(JSON.stringify(after))]) as [TrackedFinding];
          if (tells) told = standing(members);
        }
        expect(standing(membersWhenTold(tracked))).toEqual(told);
      }),
    );
  });

  it('cost nothing while nobody moves', () => {
    const held: Member[] = [{ finding: 'cmp-1', account: 'a', confidence: 'certain', claimed: at(0), since: at(0) }];
    const tracked = { finding: { id: 'cmp-1' }, members: held, sequence: 3 } as unknown as TrackedFinding;
    expect(withMoves([tracked], [tracked])[0]).not.toHaveProperty('movedSinceTold');
  });
});

/**
 * Who a finding held when it was last told. Members move between its messages, while its figures stand as they were
 * told: whoever counts them again needs the members of that moment.
 */
import type { TrackedFinding } from '../campaigns/tracked.ts';
import type { Confidence, Member } from './finding.ts';

/** How an account stood at the last message: `out` where it was not held. */
export type Standing = Confidence | 'out';

/** Accounts that stand otherwise than they did at the last message, with how they stood then. */
export type MovedSinceTold = readonly (readonly [account: string, then: Standing])[];

/** Every finding after a sweep, with the moves since its last message; a sweep that tells of it starts anew. */
export function withMoves(before: readonly TrackedFinding[], after: readonly TrackedFinding[]): TrackedFinding[] {
  const earlier = new Map(before.map((tracked) => [tracked.finding.id, tracked]));
  return after.map((tracked) => {
    const was = earlier.get(tracked.finding.id);
    const { movedSinceTold: _, ...rest } = tracked;
    if (was === undefined || was.sequence !== tracked.sequence) return rest;
    const moved = moves(was, tracked.members);
    return moved.length === 0 ? rest : { ...rest, movedSinceTold: moved };
  });
}

function moves(was: TrackedFinding, members: readonly Member[]): MovedSinceTold {
  const told = new Map(membersWhenTold(was).map(({ account, confidence }) => [account, confidence]));
  return members.flatMap((member) => {
    const then = told.get(member.account) ?? 'out';
    return then === standing(member) ? [] : [[member.account, then] as const];
  });
}

function standing({ confidence, until }: Member): Standing {
  return until === undefined ? confidence : 'out';
}

/** The members that the figures of the last message are of. */
export function membersWhenTold({
  members,
  movedSinceTold = [],
}: Pick<TrackedFinding, 'members' | 'movedSinceTold'>): Member[] {
  const moved = new Map(movedSinceTold);
  return members.flatMap((member) => {
    const then = moved.get(member.account) ?? standing(member);
    if (then === 'out') return [];
    const { until: _, ...held } = member;
    return [{ ...held, confidence: then }];
  });
}

/** Holds what was found against what really happened. */

import type { CampaignTruth } from '../../../cli/simulate/truth.ts';
import type { TrackedFinding } from '../../../core/campaigns/tracked.ts';
import type { Transition } from '../../../core/findings/transition.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Of a campaign's accounts in one finding, and of that finding's accounts from the campaign. */
const FOUND_SHARE = 0.5;
const FOUND_PURITY = 0.9;

export interface Tallied {
  right: number;
  held: number;
}

export interface CampaignScore {
  accounts: number;
  /** At least half of the accounts in one finding that is at least 90 % theirs. */
  found: boolean;
  distillation: boolean;
  /** Of the finding that holds most of the campaign: share of the campaign, and of the finding. 0 where none does. */
  best: { share: number; purity: number };
  /** To the sweep that opened the first finding that is mostly theirs; absent where none is. */
  daysFromFirst?: number;
  daysFromHundredth?: number;
  /** Share and number of its exchanges before that sweep; all of them where there was none. */
  leaked: number;
  leakedExchanges: number;
  /** Findings that hold a member. */
  fragments: number;
  certain: Tallied;
  all: Tallied;
  secondPool?: SecondPool;
  /** Hours from its first exchange until any finding, of a consumer too, holds an account of it. */
  hoursToAny?: number;
}

export interface SecondPool {
  accounts: number;
  /** Hours from its first exchange until half of it was in the finding that held the first pool. */
  hours?: number;
}

export interface Outcome {
  tracked: readonly TrackedFinding[];
  transitions: readonly Transition[];
  /** First exchange of each account, ms since 1970. */
  firstSeen: ReadonlyMap<string, number>;
  /** Exchanges of the whole campaign over those that were read. */
  wholeOverRead: number;
}

export function scoreCampaign(truth: CampaignTruth, outcome: Outcome): CampaignScore {
  const own = new Set(truth.accounts);
  const holding = outcome.tracked
    .filter(({ finding }) => finding.kind === 'campaign')
    .map((tracked) => ({ tracked, ...shareOf(tracked, own) }))
    .filter(({ share }) => share > 0)
    .sort((a, b) => b.share - a.share);
  const theirs = holding.filter(({ purity }) => purity >= 0.5).map(({ tracked }) => tracked.finding.id);
  const openedAt = firstOpened(outcome.transitions, new Set(theirs));
  const members = new Map(
    holding.flatMap(({ tracked }) => tracked.members).map(({ account, confidence }) => [account, confidence]),
  );
  const certain = [...members].filter(([, confidence]) => confidence === 'certain').map(([account]) => account);
  const tallied = (accounts: readonly string[]): Tallied => ({
    right: accounts.filter((account) => own.has(account)).length,
    held: accounts.length,
  });
  const second = secondPoolOf(truth, outcome);
  const any = hoursToAny(truth, own, outcome.tracked);
  return {
    accounts: own.size,
    found: holding.some(({ share, purity }) => share >= FOUND_SHARE && purity >= FOUND_PURITY),
    distillation: holding.some(({ tracked }) => tracked.finding.classification === 'distillation'),
    best: { share: holding[0]?.share ?? 0, purity: holding[0]?.purity ?? 0 },
    ...delays(truth, openedAt),
    ...leakOf(truth, openedAt, outcome.wholeOverRead),
    fragments: holding.length,
    certain: tallied(certain),
    all: tallied([...members.keys()]),
    ...(second === undefined ? {} : { secondPool: second }),
    ...(any === undefined ? {} : { hoursToAny: any }),
  };
}

function shareOf({ members }: TrackedFinding, own: ReadonlySet<string>): { share: number; purity: number } {
  const inside = members.filter(({ account }) => own.has(account)).length;
  return { share: inside / Math.max(1, own.size), purity: inside / Math.max(1, members.length) };
}

function firstOpened(transitions: readonly Transition[], ids: ReadonlySet<string>): number | undefined {
  const opened = transitions.find(({ finding, context }) => context.message === 'opened' && ids.has(finding.id));
  return opened && Date.parse(opened.finding.at);
}

function delays({ from, hundredthAccount }: CampaignTruth, openedAt: number | undefined) {
  if (openedAt === undefined || from === undefined) return {};
  const daysFrom = (time: string) => (openedAt - Date.parse(time)) / DAY_MS;
  return {
    daysFromFirst: daysFrom(from),
    ...(hundredthAccount === undefined ? {} : { daysFromHundredth: daysFrom(hundredthAccount) }),
  };
}

/** Sweeps fall on midnights, so whole days are before them. */
function leakOf({ perDay, exchanges }: CampaignTruth, openedAt: number | undefined, wholeOverRead: number) {
  const whole = exchanges * wholeOverRead;
  if (openedAt === undefined) return { leaked: 1, leakedExchanges: Math.round(whole) };
  let before = 0;
  for (const [day, count] of Object.entries(perDay)) if (Date.parse(day) < openedAt) before += count;
  return { leaked: Math.min(1, before / whole), leakedExchanges: before };
}

/** The pool that took over when the platform banned most of the first at once. */
function secondPoolOf(truth: CampaignTruth, { tracked, firstSeen }: Outcome): SecondPool | undefined {
  const ban = truth.bans.find(({ accounts }) => accounts >= truth.accounts.length / 4);
  if (ban === undefined) return undefined;
  const banned = Date.parse(ban.at);
  const second = new Set(truth.accounts.filter((account) => firstSeen.get(account)! > banned));
  if (second.size === 0) return undefined;
  const first = new Set(truth.accounts.filter((account) => !second.has(account)));
  const holder = tracked
    .filter(({ finding }) => finding.kind === 'campaign')
    .map((one) => ({ one, share: shareOf(one, first).share }))
    .sort((a, b) => b.share - a.share)[0];
  if (holder === undefined || holder.share === 0) return { accounts: second.size };
  const claimed = holder.one.members
    .filter(({ account }) => second.has(account))
    .map((member) => Date.parse(member.claimed))
    .sort((a, b) => a - b)[Math.ceil(second.size / 2) - 1];
  const began = Math.min(...[...second].map((account) => firstSeen.get(account)!));
  return { accounts: second.size, ...(claimed === undefined ? {} : { hours: (claimed - began) / HOUR_MS }) };
}

function hoursToAny(
  { from }: CampaignTruth,
  own: ReadonlySet<string>,
  tracked: readonly TrackedFinding[],
): number | undefined {
  const claimed = tracked.flatMap(({ members }) =>
    members.filter(({ account }) => own.has(account)).map((member) => Date.parse(member.claimed)),
  );
  return claimed.length === 0 || from === undefined ? undefined : (Math.min(...claimed) - Date.parse(from)) / HOUR_MS;
}

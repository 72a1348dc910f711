/** The accounts of an operator over time: registration runs, first use, bans and replacements. */
import { DAY, HOUR, SECOND } from '../clock.ts';
import type { Minter } from '../fingerprint.ts';
import type { Holder } from '../person.ts';
import { mix, type Random } from '../random.ts';
import type { Infrastructure } from './infrastructure.ts';
import type { OperatorSettings } from './settings.ts';

export interface Member extends Holder {
  bornAt: number;
  /** From here on it gets jobs. */
  readyAt: number;
  /** The platform's ban; Infinity where there is none. */
  bannedAt: number;
  /** Rests after a rate limit until then. */
  coolUntil: number;
  /** Relative share of the load where accounts are drawn. */
  weight: number;
  /** Place in the order of first use. */
  rank: number;
}

export interface Campaign {
  accounts: number;
  /** Instants of the first and beyond the last exchange. */
  from: number;
  to: number;
  /** Share of the pool that is in use on the n-th day, 0 to 1, never falling. */
  inUse(day: number): number;
}

/** All members that the campaign will ever have, in order of first use. */
export function recruit(
  campaign: Campaign,
  settings: OperatorSettings,
  infra: Infrastructure,
  ids: Minter,
  random: Random,
): Member[] {
  const members: Member[] = [];
  const wave = settings.banAfterDays > 0 ? settings.banAfterDays * DAY : Number.POSITIVE_INFINITY;
  const add = (bornAt: number, readyAt: number, bannedAt: number) => {
    const holder = infra.holder(`k_${ids(members.length)}`, bornAt);
    const weight = random.lognormal(1, settings.allocationSigma);
    members.push({ ...holder, bornAt, readyAt, bannedAt, coolUntil: 0, weight, rank: 0 });
  };
  for (let from = campaign.from; from < campaign.to; from += wave) {
    const first = from === campaign.from;
    const takeover = first ? from : from + settings.replaceHours * HOUR;
    const ban = from + wave < campaign.to ? from + wave : Number.POSITIVE_INFINITY;
    infra.rentExits(campaign.accounts);
    registerPool(campaign, settings, takeover, first, random, (bornAt, readyAt) => {
      const banned = random.chance(settings.banShare)
        ? ban + random.exponential(4 * 60 * SECOND)
        : Number.POSITIVE_INFINITY;
      addWithLosses(bornAt, readyAt, banned, campaign.to, settings, random, add);
    });
    if (!Number.isFinite(wave)) break;
  }
  members.sort((a, b) => a.readyAt - b.readyAt);
  members.forEach((member, rank) => {
    member.rank = rank;
  });
  return members;
}

type Register = (bornAt: number, readyAt: number) => void;

/** Registration runs of `batch` accounts, inside the operator's working hours, for each day on which more are needed. */
function registerPool(
  campaign: Campaign,
  settings: OperatorSettings,
  takeover: number,
  staged: boolean,
  random: Random,
  register: Register,
): void {
  for (const { day, count } of staged ? stages(campaign) : [{ day: 0, count: campaign.accounts }]) {
    const runs = Math.ceil(count / settings.batch);
    const span = day > 0 ? Math.min(settings.signupDays, settings.leadDays) : settings.signupDays;
    for (let run = 0; run < runs; run++) {
      let at = workingHours(takeover + (day - settings.leadDays + (run / runs) * span) * DAY, random);
      for (let i = Math.min(settings.batch, count - run * settings.batch); i > 0; i--) {
        at += 20 * SECOND + random.exponential(150 * SECOND);
        const warm = at + (settings.warmHours + random.exponential(6)) * HOUR;
        register(at, Math.max(warm, takeover + day * DAY));
      }
    }
  }
}

/** Days of the campaign on which accounts come into use for the first time, and how many. */
function stages(campaign: Campaign): { day: number; count: number }[] {
  const days = Math.ceil((campaign.to - campaign.from) / DAY);
  const found: { day: number; count: number }[] = [];
  let used = 0;
  for (let day = 0; day < days; day++) {
    const due = Math.max(1, Math.round(campaign.accounts * Math.min(1, campaign.inUse(day))));
    if (due > used) found.push({ day, count: due - used });
    used = Math.max(used, due);
  }
  return found;
}

/** An account that is lost is replaced by one registered within hours. */
function addWithLosses(
  bornAt: number,
  readyAt: number,
  banned: number,
  end: number,
  settings: OperatorSettings,
  random: Random,
  add: (bornAt: number, readyAt: number, bannedAt: number) => void,
): void {
  let [born, ready] = [bornAt, readyAt];
  for (;;) {
    const lost =
      settings.attrition > 0 ? ready + random.exponential(DAY / settings.attrition) : Number.POSITIVE_INFINITY;
    add(born, ready, Math.min(lost, banned));
    if (lost >= Math.min(banned, end)) return;
    born = settings.refillRuns ? refillRun(lost, random) : lost + random.between(1, 12) * HOUR;
    ready = born + settings.warmHours * HOUR;
  }
}

/** What was lost on one day is signed up in one run on the next. */
function refillRun(lost: number, random: Random): number {
  const day = Math.floor(lost / DAY) + 1;
  const start = day * DAY + (1 + (mix(day) % 10)) * HOUR;
  return start + random.exponential(20 * 60 * SECOND);
}

/** Operators sit somewhere: runs start within ten hours of one UTC day. */
function workingHours(instant: number, random: Random): number {
  return Math.floor(instant / DAY) * DAY + random.between(1, 11) * HOUR;
}

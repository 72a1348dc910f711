/** One operator with many accounts: registers them, feeds them jobs, replaces them. */
import type { AccountRecord } from '../../../core/records/schema.ts';
import { DAY, iso, SECOND } from '../clock.ts';
import { Conversation } from '../conversation.ts';
import type { Source } from '../crowd.ts';
import type { Platform } from '../platform.ts';
import { Random, type Seed, seedOf } from '../random.ts';
import { typical } from '../sizes.ts';
import type { Stage } from '../speaker.ts';
import type { Timeline } from '../timeline.ts';
import type { Ledger } from '../truth.ts';
import type { Subject, Voice } from '../voice.ts';
import { Dispatcher } from './dispatcher.ts';
import { Infrastructure } from './infrastructure.ts';
import { type Campaign, type Member, recruit } from './pool.ts';
import { starts } from './schedule.ts';
import type { OperatorSettings } from './settings.ts';
import { OperatorVoice, sliceFor } from './work.ts';

export interface Opening {
  /** Names the group's random streams. */
  group: string;
  plan: OperatorPlan;
  settings: OperatorSettings;
  platform: Platform;
  ledger: Ledger;
}

export interface OperatorPlan extends Campaign {
  /** Exchanges per account in use and day at full load. */
  ratePerDay: number;
  /** Days that it was planned for; the window may end before. */
  days: number;
  /** Load of the n-th day of the campaign over full load. */
  load(day: number): number;
}

/** Earlier outputs that an operator keeps at hand for replays. */
const KEPT = 500;

export class Operator implements Source {
  private readonly campaign: OperatorPlan;
  private readonly settings: OperatorSettings;
  private readonly platform: Platform;
  private readonly ledger: Ledger;
  private readonly seed: Seed;
  private readonly stage: Stage;
  private readonly voice: Voice;
  private readonly members: Member[];
  private readonly dispatcher: Dispatcher;
  private readonly kept: string[] = [];

  /** `voice` replaces what the settings have the accounts ask. */
  constructor(opening: Opening, voice?: (opening: Opening, random: Random) => Voice) {
    const { group, plan, settings, platform, ledger } = opening;
    this.campaign = plan;
    this.settings = settings;
    this.platform = platform;
    this.ledger = ledger;
    this.seed = seedOf(`${platform.seed}/${group}`);
    this.stage = { platform, random: new Random(this.seed, 1), ledger };
    const ideas = new Random(this.seed, 2);
    this.voice = voice?.(opening, ideas) ?? new OperatorVoice(settings, platform, ideas);
    const infrastructure = new Infrastructure(platform, settings, new Random(this.seed, 3));
    const ids = platform.minter(group, 'account');
    this.members = recruit(plan, settings, infrastructure, ids, new Random(this.seed, 4));
    this.dispatcher = new Dispatcher(this.members, settings, new Random(this.seed, 5));
    ledger.registered = this.members.filter((member) => member.bornAt < platform.end).length;
  }

  *known(): Generator<AccountRecord> {
    for (const member of this.members) if (member.bornAt < this.platform.start) yield member.account;
  }

  plan(day: number, timeline: Timeline): void {
    this.paperwork(day, timeline);
    const random = new Random(this.seed, day / DAY, 6);
    for (const at of starts(day, this.jobs(day, random), this.settings, random)) {
      if (at >= this.campaign.from && at < this.campaign.to) this.job(at, random, timeline);
    }
  }

  private paperwork(day: number, timeline: Timeline): void {
    const bans: number[] = [];
    for (const { account, bornAt, bannedAt } of this.members) {
      if (bornAt >= day && bornAt < day + DAY) timeline.add(bornAt, { emit: () => account });
      if (bannedAt < day || bannedAt >= day + DAY || bannedAt >= this.campaign.to) continue;
      const ban: AccountRecord = { type: 'account', time: iso(bannedAt), account: account.account, status: 'banned' };
      timeline.add(bannedAt, { emit: () => ban });
      bans.push(bannedAt);
    }
    if (bans.length > 0) this.ledger.bans.push({ at: iso(Math.min(...bans)), accounts: bans.length });
  }

  /** A day's conversations, so that its exchanges meet the rate; days differ by some per cent. */
  private jobs(day: number, random: Random): number {
    const { from, to, ratePerDay, load } = this.campaign;
    if (day + DAY <= from || day >= to) return 0;
    const inUse = this.members.filter((m) => m.readyAt < day + DAY && m.bannedAt > day).length;
    const live = Math.min(inUse, this.campaign.accounts);
    const exchanges = live * ratePerDay * load(Math.max(0, Math.floor((day - from) / DAY))) * random.lognormal(1, 0.04);
    return random.poisson(exchanges / this.settings.turns / this.settings.copies);
  }

  private job(start: number, random: Random, timeline: Timeline): void {
    const { copies, inputMedian, inputSigma } = this.settings;
    const opened = this.voice.open(random, start);
    const again = typical({
      ...this.settings,
      inputMedian: random.lognormal(inputMedian, inputSigma),
      inputSigma: 0.04,
    });
    const subject: Subject = copies > 1 && !opened.cover ? { ...opened, sizes: again } : opened;
    for (let copy = 0; copy < copies; copy++)
      this.converse(start + copy * random.exponential(SECOND), subject, random, timeline);
  }

  private converse(start: number, subject: Subject, random: Random, timeline: Timeline): void {
    let member = this.dispatcher.next(start);
    if (!member) return;
    const turns = random.geometric(this.settings.turns);
    const opened = { holder: member, subject: sliceFor(member.rank, subject, this.settings, random) };
    const conversation = new Conversation(this.stage, { open: () => opened }, turns);
    const replays = random.chance(this.settings.replay);
    let at = start;
    for (let turn = 0; turn < turns && at < this.campaign.to; turn++) {
      const limited = random.chance(this.settings.throttled);
      if (limited || member.bannedAt <= at) {
        if (limited && member.bannedAt > at)
          timeline.add(at, { emit: (now) => conversation.exchange(now, 'throttled') });
        this.dispatcher.rest(member, at);
        at += random.between(1, 4) * SECOND;
        const next = this.dispatcher.next(at);
        if (!next) return;
        member = next;
        timeline.add(at, { emit: (now) => this.failOver(conversation, next, now) });
      } else if (turn === 0 && replays) timeline.add(at, { emit: (now) => this.replay(conversation, now) });
      else timeline.add(at, { emit: (now) => this.ask(conversation, now) });
      at += 2 * SECOND + random.gamma(1.5, (this.settings.pauseSeconds * SECOND) / 1.5);
    }
  }

  private ask(conversation: Conversation, now: number) {
    const record = conversation.emit(now);
    const [minted] = record?.custody?.minted ?? [];
    if (minted && this.settings.replay > 0) this.kept[this.stage.random.int(KEPT)] = minted;
    return record;
  }

  private failOver(conversation: Conversation, member: Member, now: number) {
    conversation.moveTo(member, this.settings.failoverState);
    if (this.settings.rewriteIds) conversation.rewriteIds();
    return this.ask(conversation, now);
  }

  private replay(conversation: Conversation, now: number) {
    const kept = this.kept[this.stage.random.int(KEPT)];
    if (kept) conversation.present([kept]);
    if (this.settings.rewriteIds) conversation.rewriteIds();
    return this.ask(conversation, now);
  }
}

/** Chooses the account for each job, as relay software does. */
import { Weighted } from '../choices.ts';
import { HOUR, MINUTE } from '../clock.ts';
import type { Random } from '../random.ts';
import type { Member } from './pool.ts';
import type { OperatorSettings } from './settings.ts';

/** Time a relay leaves an account alone after a rate limit. */
const COOL_DOWN = 5 * MINUTE;

export class Dispatcher {
  private readonly weighted: boolean;
  private readonly random: Random;
  /** Members by readiness; those before `joined` are in the queue. */
  private readonly members: readonly Member[];
  private joined = 0;
  /** Least recently used first, from `head` on. */
  private queue: Member[] = [];
  private head = 0;
  private draw: { table: Weighted<Member>; until: number } | undefined;

  constructor(members: readonly Member[], settings: OperatorSettings, random: Random) {
    this.members = members;
    this.weighted = settings.dispatch === 'weighted';
    this.random = random;
  }

  /** The next account at that instant; instants must not fall by more than minutes. Undefined where none is left. */
  next(instant: number): Member | undefined {
    this.join(instant);
    return this.weighted ? this.byWeight(instant) : this.byTurn(instant);
  }

  rest(member: Member, instant: number): void {
    member.coolUntil = instant + COOL_DOWN;
  }

  private join(instant: number): void {
    for (; this.joined < this.members.length; this.joined++) {
      const member = this.members[this.joined] as Member;
      if (member.readyAt > instant) return;
      this.enter(member);
    }
  }

  /** Never used is least recently used. */
  private enter(member: Member): void {
    if (this.head > 0) this.queue[--this.head] = member;
    else this.queue.push(member);
  }

  private byTurn(instant: number): Member | undefined {
    for (let tries = this.queue.length - this.head; tries > 0; tries--) {
      const member = this.queue[this.head++] as Member;
      if (this.head > 4096 && this.head * 2 > this.queue.length) this.compact();
      if (member.bannedAt <= instant) continue;
      this.queue.push(member);
      if (member.coolUntil <= instant) return member;
    }
    return undefined;
  }

  private compact(): void {
    this.queue = this.queue.slice(this.head);
    this.head = 0;
  }

  private byWeight(instant: number): Member | undefined {
    if (!this.draw || instant >= this.draw.until) this.draw = { table: this.table(instant), until: instant + HOUR };
    for (let tries = 0; tries < 50 && this.draw.table.items.length > 0; tries++) {
      const member = this.draw.table.pick(this.random);
      if (member.bannedAt > instant && member.coolUntil <= instant) return member;
    }
    return undefined;
  }

  private table(instant: number): Weighted<Member> {
    const ready = this.members.slice(0, this.joined).filter((member) => member.bannedAt > instant);
    return new Weighted(
      ready,
      ready.map((member) => member.weight),
    );
  }
}

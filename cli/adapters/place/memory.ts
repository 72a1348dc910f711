/** A place in memory: what the tests hold the other places against. */
import { type CaseEntry, type NewEntry, parseEntry } from '../../../core/cases/entry.ts';
import type { Member } from '../../../core/findings/finding.ts';
import type { Transition } from '../../../core/findings/transition.ts';
import { byTime, type CaseLog, type Place, type ToldMessage } from '../../../core/place.ts';

export interface Held {
  transitions?: Transition[];
  members?: Member[];
  messages?: ToldMessage[];
}

export class MemoryCases implements CaseLog {
  private readonly entries: string[] = [];

  async read(after = 0): Promise<CaseEntry[]> {
    return this.entries.slice(after).map((line) => JSON.parse(line) as CaseEntry);
  }

  async append(entry: NewEntry, after: number): Promise<CaseEntry | undefined> {
    if (after !== this.entries.length) return undefined;
    const added = parseEntry({ ...entry, seq: after + 1 });
    this.entries.push(JSON.stringify(added));
    return added;
  }
}

export class MemoryPlace implements Place {
  readonly name = 'memory';
  readonly cases = new MemoryCases();
  private readonly held: Held;

  constructor(held: Held = {}) {
    this.held = held;
  }

  async transitions(): Promise<Transition[]> {
    return [...(this.held.transitions ?? [])];
  }

  async members(finding?: string): Promise<Member[]> {
    return (this.held.members ?? []).filter((member) => finding === undefined || member.finding === finding);
  }

  async messages(finding?: string): Promise<ToldMessage[]> {
    const all = byTime(this.held.messages ?? []);
    return finding === undefined ? all : all.filter(({ message }) => message.finding?.id === finding);
  }
}

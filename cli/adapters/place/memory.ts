/** A place in memory: what the tests hold the other places against. */
import { EMPTY_BOOK } from '../../../core/cases/book.ts';
import { type CaseEntry, type NewEntry, parseEntry, type Scope } from '../../../core/cases/entry.ts';
import { isKnown, type Known } from '../../../core/cases/reach.ts';
import type { DossierLine, DossierLog } from '../../../core/dossier/chain.ts';
import type { Member } from '../../../core/findings/finding.ts';
import { membersWhenTold } from '../../../core/findings/membership-told.ts';
import type { Transition } from '../../../core/findings/transition.ts';
import { byTime, type CaseLog, type Desk, type Place, type ToldMessage } from '../../../core/place.ts';
import type { MoveLine } from './folder.ts';

export interface Held {
  transitions?: Transition[];
  members?: Member[];
  messages?: ToldMessage[];
  desk?: Desk;
  known?: Known;
  moves?: MoveLine[];
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

export class MemoryDossiers implements DossierLog {
  private readonly lines: string[] = [];

  async read(): Promise<DossierLine[]> {
    return this.lines.map((line) => JSON.parse(line) as DossierLine);
  }

  async append(line: DossierLine, after: number): Promise<boolean> {
    if (after !== this.lines.length) return false;
    this.lines.push(JSON.stringify(line));
    return true;
  }
}

export class MemoryPlace implements Place {
  readonly name = 'memory';
  readonly cases = new MemoryCases();
  readonly dossiers = new MemoryDossiers();
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

  async membersWhenTold(finding: string): Promise<Member[]> {
    const moves = (this.held.moves ?? []).filter((move) => move.finding === finding);
    const movedSinceTold = moves.map(({ account, then }) => [account, then] as const);
    return membersWhenTold({ members: await this.members(finding), movedSinceTold });
  }

  async messages(finding?: string): Promise<ToldMessage[]> {
    const all = byTime(this.held.messages ?? []);
    return finding === undefined ? all : all.filter(({ message }) => message.finding?.id === finding);
  }

  async desk(): Promise<Desk> {
    return structuredClone(this.held.desk ?? { book: EMPTY_BOOK, findings: new Map() });
  }

  async knows(scope: Scope): Promise<boolean> {
    return isKnown(scope, this.held.known ?? new Float64Array(), (await this.desk()).findings);
  }
}

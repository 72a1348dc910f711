/** A folder that `replay` wrote, and beside it `cases.ndjson`, which a replay honours and never changes. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TrackedFinding } from '../../../core/campaigns/tracked.ts';
import type { CaseBook } from '../../../core/cases/book.ts';
import type { Seen } from '../../../core/cases/cover.ts';
import type { Scope } from '../../../core/cases/entry.ts';
import { isKnown } from '../../../core/cases/reach.ts';
import type { Finding, Member } from '../../../core/findings/finding.ts';
import { membersWhenTold, type Standing } from '../../../core/findings/membership-told.ts';
import type { Transition, TransitionContext } from '../../../core/findings/transition.ts';
import type { Envelope } from '../../../core/messages/envelope.ts';
import { CHANNELS, channelsFor } from '../../../core/outbox/outbox.ts';
import { byTime, type Desk, type Place, type ToldMessage } from '../../../core/place.ts';
import { InputError } from '../input/input-error.ts';
import { FolderCases } from './folder-cases.ts';
import { FolderDossiers } from './folder-dossiers.ts';

/** A line of `contexts.ndjson`: what a transition was told with, by the finding and time of its line in `findings.ndjson`. */
export type ContextLine = { finding: string; at: string } & TransitionContext;

export function contextLine({ finding, context }: Transition): ContextLine {
  return { finding: finding.id, at: finding.at, ...context };
}

/** A line of `moves.ndjson`: an account that stands otherwise than when the finding was last told, and how it stood. */
export interface MoveLine {
  finding: string;
  account: string;
  then: Standing;
}

export function moveLines({ finding, movedSinceTold = [] }: TrackedFinding): MoveLine[] {
  return movedSinceTold.map(([account, then]) => ({ finding: finding.id, account, then }));
}

/** `desk.json`: the cases at the replay's last sweep, and its findings as silences ask. */
export interface DeskFile {
  book: CaseBook;
  seen: Record<string, Seen>;
}

export class FolderPlace implements Place {
  readonly name: string;
  readonly cases: FolderCases;
  readonly dossiers: FolderDossiers;

  constructor(folder: string) {
    this.name = folder;
    this.cases = new FolderCases(folder);
    this.dossiers = new FolderDossiers(folder);
  }

  async transitions(): Promise<Transition[]> {
    const findings = this.lines<Finding>('findings.ndjson');
    const contexts = new Map<string, TransitionContext>();
    for (const { finding, at, ...context } of this.lines<ContextLine>('contexts.ndjson'))
      contexts.set(`${finding} ${at}`, context);
    return findings.map((finding) => {
      const context = contexts.get(`${finding.id} ${finding.at}`);
      if (context === undefined) throw this.damaged('contexts.ndjson');
      return { finding, context };
    });
  }

  async members(finding?: string): Promise<Member[]> {
    const all = this.lines<Member>('members.ndjson');
    return finding === undefined ? all : all.filter((member) => member.finding === finding);
  }

  async membersWhenTold(finding: string): Promise<Member[]> {
    const moves = this.lines<MoveLine>('moves.ndjson').filter((move) => move.finding === finding);
    const movedSinceTold = moves.map(({ account, then }) => [account, then] as const);
    return membersWhenTold({ members: await this.members(finding), movedSinceTold });
  }

  async messages(finding?: string): Promise<ToldMessage[]> {
    const told = this.envelopes()
      .filter((message) => finding === undefined || message.finding?.id === finding)
      .map((message): ToldMessage => {
        const channels = channelsFor(message.finding?.severity ?? 'SEV2', CHANNELS, message.message);
        const deliveries = channels.map((channel) => ({ channel, state: 'written', attempts: 0 }) as const);
        return { at: timeOf(message), message, deliveries };
      });
    return byTime(told);
  }

  async desk(): Promise<Desk> {
    const { book, seen } = this.read(
      'desk.json',
      () => JSON.parse(readFileSync(join(this.name, 'desk.json'), 'utf8')) as DeskFile,
    );
    const members = Map.groupBy(await this.members(), ({ finding }) => finding);
    return { book, findings: new Map([...members].map(([id, own]) => [id, { members: own, seen: seen[id] }])) };
  }

  async knows(scope: Scope): Promise<boolean> {
    const bytes = this.read('known.bin', () => readFileSync(join(this.name, 'known.bin')));
    if (bytes.length % 8 !== 0) throw this.damaged('known.bin');
    const known = new Float64Array(new Uint8Array(bytes).buffer);
    return isKnown(scope, known, (await this.desk()).findings);
  }

  private envelopes(): Envelope[] {
    const outbox = join(this.name, 'outbox');
    const names = this.read('outbox', () => readdirSync(outbox)).sort();
    // The envelope is `<time>-<id>-<message>.json`; a channel's own body has a second suffix.
    return names
      .filter((name) => /^[^.]+\.json$/.test(name))
      .map((name) =>
        this.read(`outbox/${name}`, () => JSON.parse(readFileSync(join(outbox, name), 'utf8')) as Envelope),
      );
  }

  private lines<T>(name: string): T[] {
    const text = this.read(name, () => readFileSync(join(this.name, name), 'utf8'));
    return this.read(name, () =>
      text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as T),
    );
  }

  private read<T>(name: string, reading: () => T): T {
    try {
      return reading();
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === undefined) throw this.damaged(name);
      throw new InputError(`--at ${this.name}: ${name} cannot be read (${code}); replay writes it`);
    }
  }

  private damaged(name: string): InputError {
    return new InputError(`--at ${this.name}: ${name} is damaged; replay writes it`);
  }
}

/** A message that is not the transition itself has a time of its own. */
export function timeOf(message: Envelope): string {
  return message.at ?? message.finding!.at;
}

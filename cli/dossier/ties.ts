/** Gathers what ties members to each other while the records are read; what is much lies on disk. */
import { type Bonds, bondsOf, tieLine, tiesOf } from '../../core/dossier/bonds.ts';
import type { RosterMember } from '../../core/dossier/exchange-tally.ts';
import type { AccountRecord, UsageRecord } from '../../core/records/schema.ts';
import { timeMs } from '../../core/records/time.ts';
import { LineSorter } from '../adapters/line-sorter.ts';

/** Flags of a prompt that asks for more than an answer. */
const ELICITING = new Set(['cot_elicitation', 'reasoning_translation', 'rubric']);

export class Ties {
  private readonly lines = new LineSorter();
  /** The last value of each kind, by account: most exchanges repeat it. */
  private readonly last = new Map<string, Map<string, string>>();
  private readonly born: Map<string, number>;
  private readonly work = new Map<string, { all: number; aimed: number }>();
  private readonly aims: ReadonlySet<string>;

  /** `aims`: tasks that the finding is after. */
  constructor(roster: readonly RosterMember[], aims: ReadonlySet<string>) {
    this.aims = aims;
    this.born = new Map(roster.map(({ account, since }) => [account, Date.parse(since)]));
  }

  /** Of a member. */
  usage(record: UsageRecord): void {
    this.add(record);
    const { account, prompt } = record;
    const done = this.work.get(account) ?? { all: 0, aimed: 0 };
    const isAimed =
      (prompt?.task !== undefined && this.aims.has(prompt.task)) ||
      (prompt?.flags ?? []).some((flag) => ELICITING.has(flag));
    this.work.set(account, { all: done.all + 1, aimed: done.aimed + Number(isAimed) });
  }

  /** Of anybody; what is of no member is left out. */
  account(record: AccountRecord): void {
    if (!this.born.has(record.account)) return;
    this.add(record);
    if (record.createdAt !== undefined) this.born.set(record.account, timeMs(record.createdAt));
  }

  /** To be asked for once. */
  bonds(): Bonds {
    return bondsOf({ ties: this.lines.sorted(), born: this.born, work: this.work });
  }

  remove(): void {
    this.lines.remove();
  }

  private add(record: UsageRecord | AccountRecord): void {
    const { account } = record;
    const last = this.last.get(account) ?? new Map<string, string>();
    this.last.set(account, last);
    for (const tie of tiesOf(record)) {
      const kind = `${tie.kind} ${tie.role ?? ''}`;
      if (last.get(kind) === tie.value) continue;
      last.set(kind, tie.value);
      this.lines.add(tieLine(tie, account));
    }
  }
}

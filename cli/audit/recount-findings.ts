/**
 * The figures of many findings counted again in one pass over the records that went in, by the count of a dossier: no
 * account-day, fold or sweep has a part in it. What does not fit into memory is sorted on disk.
 */
import { rowOf, writeRow } from '../../core/dossier/exchange-row.ts';
import { belongsTo, type RosterMember } from '../../core/dossier/exchange-tally.ts';
import { type RecountRow, recountRows } from '../../core/dossier/recount.ts';
import type { Finding } from '../../core/findings/finding.ts';
import type { UsageRecord } from '../../core/records/schema.ts';
import { LineSorter } from '../adapters/line-sorter.ts';
import { count } from '../dossier/count.ts';

export type FindingDrift = Pick<RecountRow, 'figure' | 'recorded' | 'recounted'> & { finding: string };

/** A finding as it was last told, and whom it held then. */
export interface Told {
  finding: Finding;
  roster: readonly RosterMember[];
}

export class FindingsRecount {
  private readonly parts: Part[];

  /** `retentionDays`: what the replay remembered. */
  constructor(told: readonly Told[], retentionDays: number) {
    this.parts = told.map((each) => new Part(each, retentionDays));
  }

  add(record: UsageRecord): void {
    for (const part of this.parts) part.add(record);
  }

  drift(): FindingDrift[] {
    return this.parts.flatMap((part) => part.drift());
  }

  /** Once it has been asked. */
  remove(): void {
    for (const part of this.parts) part.rows.remove();
  }
}

class Part {
  readonly rows = new LineSorter();
  private readonly told: Told;
  private readonly accounts: ReadonlySet<string>;
  private readonly belongs: ReturnType<typeof belongsTo>;

  constructor(told: Told, retentionDays: number) {
    this.told = told;
    this.accounts = new Set(told.roster.map(({ account }) => account));
    this.belongs = belongsTo({ roster: told.roster, at: told.finding.at, retentionDays });
  }

  add(record: UsageRecord): void {
    if (!this.accounts.has(record.account)) return;
    const row = rowOf(record);
    if (this.belongs(row.account, row.time)) this.rows.add(writeRow(row));
  }

  drift(): FindingDrift[] {
    const { finding, roster } = this.told;
    const { tally } = count({ rows: this.rows, population: undefined }, { roster });
    return recountRows(finding, tally)
      .filter(({ result }) => result === 'differs')
      .map(({ figure, recorded, recounted }) => ({ finding: finding.id, figure, recorded, recounted }));
  }
}

/**
 * The figures of a folder's findings counted again from the records that went in, one exchange at a time: no account-day,
 * fold or sweep has a part in it. Memory is bounded by the members' exchanges, about 300 bytes each.
 */
import { type ExchangeRow, rowOf } from '../../core/dossier/exchange-row.ts';
import { belongsTo, type Counts, ExchangeTally, type RosterMember } from '../../core/dossier/exchange-tally.ts';
import type { Finding, Member } from '../../core/findings/finding.ts';
import type { UsageRecord } from '../../core/records/schema.ts';

export interface FindingDrift {
  finding: string;
  figure: string;
  recorded: string | number;
  recounted: string | number;
}

export class FindingsRecount {
  private readonly parts: Part[];

  /** `findings`: one line each, as last told. `retentionDays`: what the replay remembered. */
  constructor(findings: readonly Finding[], members: readonly Member[], retentionDays: number) {
    this.parts = findings.map((finding) => new Part(finding, rosterOf(finding, members), retentionDays));
  }

  /** In the order of the replay: of two records of one id the first counts. */
  add(record: UsageRecord): void {
    for (const part of this.parts) part.add(record);
  }

  drift(): FindingDrift[] {
    return this.parts.flatMap((part) => part.drift());
  }
}

/** Whom the finding held when it was told: not yet let go, or by that very sweep where it cleared. */
function rosterOf({ id, at, state }: Finding, members: readonly Member[]): RosterMember[] {
  const held = ({ until }: Member) => until === undefined || until > at || (state === 'cleared' && until === at);
  return members.filter((member) => member.finding === id && member.claimed <= at && held(member));
}

class Part {
  private readonly finding: Finding;
  private readonly roster: readonly RosterMember[];
  private readonly belongs: ReturnType<typeof belongsTo>;
  private readonly rows = new Map<string, Map<string, ExchangeRow>>();

  constructor(finding: Finding, roster: readonly RosterMember[], retentionDays: number) {
    this.finding = finding;
    this.roster = roster;
    this.belongs = belongsTo({ roster, at: finding.at, retentionDays });
    for (const { account } of roster) this.rows.set(account, new Map());
  }

  add(record: UsageRecord): void {
    const rows = this.rows.get(record.account);
    if (rows === undefined) return;
    const row = rowOf(record);
    if (this.belongs(row.account, row.time) && !rows.has(row.id)) rows.set(row.id, row);
  }

  drift(): FindingDrift[] {
    const tally = new ExchangeTally(this.roster);
    for (const rows of this.rows.values()) for (const row of rows.values()) tally.add(row);
    const { id, accounts, exchanges, outputTokens, window } = this.finding;
    const { all }: { all: Counts } = tally;
    const figures: [string, string | number, string | number][] = [
      ['accounts', accounts.certain + accounts.probable, all.accounts],
      ['exchanges', exchanges, all.exchanges],
      ['output tokens', outputTokens, all.outputTokens],
      ['first exchange', window.from, all.window.from],
      ['last exchange', window.to, all.window.to],
    ];
    return figures
      .filter(([, recorded, recounted]) => recorded !== recounted)
      .map(([figure, recorded, recounted]) => ({ finding: id, figure, recorded, recounted }));
  }
}

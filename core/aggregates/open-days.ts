/**
 * The account-days of one UTC day that are being folded. Exchanges wait until they are folded account by account: in the
 * order in which they come, each would find its account-day out of the processor's caches.
 */
import { AccountDay } from './account-day.ts';
import { unpackAccountDay, viewOfPacked } from './account-day-codec.ts';
import { ByteSlabs } from './byte-slabs.ts';
import { ROW, rankOf } from './exchange.ts';
import { foldExchange } from './fold.ts';
import { type Blocks, doubled, ShortRows } from './short-rows.ts';

const scratch = new AccountDay();

export class OpenDays {
  readonly day: number;
  private readonly waiting: ShortRows;
  /** By waiting row: the one of its account before it, plus 1; 0 where there is none. */
  private earlier = new Uint32Array(1024);
  /** By code: the latest waiting row of the account plus 1; 0 where none waits. */
  private latest = new Uint32Array(1024);
  /** By code: where what was folded lies plus 1; 0 where nothing was. */
  private folded = new Uint32Array(1024);
  private slabs = new ByteSlabs();
  /** Accounts in the order in which they were opened. */
  private readonly codes: number[] = [];

  constructor(day: number, blocks: Blocks) {
    this.day = day;
    this.waiting = new ShortRows(blocks);
  }

  /** Takes a copy of the row at `at`. */
  add(rows: Float64Array, at: number): void {
    const code = rows[at + ROW.account]!;
    while (code >= this.latest.length) {
      this.latest = doubled(this.latest);
      this.folded = doubled(this.folded);
    }
    const before = this.latest[code]!;
    if (before === 0 && this.folded[code] === 0) this.codes.push(code);
    const row = this.waiting.count;
    if (row === this.earlier.length) this.earlier = doubled(this.earlier);
    this.earlier[row] = before;
    this.latest[code] = row + 1;
    this.waiting.push(rows, at);
  }

  /** Folds what waits, and keeps it packed, which takes less the more exchanges an account has. */
  fold(): void {
    if (this.waiting.count === 0) return;
    const { slabs } = this;
    this.slabs = new ByteSlabs();
    for (const code of this.codes) {
      const held = this.folded[code]!;
      const bytes =
        this.latest[code] === 0 ? slabs.at(held - 1) : viewOfPacked(this.foldedOf(code, held, slabs), this.day);
      this.folded[code] = this.slabs.put(bytes) + 1;
    }
    this.emptyWaiting();
  }

  /** Gives every account-day, good until `take` returns, and is done with: nothing may be added after. */
  close(take: (code: number, delta: AccountDay) => void): void {
    for (const code of this.codes) take(code, this.foldedOf(code, this.folded[code]!, this.slabs));
    this.emptyWaiting();
  }

  private foldedOf(code: number, held: number, slabs: ByteSlabs): AccountDay {
    if (held > 0) unpackAccountDay(slabs.at(held - 1), this.day, scratch);
    else scratch.reset();
    for (let next = this.latest[code]!; next > 0; next = this.earlier[next - 1]!) {
      const row = this.waiting.at(next - 1);
      foldExchange(scratch, row, 0, rankOf(row, 0));
    }
    return scratch;
  }

  private emptyWaiting(): void {
    this.latest.fill(0);
    this.waiting.clear();
  }
}

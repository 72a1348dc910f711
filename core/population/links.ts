/** Link values of all accounts, read profile by profile into one table per kind. */
import type { AccountProfile } from '../aggregates/account-profile.ts';
import { CodeTable } from './code-table.ts';
import { GrowingFloats, GrowingInts } from './columns.ts';
import { sketchFamilies } from './families.ts';
import { LINK_KINDS, type LinkKind, SKETCH_KIND } from './kinds.ts';
import type { LinkTable } from './population.ts';
import { Sieve } from './sieve.ts';

export type { LinkGroup } from './kinds.ts';

const SKETCH_BYTES = 32;

class KindColumn {
  readonly link: LinkKind;
  readonly keys = new GrowingFloats();
  readonly offsets: Int32Array;

  constructor(link: LinkKind, size: number) {
    this.link = link;
    this.offsets = new Int32Array(size + 1);
  }
}

export class LinkReader {
  private readonly columns: KindColumn[];
  private readonly size: number;
  private row = 0;
  private readonly sketched = { account: new GrowingInts(), rank: new GrowingFloats() };
  private sketches = new Uint8Array(1 << 16);
  private out: ((key: number) => void)[];

  constructor(size: number) {
    this.size = size;
    this.columns = LINK_KINDS.map((link) => new KindColumn(link, size));
    this.out = this.columns.map(
      ({ keys }) =>
        (key) =>
          keys.push(key),
    );
  }

  /** Profiles come in the order of their numbers. */
  read(profile: AccountProfile): void {
    for (let i = 0; i < this.columns.length; i++) {
      const { link, keys, offsets } = this.columns[i]!;
      link.read(profile, this.out[i]!);
      offsets[this.row + 1] = keys.length;
    }
    const first = this.sketched.rank.length;
    for (const { rank, sketch } of profile.sample) if (sketch !== undefined) this.readSketch(rank, sketch, first);
    this.row++;
  }

  finish(): LinkTable[] {
    const tables: LinkTable[] = [];
    this.out = [];
    // What was read of a kind is let go once its table is made: together they take more than all tables.
    for (let column = this.columns.shift(); column !== undefined; column = this.columns.shift()) {
      const { read: _, mostlyUnique, ...link } = column.link;
      const { offsets } = column;
      const keys = column.keys.take();
      tables.push({ ...link, table: mostlyUnique ? sharedOnly(offsets, keys) : CodeTable.of(offsets, keys) });
    }
    tables.push({ ...SKETCH_KIND, table: this.familyTable() });
    return tables;
  }

  /** A prompt that the account repeats to the letter is one sketch, with the lowest rank: `first` is its row's first. */
  private readSketch(rank: number, sketch: Uint8Array, first: number): void {
    const { account, rank: ranks } = this.sketched;
    for (let known = first; known < ranks.length; known++) if (this.isEqual(known, sketch)) return;
    const at = ranks.length * SKETCH_BYTES;
    if (at + SKETCH_BYTES > this.sketches.length) {
      const larger = new Uint8Array(2 * this.sketches.length);
      larger.set(this.sketches);
      this.sketches = larger;
    }
    this.sketches.set(sketch, at);
    account.push(this.row);
    ranks.push(rank);
  }

  private isEqual(known: number, sketch: Uint8Array): boolean {
    const at = known * SKETCH_BYTES;
    for (let slot = 0; slot < SKETCH_BYTES; slot++) if (this.sketches[at + slot] !== sketch[slot]) return false;
    return true;
  }

  private familyTable(): CodeTable {
    const account = this.sketched.account.take();
    const bytes = this.sketches.subarray(0, account.length * SKETCH_BYTES);
    const families = sketchFamilies({ account, rank: this.sketched.rank.take(), bytes });
    const offsets = new Int32Array(this.size + 1);
    for (const owner of account) offsets[owner + 1]!++;
    for (let i = 0; i < this.size; i++) offsets[i + 1]! += offsets[i]!;
    return CodeTable.of(offsets, families);
  }
}

/** The table of the values that more than one row may hold. */
function sharedOnly(offsets: Int32Array, keys: Float64Array): CodeTable {
  const sieve = new Sieve(keys.length);
  for (const key of keys) sieve.add(key);
  const kept = new Int32Array(offsets.length);
  let length = 0;
  for (let row = 0; row + 1 < offsets.length; row++) {
    for (let at = offsets[row]!; at < offsets[row + 1]!; at++)
      if (sieve.mayRepeat(keys[at]!)) keys[length++] = keys[at]!;
    kept[row + 1] = length;
  }
  return CodeTable.of(kept, keys.slice(0, length));
}

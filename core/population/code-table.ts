/** Values of one kind per account as small integers: compact rows, document frequencies and postings. */
import { ascendingOrder } from './radix.ts';

export class CodeTable {
  /** Row i is `codes[offsets[i] .. offsets[i + 1]]`, ascending and without repeats. */
  readonly offsets: Int32Array;
  /** Dense, numbered by ascending key: the order of accounts does not matter. */
  readonly codes: Int32Array;
  /** The value behind each code. */
  readonly keys: Float64Array;
  /** Accounts that hold each code. */
  readonly frequency: Int32Array;
  /** Accounts that hold any. */
  readonly holders: number;
  /** Accounts. */
  readonly size: number;
  private postings: { starts: Int32Array; accounts: Int32Array } | undefined;

  private constructor(offsets: Int32Array, codes: Int32Array, keys: Float64Array) {
    this.offsets = offsets;
    this.codes = codes;
    this.keys = keys;
    this.size = offsets.length - 1;
    this.frequency = new Int32Array(keys.length);
    for (const code of codes) this.frequency[code]!++;
    let holders = 0;
    for (let account = 0; account < this.size; account++) if (this.has(account)) holders++;
    this.holders = holders;
  }

  /**
   * Row i holds `keys[offsets[i] .. offsets[i + 1]]` in any order; a repeat within a row counts once. Keys are
   * non-negative integers below 2^53. 2 million take about 0.3 s.
   */
  static of(offsets: Int32Array, keys: Float64Array): CodeTable {
    const dense = denseCodes(keys);
    const rows = distinctRows(offsets, dense.codes);
    return new CodeTable(rows.offsets, rows.codes, dense.keys);
  }

  row(account: number): Int32Array {
    return this.codes.subarray(this.offsets[account]!, this.offsets[account + 1]!);
  }

  has(account: number): boolean {
    return this.offsets[account + 1]! > this.offsets[account]!;
  }

  /** Accounts that hold the code, ascending. */
  accountsOf(code: number): Int32Array {
    this.postings ??= postingsOf(this);
    const { starts, accounts } = this.postings;
    return accounts.subarray(starts[code]!, starts[code + 1]!);
  }
}

/**
 * By a sort: 2 million keys take 0.2 s whatever they are. A hash table takes 0.05 s where they repeat and 0.4 s where
 * most differ, as addresses do.
 */
function denseCodes(keys: Float64Array): { codes: Int32Array; keys: Float64Array } {
  const order = ascendingOrder(keys);
  const codes = new Int32Array(keys.length);
  const distinct = new Float64Array(keys.length);
  let code = -1;
  let last = -1;
  for (let i = 0; i < order.length; i++) {
    const at = order[i]!;
    const key = keys[at]!;
    if (key !== last) distinct[++code] = key;
    last = key;
    codes[at] = code;
  }
  return { codes, keys: distinct.slice(0, code + 1) };
}

/** Sorts each row in place and closes the gaps that repeats leave. */
function distinctRows(offsets: Int32Array, codes: Int32Array): { offsets: Int32Array; codes: Int32Array } {
  const kept = new Int32Array(offsets.length);
  let length = 0;
  for (let row = 0; row + 1 < offsets.length; row++) {
    const from = offsets[row]!;
    const to = offsets[row + 1]!;
    sortRange(codes, from, to);
    for (let at = from; at < to; at++) {
      if (at === from || codes[at] !== codes[length - 1]) codes[length++] = codes[at]!;
    }
    kept[row + 1] = length;
  }
  return { offsets: kept, codes: length === codes.length ? codes : codes.slice(0, length) };
}

/** Rows are a few values long; longer ones are left to the built-in sort. */
const SHORT_ROW = 32;

function sortRange(codes: Int32Array, from: number, to: number): void {
  if (to - from > SHORT_ROW) {
    codes.subarray(from, to).sort();
    return;
  }
  for (let i = from + 1; i < to; i++) {
    const code = codes[i]!;
    let at = i;
    for (; at > from && codes[at - 1]! > code; at--) codes[at] = codes[at - 1]!;
    codes[at] = code;
  }
}

function postingsOf({ codes, frequency, offsets, size }: CodeTable): { starts: Int32Array; accounts: Int32Array } {
  const starts = new Int32Array(frequency.length + 1);
  for (let code = 0; code < frequency.length; code++) starts[code + 1] = starts[code]! + frequency[code]!;
  const next = starts.slice();
  const accounts = new Int32Array(codes.length);
  for (let account = 0; account < size; account++) {
    for (let at = offsets[account]!; at < offsets[account + 1]!; at++) {
      const code = codes[at]!;
      accounts[next[code]!] = account;
      next[code]!++;
    }
  }
  return { starts, accounts };
}

/** Values of one kind per account as small integers: compact rows, document frequencies and postings. */

export type Value = string | number;

export class CodeTable {
  /** Row i is `codes[offsets[i] .. offsets[i + 1]]`. */
  readonly offsets: Int32Array;
  readonly codes: Int32Array;
  /** Accounts that hold each code. */
  readonly frequency: Int32Array;
  /** Accounts that hold any. */
  readonly holders: number;
  /** The values behind the codes. */
  readonly values: Value[];

  constructor(rows: readonly (readonly Value[])[]) {
    const known = new Map<Value, number>();
    const codes: number[] = [];
    this.values = [];
    this.offsets = new Int32Array(rows.length + 1);
    this.holders = rows.filter((row) => row.length > 0).length;
    rows.forEach((row, i) => {
      for (const value of row) {
        let code = known.get(value);
        if (code === undefined) {
          code = this.values.push(value) - 1;
          known.set(value, code);
        }
        codes.push(code);
      }
      this.offsets[i + 1] = codes.length;
    });
    this.codes = Int32Array.from(codes);
    this.frequency = new Int32Array(this.values.length);
    for (const code of this.codes) this.frequency[code]!++;
  }

  row(account: number): Int32Array {
    return this.codes.subarray(this.offsets[account]!, this.offsets[account + 1]!);
  }

  has(account: number): boolean {
    return this.offsets[account + 1]! > this.offsets[account]!;
  }

  /** Accounts of each code, ascending. */
  postings(): Int32Array[] {
    const lists = Array.from(this.frequency, (length) => new Int32Array(length));
    const filled = new Int32Array(lists.length);
    for (let account = 0; account + 1 < this.offsets.length; account++) {
      for (const code of this.row(account)) lists[code]![filled[code]!++] = account;
    }
    return lists;
  }
}

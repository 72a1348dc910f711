/** Columns that grow as rows are read: typed, so that a million accounts stay small. */

type Column = Float64Array | Int32Array | Uint32Array | Uint16Array | Uint8Array;

/** Doubles its room when it is full. */
class Growing<T extends Column> {
  length = 0;
  private values: T;
  private readonly make: (length: number) => T;

  constructor(make: (length: number) => T) {
    this.make = make;
    this.values = make(1024);
  }

  push(value: number): void {
    if (this.length === this.values.length) {
      const larger = this.make(2 * this.length);
      larger.set(this.values);
      this.values = larger;
    }
    this.values[this.length++] = value;
  }

  /** What was pushed, good until more is. No copy: room that was never written takes no memory. */
  take(): T {
    return this.values.subarray(0, this.length) as T;
  }
}

export class GrowingFloats extends Growing<Float64Array> {
  constructor() {
    super((length) => new Float64Array(length));
  }
}

export class GrowingInts extends Growing<Int32Array> {
  constructor() {
    super((length) => new Int32Array(length));
  }
}

export class GrowingWords extends Growing<Uint32Array> {
  constructor() {
    super((length) => new Uint32Array(length));
  }
}

class GrowingHalves extends Growing<Uint16Array> {
  constructor() {
    super((length) => new Uint16Array(length));
  }
}

class GrowingBytes extends Growing<Uint8Array> {
  constructor() {
    super((length) => new Uint8Array(length));
  }
}

/** Stands for a count that does not fit into 16 bits. */
const LARGE = 65_535;

/** Rows of (bin, count) pairs of which most bins are empty: row i is [offsets[i], offsets[i + 1]). */
export class SparseRows {
  readonly offsets: Int32Array;
  /** Ascending within a row. */
  readonly bins: Uint8Array;
  private readonly counts: Uint16Array;
  private readonly large: ReadonlyMap<number, number>;

  constructor(offsets: Int32Array, bins: Uint8Array, counts: Uint16Array, large: ReadonlyMap<number, number>) {
    this.offsets = offsets;
    this.bins = bins;
    this.counts = counts;
    this.large = large;
  }

  /** Of the pair at `at`. */
  count(at: number): number {
    const count = this.counts[at]!;
    return count < LARGE ? count : this.large.get(at)!;
  }
}

export class SparseRowsBuilder {
  private readonly offsets: Int32Array;
  private readonly bins = new GrowingBytes();
  private readonly counts = new GrowingHalves();
  private readonly large = new Map<number, number>();
  private row = 0;

  /** `width`: bins of a row, at most 256. */
  constructor(rows: number, width: number) {
    if (width > 256) throw new RangeError(`${width} bins do not fit into a byte`);
    this.offsets = new Int32Array(rows + 1);
  }

  /** `count`: a whole number. */
  add(bin: number, count: number): void {
    if (count >= LARGE) this.large.set(this.counts.length, count);
    this.bins.push(bin);
    this.counts.push(Math.min(LARGE, count));
  }

  endRow(): void {
    this.offsets[++this.row] = this.bins.length;
  }

  take(): SparseRows {
    return new SparseRows(this.offsets, this.bins.take(), this.counts.take(), this.large);
  }
}

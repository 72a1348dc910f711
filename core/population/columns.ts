/** Columns that grow as rows are read: typed, so that a million accounts stay small. */

type Column = Float64Array | Int32Array | Uint32Array;

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

/** Rows of (bin, count) pairs of which most bins are empty: row i is [offsets[i], offsets[i + 1]). */
export interface SparseRows {
  readonly width: number;
  readonly offsets: Int32Array;
  readonly bins: Uint16Array;
  readonly counts: Float32Array;
}

export class SparseRowsBuilder {
  private readonly width: number;
  private readonly offsets: Int32Array;
  private bins = new Uint16Array(4096);
  private counts = new Float32Array(4096);
  private row = 0;
  private length = 0;

  constructor(rows: number, width: number) {
    this.width = width;
    this.offsets = new Int32Array(rows + 1);
  }

  add(bin: number, count: number): void {
    if (this.length === this.bins.length) this.grow();
    this.bins[this.length] = bin;
    this.counts[this.length++] = count;
  }

  endRow(): void {
    this.offsets[++this.row] = this.length;
  }

  take(): SparseRows {
    const { width, offsets } = this;
    return { width, offsets, bins: this.bins.subarray(0, this.length), counts: this.counts.subarray(0, this.length) };
  }

  private grow(): void {
    const bins = new Uint16Array(2 * this.length);
    const counts = new Float32Array(2 * this.length);
    bins.set(this.bins);
    counts.set(this.counts);
    this.bins = bins;
    this.counts = counts;
  }
}

/** Columns that grow as rows are read: typed, so that a million accounts stay small. */

/** No more kinds than these: `push` is slow where it may meet more than a few. */
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

/** Stands for a count that does not fit into 16 bits. */
const LARGE = 2 ** 16 - 1;

/** Bins that stand side by side, e.g. the topics of `work.shape`. */
export interface Part {
  at: number;
  bins: number;
}

/** Where the pairs of one part lie in each row. */
export interface PartRows {
  starts: Int32Array;
  lengths: Uint8Array;
}

/** Rows of (bin, count) pairs of which most bins are empty: row i is [offsets[i], offsets[i + 1]). */
export class SparseRows {
  readonly offsets: Int32Array;
  /** In the order in which they were added. */
  readonly bins: Uint8Array;
  private readonly counts: Uint16Array;
  private readonly large: ReadonlyMap<number, number>;
  private readonly parts = new Map<Part, PartRows>();

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

  /** Rows must hold their parts one after the other. Looked for once. */
  part(part: Part): PartRows {
    let places = this.parts.get(part);
    if (places === undefined) {
      places = this.placesOf(part);
      this.parts.set(part, places);
    }
    return places;
  }

  private placesOf({ at: first, bins: width }: Part): PartRows {
    const { offsets, bins } = this;
    const size = offsets.length - 1;
    const places = { starts: new Int32Array(size), lengths: new Uint8Array(size) };
    for (let row = 0; row < size; row++) {
      const end = offsets[row + 1]!;
      let at = offsets[row]!;
      while (at < end && bins[at]! < first) at++;
      places.starts[row] = at;
      while (at < end && bins[at]! < first + width) at++;
      places.lengths[row] = at - places.starts[row]!;
    }
    return places;
  }
}

export class SparseRowsBuilder {
  private readonly offsets: Int32Array;
  private bins = new Uint8Array(4096);
  private counts = new Uint16Array(4096);
  private readonly large = new Map<number, number>();
  private row = 0;
  private length = 0;

  /** `width`: bins of a row, at most 256. */
  constructor(rows: number, width: number) {
    if (width > 256) throw new RangeError(`${width} bins do not fit into a byte`);
    this.offsets = new Int32Array(rows + 1);
  }

  /** `count`: a whole number. */
  add(bin: number, count: number): void {
    this.reserve(1);
    this.put(bin, count);
  }

  /** `counts[at]` and so many that follow, for the bins from `bin` on: those that are not 0. */
  addAll(counts: Uint32Array, at: number, many: number, bin: number): void {
    this.reserve(many);
    for (let i = 0; i < many; i++) if (counts[at + i]! > 0) this.put(bin + i, counts[at + i]!);
  }

  endRow(): void {
    this.offsets[++this.row] = this.length;
  }

  take(): SparseRows {
    const { offsets, bins, counts, length, large } = this;
    return new SparseRows(offsets, bins.subarray(0, length), counts.subarray(0, length), large);
  }

  private put(bin: number, count: number): void {
    if (count >= LARGE) this.large.set(this.length, count);
    this.bins[this.length] = bin;
    this.counts[this.length++] = Math.min(LARGE, count);
  }

  private reserve(more: number): void {
    if (this.length + more <= this.bins.length) return;
    const bins = new Uint8Array(2 * this.bins.length);
    const counts = new Uint16Array(2 * this.bins.length);
    bins.set(this.bins);
    counts.set(this.counts);
    this.bins = bins;
    this.counts = counts;
  }
}

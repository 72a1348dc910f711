/**
 * How often each account is in some sets. By hashing with linear probing (Knuth, The Art of Computer Programming 3, 6.4):
 * it is as large as the sets, not as the platform, of which each candidate would else leave millions of zeros behind.
 */
export class TimesIn {
  /** Account + 1 by place; 0 where none is. */
  private readonly keys: Int32Array;
  private readonly times: Uint16Array;
  private readonly mask: number;

  /** Each account at most 65,535 times. */
  constructor(sets: readonly Int32Array[]) {
    const entries = sets.reduce((sum, { length }) => sum + length, 0);
    const places = 2 ** Math.ceil(Math.log2(2 * entries + 2));
    this.keys = new Int32Array(places);
    this.times = new Uint16Array(places);
    this.mask = places - 1;
    for (const set of sets) {
      for (const account of set) {
        const place = this.placeOf(account + 1);
        this.keys[place] = account + 1;
        this.times[place]!++;
      }
    }
  }

  of(account: number): number {
    return this.times[this.placeOf(account + 1)]!;
  }

  private placeOf(key: number): number {
    let place = Math.imul(key, GOLDEN) & this.mask;
    while (this.keys[place] !== 0 && this.keys[place] !== key) place = (place + 1) & this.mask;
    return place;
  }
}

/** 2^32 over the golden ratio, odd: neighbours come to lie far apart. */
const GOLDEN = 0x9e3779b1;

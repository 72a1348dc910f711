/** Which values come more than once: two bits a place instead of a table, so one value in eight that does not slips through. */

const BITS_PER_VALUE = 8;

export class Sieve {
  private readonly places: number;
  private readonly once: Uint32Array;
  private readonly more: Uint32Array;

  /** `values`: how many are added at most. */
  constructor(values: number) {
    this.places = 2 ** Math.ceil(Math.log2(Math.max(32, BITS_PER_VALUE * values)));
    this.once = new Uint32Array(this.places / 32);
    this.more = new Uint32Array(this.places / 32);
  }

  /** A whole number from 0 to 2^53. */
  add(value: number): void {
    const place = value % this.places;
    const word = place >>> 5;
    const bit = 1 << (place & 31);
    if (this.once[word]! & bit) this.more[word]! |= bit;
    else this.once[word]! |= bit;
  }

  /** False only where the value was added once at most. */
  mayRepeat(value: number): boolean {
    const place = value % this.places;
    return (this.more[place >>> 5]! & (1 << (place & 31))) !== 0;
  }
}

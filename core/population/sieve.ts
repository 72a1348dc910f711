/** Which values come more than once: two bits a place instead of a table, so one value in eight that does not slips through. */

const BITS_PER_VALUE = 8;
/** Of a place: half a gigabyte. */
const MOST_BITS = 31;

export class Sieve {
  /** Its bits are the low ones of a value: the remainder by a power of two, without dividing. */
  private readonly mask: number;
  private readonly once: Uint32Array;
  private readonly more: Uint32Array;

  /** `values`: how many are added at most. */
  constructor(values: number) {
    const places = 2 ** Math.min(MOST_BITS, Math.ceil(Math.log2(Math.max(32, BITS_PER_VALUE * values))));
    this.mask = places - 1;
    this.once = new Uint32Array(places / 32);
    this.more = new Uint32Array(places / 32);
  }

  /** A whole number from 0 to 2^53. */
  add(value: number): void {
    const place = value & this.mask;
    const word = place >>> 5;
    const bit = 1 << (place & 31);
    if (this.once[word]! & bit) this.more[word]! |= bit;
    else this.once[word]! |= bit;
  }

  /** False only where the value was added once at most. */
  mayRepeat(value: number): boolean {
    const place = value & this.mask;
    return (this.more[place >>> 5]! & (1 << (place & 31))) !== 0;
  }
}

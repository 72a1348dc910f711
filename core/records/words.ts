const encoder = new TextEncoder();

const PLACES = 64;

/** The third letter may be the quote. */
function placeOf(bytes: Uint8Array, at: number): number {
  return (bytes[at]! * 5 + bytes[at + 1]! * 3 + bytes[at + 2]!) & (PLACES - 1);
}

/** A few known words, found in bytes without making a text of them. */
export class Words {
  /** `,"word":` of each, one after the other. */
  readonly bytes: Uint8Array;
  /** Where each begins in `bytes`; one more for the end. */
  readonly starts: Int32Array;
  readonly count: number;
  /** The key that came after each the last time: producers write their fields in one order. One more for the first. */
  readonly successors: Int32Array;
  /** By the first letters: a word that begins so, and by word the next one that does; -1 for none. */
  private readonly heads = new Int8Array(PLACES).fill(-1);
  private readonly others: Int8Array;
  /** The latest key of the object at hand; `count` before the first. */
  last: number;
  /** The keys of the object at hand, as bits: 31 words at most. */
  seen = 0;

  constructor(words: readonly string[]) {
    const keys = words.map((word) => encoder.encode(`,"${word}":`));
    this.count = words.length;
    this.starts = new Int32Array(words.length + 1);
    for (const [i, key] of keys.entries()) this.starts[i + 1] = this.starts[i]! + key.length;
    this.bytes = new Uint8Array(keys.flatMap((key) => [...key]));
    this.successors = new Int32Array(words.length + 1);
    this.last = words.length;
    this.others = new Int8Array(words.length);
    for (let word = 0; word < words.length; word++) {
      const place = placeOf(this.bytes, this.starts[word]! + 2);
      this.others[word] = this.heads[place]!;
      this.heads[place] = word;
    }
  }

  /** The keys of an object, by their places from 0 on. */
  static of(places: Readonly<Record<string, number>>): Words {
    return new Words(Object.keys(places));
  }

  /** The word at `at` that a quote ends; -1 where it is none of them. */
  find(bytes: Uint8Array, at: number): number {
    let word = this.heads[placeOf(bytes, at)]!;
    while (word >= 0 && !this.isAt(word, bytes, at)) word = this.others[word]!;
    return word;
  }

  /** Letters of a word. */
  lengthOf(word: number): number {
    return this.starts[word + 1]! - this.starts[word]! - 4;
  }

  private isAt(word: number, bytes: Uint8Array, at: number): boolean {
    const from = this.starts[word]! + 2;
    const to = this.starts[word + 1]! - 1;
    const back = at - from;
    for (let i = from; i < to; i++) if (bytes[back + i] !== this.bytes[i]) return false;
    return true;
  }
}

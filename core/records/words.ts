const encoder = new TextEncoder();

/** A few known words, found in bytes without making a text of them. */
export class Words {
  /** `,"word":` of each, one after the other. */
  readonly bytes: Uint8Array;
  /** Where each begins in `bytes`; one more for the end. */
  readonly starts: Int32Array;
  readonly count: number;
  /** The key that came after each the last time: producers write their fields in one order. One more for the first. */
  readonly successors: Int32Array;
  /** The latest key of the object at hand; `count` before the first. */
  last: number;

  constructor(words: readonly string[]) {
    const keys = words.map((word) => encoder.encode(`,"${word}":`));
    this.count = words.length;
    this.starts = new Int32Array(words.length + 1);
    for (const [i, key] of keys.entries()) this.starts[i + 1] = this.starts[i]! + key.length;
    this.bytes = new Uint8Array(keys.flatMap((key) => [...key]));
    this.successors = new Int32Array(words.length + 1);
    this.last = words.length;
  }

  /** The word at `at` that a quote ends; -1 where it is none of them. */
  find(bytes: Uint8Array, at: number): number {
    for (let i = 0; i < this.count; i++) if (this.isAt(i, bytes, at)) return i;
    return -1;
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

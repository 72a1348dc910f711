/** Numbers for accounts, in the order in which they were first seen: found by the bytes of a line without making a text. */
import { hashText, lanes } from './hash.ts';

const decoder = new TextDecoder();
const encoder = new TextEncoder();

export class AccountCodes {
  readonly names: string[] = [];
  /** Code plus 1; 0 for an empty slot. */
  private slots = new Int32Array(1024);
  /** By code: the low lane of the hash. */
  private lows = new Int32Array(512);
  /** All names in UTF-8, and where each begins; one more for the end. */
  private bytes = new Uint8Array(16 * 512);
  private starts = new Float64Array(513);

  /** The code of a text. */
  of(account: string): number {
    hashText(account);
    const low = lanes.low | 0;
    const mask = this.slots.length - 1;
    for (let slot = low & mask; ; slot = (slot + 1) & mask) {
      const code = this.slots[slot]! - 1;
      // A text may hold what UTF-8 cannot, so texts are compared, not bytes.
      if (code < 0) return this.add(account, encoder.encode(account), low);
      if (this.lows[code] === low && this.names[code] === account) return code;
    }
  }

  /** The code of the ASCII text from `from` to `to`, of which `low` is the low lane of its hash. */
  ofBytes(bytes: Uint8Array, from: number, to: number, low: number): number {
    const mask = this.slots.length - 1;
    for (let slot = low & mask; ; slot = (slot + 1) & mask) {
      const code = this.slots[slot]! - 1;
      if (code >= 0 && !(this.lows[code] === (low | 0) && this.is(code, bytes, from, to))) continue;
      if (code >= 0) return code;
      const account = bytes.subarray(from, to);
      return this.add(decoder.decode(account), account, low | 0);
    }
  }

  private is(code: number, bytes: Uint8Array, from: number, to: number): boolean {
    const start = this.starts[code]!;
    if (this.starts[code + 1]! - start !== to - from) return false;
    for (let i = from, j = start; i < to; i++, j++) if (this.bytes[j] !== bytes[i]) return false;
    return true;
  }

  private add(name: string, account: Uint8Array, low: number): number {
    const code = this.names.push(name) - 1;
    if (code >= this.lows.length) this.grow();
    const start = this.starts[code]!;
    if (start + account.length > this.bytes.length) this.bytes = enlarged(this.bytes, account.length);
    this.bytes.set(account, start);
    this.starts[code + 1] = start + account.length;
    this.lows[code] = low;
    this.place(code);
    return code;
  }

  private place(code: number): void {
    const mask = this.slots.length - 1;
    let slot = this.lows[code]! & mask;
    while (this.slots[slot] !== 0) slot = (slot + 1) & mask;
    this.slots[slot] = code + 1;
  }

  private grow(): void {
    const { lows, starts } = this;
    this.lows = new Int32Array(lows.length * 2);
    this.lows.set(lows);
    this.starts = new Float64Array(lows.length * 2 + 1);
    this.starts.set(starts);
    this.slots = new Int32Array(this.slots.length * 2);
    for (let code = 0; code < lows.length; code++) this.place(code);
  }
}

function enlarged(bytes: Uint8Array, more: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(bytes.length * 2 + more);
  larger.set(bytes);
  return larger;
}

/**
 * The exchanges of one UTC day that were counted, as 64-bit hashes of (account, id): exact up to hash collisions, of
 * which a day of ten million exchanges expects 3e-6. 8 bytes a slot, at most two thirds full.
 */
export class IdTable {
  private slots = new Uint32Array(2 * 1024);
  private held = 0;

  get size(): number {
    return this.held;
  }

  /** False where it was there already. */
  add(low: number, high: number): boolean {
    if (this.held * 3 >= this.slots.length) this.grow();
    return this.insert(low, high);
  }

  /** Pairs of low and high words, in no order. */
  entries(): Uint32Array {
    const found = new Uint32Array(this.held * 2);
    let at = 0;
    for (let i = 0; i < this.slots.length; i += 2) {
      if (this.slots[i] === 0 && this.slots[i + 1] === 0) continue;
      found[at++] = this.slots[i]!;
      found[at++] = this.slots[i + 1]!;
    }
    return found;
  }

  static of(entries: Uint32Array): IdTable {
    const table = new IdTable();
    for (let i = 0; i < entries.length; i += 2) table.add(entries[i]!, entries[i + 1]!);
    return table;
  }

  /** The pair (0, 0) marks an empty slot; a hash of zero is moved to (0, 1). */
  private insert(low: number, high: number): boolean {
    const wanted = low === 0 && high === 0 ? 1 : high;
    const mask = this.slots.length / 2 - 1;
    for (let at = low & mask; ; at = (at + 1) & mask) {
      const i = at * 2;
      if (this.slots[i] === 0 && this.slots[i + 1] === 0) {
        this.slots[i] = low;
        this.slots[i + 1] = wanted;
        this.held++;
        return true;
      }
      if (this.slots[i] === low && this.slots[i + 1] === wanted) return false;
    }
  }

  private grow(): void {
    const old = this.slots;
    this.slots = new Uint32Array(old.length * 2);
    this.held = 0;
    for (let i = 0; i < old.length; i += 2) if (old[i] !== 0 || old[i + 1] !== 0) this.insert(old[i]!, old[i + 1]!);
  }
}

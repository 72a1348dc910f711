/** The new ids of one batch, each once: 48-bit hashes, found by open addressing. Used again for every batch. */
export class FreshIds {
  private count = 0;
  private found = new Float64Array(32);
  /** A hash plus 1; 0 for an empty slot. At most half are taken. */
  private slots = new Float64Array(64);
  private mask = 63;

  /** Empty, with room for `most` ids. */
  begin(most: number): void {
    this.count = 0;
    while (this.found.length < most) this.found = new Float64Array(this.found.length * 2);
    if (this.slots.length < this.found.length * 2) this.slots = new Float64Array(this.found.length * 2);
    let room = 4;
    while (room < most * 2) room *= 2;
    this.mask = room - 1;
    this.slots.fill(0, 0, room);
  }

  /** False where it is there already. */
  add(hash: number): boolean {
    const { slots, mask } = this;
    const wanted = hash + 1;
    let slot = hash & mask;
    while (slots[slot] !== 0) {
      if (slots[slot] === wanted) return false;
      slot = (slot + 1) & mask;
    }
    slots[slot] = wanted;
    this.found[this.count++] = hash;
    return true;
  }

  /** Ascending; good until the next batch. */
  sorted(): Float64Array {
    const ids = this.found.subarray(0, this.count);
    return this.count > 1 ? ids.sort() : ids;
  }
}

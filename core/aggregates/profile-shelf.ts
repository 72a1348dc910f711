/**
 * The packed profiles of all accounts between sweeps, a sixth of what they take as objects: one block, and those that
 * were written since it was packed.
 */
import { PackedProfiles } from './segment.ts';

export class ProfileShelf {
  private readonly written = new Map<number, Uint8Array>();
  private block: Uint8Array = new Uint8Array(0);
  /** Where each profile of the block begins; one more for the end. */
  private offsets = new Float64Array(1);

  /** Undefined where none was put yet. */
  get(place: number): Uint8Array | undefined {
    const written = this.written.get(place);
    if (written !== undefined || place + 1 >= this.offsets.length) return written;
    return this.block.subarray(this.offsets[place]!, this.offsets[place + 1]!);
  }

  set(place: number, packed: Uint8Array): void {
    this.written.set(place, packed);
  }

  /** All profiles by place, of which none is left out. Later changes go to a new block: what was returned stays. */
  all(): PackedProfiles {
    if (this.written.size > 0) this.pack();
    return new PackedProfiles(this.block, this.offsets.subarray(0, -1), this.offsets.subarray(1));
  }

  private pack(): void {
    let count = this.offsets.length - 1;
    for (const place of this.written.keys()) count = Math.max(count, place + 1);
    const offsets = new Float64Array(count + 1);
    for (let i = 0; i < count; i++) offsets[i + 1] = offsets[i]! + this.get(i)!.length;
    // Shared, so that another thread can read what stays as it is.
    const block = new Uint8Array(new SharedArrayBuffer(offsets[count]!));
    for (let i = 0; i < count; i++) block.set(this.get(i)!, offsets[i]);
    this.block = block;
    this.offsets = offsets;
    this.written.clear();
  }
}

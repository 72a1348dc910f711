/**
 * The packed profiles of all accounts between sweeps, a sixth of what they take as objects: one block, and those that
 * were written since it was packed.
 */
import { ByteSlabs } from './byte-slabs.ts';
import { PackedProfiles } from './segment.ts';

/** Room beyond what a block holds, so that the profiles of later days fit into it when it is used again. */
const ROOM = 1.25;

export class ProfileShelf {
  private readonly slabs = new ByteSlabs();
  /** Positions in the slabs, by place. */
  private readonly written = new Map<number, number>();
  private block = new Uint8Array(new SharedArrayBuffer(0));
  /** Where each profile of the block begins; one more for the end. */
  private offsets: Float64Array = new Float64Array(1);
  /** How many read each block. Whoever never gives one back leaves it to be collected. */
  private readonly lent = new WeakMap<SharedArrayBuffer, number>();
  private spare: SharedArrayBuffer[] = [];

  /** Undefined where none was put yet. A view, good until the next change. */
  get(place: number): Uint8Array | undefined {
    const written = this.written.get(place);
    if (written !== undefined) return this.slabs.at(written);
    if (place + 1 >= this.offsets.length) return undefined;
    return this.block.subarray(this.offsets[place]!, this.offsets[place + 1]!);
  }

  /** Keeps a copy. */
  set(place: number, packed: Uint8Array): void {
    this.written.set(place, this.slabs.put(packed));
  }

  /** All profiles by place, of which none is left out. Later changes go to another block: what was returned stays. */
  all(): PackedProfiles<Uint8Array<SharedArrayBuffer>> {
    if (this.written.size > 0) this.pack();
    const { buffer } = this.block;
    this.lent.set(buffer, (this.lent.get(buffer) ?? 0) + 1);
    return new PackedProfiles(this.block, this.offsets.subarray(0, -1), this.offsets.subarray(1));
  }

  /** Takes back what `all` gave, once it is not read any more: blocks of a gigabyte are not left to be collected. */
  giveBack({ bytes: { buffer } }: PackedProfiles<Uint8Array>): void {
    if (!(buffer instanceof SharedArrayBuffer)) return;
    const readers = this.lent.get(buffer) ?? 0;
    if (readers > 1) this.lent.set(buffer, readers - 1);
    else if (this.lent.delete(buffer) && buffer !== this.block.buffer) this.spare.push(buffer);
  }

  /** What lies between two profiles that were written is copied as one. */
  private pack(): void {
    const places = Int32Array.from(this.written.keys()).sort();
    const held = this.offsets.length - 1;
    const offsets = this.offsetsWith(places, Math.max(held, places.at(-1)! + 1));
    const block = this.blockFor(offsets.at(-1)!);
    const copyHeld = (from: number, to: number) => {
      if (from < to) block.set(this.block.subarray(this.offsets[from]!, this.offsets[to]!), offsets[from]);
    };
    let copied = 0;
    for (const place of places) {
      copyHeld(copied, Math.min(place, held));
      block.set(this.get(place)!, offsets[place]);
      copied = place + 1;
    }
    copyHeld(copied, held);
    if (!this.lent.has(this.block.buffer)) this.spare.push(this.block.buffer);
    this.block = block;
    this.offsets = offsets;
    this.written.clear();
    this.slabs.clear();
  }

  private offsetsWith(places: Int32Array, count: number): Float64Array {
    const offsets = new Float64Array(count + 1);
    for (let place = 0, next = 0; place < count; place++) {
      const isWritten = places[next] === place;
      if (isWritten) next++;
      const length = isWritten ? this.get(place)!.length : this.offsets[place + 1]! - this.offsets[place]!;
      offsets[place + 1] = offsets[place]! + length;
    }
    return offsets;
  }

  /** Shared, so that another thread can read what stays as it is. */
  private blockFor(length: number): Uint8Array<SharedArrayBuffer> {
    this.spare = this.spare.filter(({ byteLength }) => byteLength >= length);
    return new Uint8Array(this.spare.pop() ?? new SharedArrayBuffer(Math.ceil(length * ROOM)), 0, length);
  }
}

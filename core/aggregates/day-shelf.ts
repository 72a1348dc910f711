/** The packed account-days of the window, by UTC day and the account's place. A day is forgotten as a whole. */
import { ByteSlabs, slabBytesFor } from './byte-slabs.ts';

export class DayShelf {
  private readonly days = new Map<number, ShelfDay>();

  /** A view, good until the day grows. */
  get(day: number, place: number): Uint8Array | undefined {
    return this.days.get(day)?.get(place);
  }

  /** Keeps a copy. */
  set(day: number, place: number, packed: Uint8Array): void {
    let shelf = this.days.get(day);
    if (shelf === undefined) {
      shelf = new ShelfDay();
      this.days.set(day, shelf);
    }
    shelf.set(place, packed);
  }

  /** Days that are held of the account, in no order. */
  daysOf(place: number): number[] {
    return [...this.days].filter(([, shelf]) => shelf.has(place)).map(([day]) => day);
  }

  /** Forgets days before `sinceDay`. Returns the places of those that had one, each as often as it had. */
  expire(sinceDay: number): number[] {
    const lost: number[] = [];
    for (const [day, shelf] of this.days) {
      if (day >= sinceDay) continue;
      // As arguments of one call they would be too many for the stack.
      for (const place of shelf.places()) lost.push(place);
      this.days.delete(day);
    }
    return lost;
  }
}

/** Share of what is taken that may lie idle, from which the rest moves together. */
const IDLE_SHARE = 0.5;
/** Below this many bytes that does not pay. */
const FEW_BYTES = 4 * 1024 * 1024;

class ShelfDay {
  private slabs = new ByteSlabs();
  /** By place: its position plus 1; 0 where nothing is held. */
  private positions = new Uint32Array(1024);
  private idle = 0;

  has(place: number): boolean {
    return place < this.positions.length && this.positions[place]! > 0;
  }

  get(place: number): Uint8Array | undefined {
    return this.has(place) ? this.slabs.at(this.positions[place]! - 1) : undefined;
  }

  set(place: number, packed: Uint8Array): void {
    const held = this.get(place);
    if (held === undefined) {
      this.put(place, packed);
    } else if (!this.slabs.replace(this.positions[place]! - 1, packed)) {
      this.idle += slabBytesFor(held.length);
      this.put(place, packed);
      if (this.idle > FEW_BYTES && this.idle > IDLE_SHARE * this.slabs.size) this.moveTogether();
    }
  }

  *places(): Generator<number> {
    for (let place = 0; place < this.positions.length; place++) if (this.positions[place]! > 0) yield place;
  }

  private put(place: number, packed: Uint8Array): void {
    if (place >= this.positions.length) {
      const held = this.positions;
      this.positions = new Uint32Array(Math.max(place + 1, held.length * 2));
      this.positions.set(held);
    }
    this.positions[place] = this.slabs.put(packed) + 1;
  }

  private moveTogether(): void {
    const from = this.slabs;
    this.slabs = new ByteSlabs();
    this.idle = 0;
    for (const place of this.places()) this.put(place, from.at(this.positions[place]! - 1));
  }
}

/**
 * Strings of bytes in a few large blocks: whoever holds millions of them as arrays of their own has every collection of
 * garbage walk millions of objects.
 */

const SLAB_BYTES = 1024 * 1024;
/** Positions count units of this many bytes: 32 bits of them reach 32 GiB. */
const UNIT = 8;
const UNITS_A_SLAB = SLAB_BYTES / UNIT;
/** The length stands before the bytes. */
const HEAD_BYTES = 4;

interface Slab {
  bytes: Uint8Array;
  lengths: Uint32Array;
}

export class ByteSlabs {
  private readonly slabs: Slab[] = [];
  /** Slabs that hold something; those beyond lie ready. */
  private filled = 0;
  /** Units of the last of them that are taken. */
  private used = UNITS_A_SLAB;
  /** Bytes taken by all that was put, replaced or not. */
  size = 0;

  /** Keeps a copy. Returns its position, a whole number below 2^32. */
  put(bytes: Uint8Array): number {
    const units = unitsFor(bytes.length);
    if (this.used + units > UNITS_A_SLAB) this.open(units);
    const position = (this.filled - 1) * UNITS_A_SLAB + this.used;
    this.used += units;
    this.size += units * UNIT;
    this.write(position, bytes);
    return position;
  }

  /** Writes over what stands at `position`; false where that is shorter. */
  replace(position: number, bytes: Uint8Array): boolean {
    if (unitsFor(bytes.length) > unitsFor(this.at(position).length)) return false;
    this.write(position, bytes);
    return true;
  }

  /** A view, good until it is replaced. */
  at(position: number): Uint8Array {
    const { bytes, lengths } = this.slabs[Math.floor(position / UNITS_A_SLAB)]!;
    const from = (position % UNITS_A_SLAB) * UNIT;
    return bytes.subarray(from + HEAD_BYTES, from + HEAD_BYTES + lengths[from / HEAD_BYTES]!);
  }

  /** Holds nothing, with the memory it has. */
  clear(): void {
    this.filled = 0;
    this.used = UNITS_A_SLAB;
    this.size = 0;
  }

  private write(position: number, from: Uint8Array): void {
    const { bytes, lengths } = this.slabs[Math.floor(position / UNITS_A_SLAB)]!;
    const at = (position % UNITS_A_SLAB) * UNIT;
    lengths[at / HEAD_BYTES] = from.length;
    bytes.set(from, at + HEAD_BYTES);
  }

  /** What is longer than a slab gets one of its own. */
  private open(units: number): void {
    const length = Math.max(SLAB_BYTES, units * UNIT);
    if ((this.slabs[this.filled]?.bytes.length ?? 0) < length) {
      const buffer = new ArrayBuffer(length);
      this.slabs[this.filled] = { bytes: new Uint8Array(buffer), lengths: new Uint32Array(buffer) };
    }
    this.filled++;
    this.used = 0;
  }
}

function unitsFor(length: number): number {
  return Math.ceil((HEAD_BYTES + length) / UNIT);
}

/** Bytes that a string of this length takes. */
export function slabBytesFor(length: number): number {
  return unitsFor(length) * UNIT;
}

/** The two ways by turns in which Parquet writes small numbers: runs of one number, and numbers of a few bits each. */

/** Bits of a number that four bytes hold wherever in the first of them it begins. */
const MAX_NARROW = 25;
const LONG_RUN = 32;

/**
 * Fills `into` with numbers of `width` bits, from the bytes at `at` on.
 *
 * @throws RangeError where they end before that
 */
export function readHybrid(bytes: Uint8Array, at: number, width: number, into: Uint8Array | Int32Array): void {
  const mask = 2 ** width - 1;
  let next = at;
  for (let i = 0; i < into.length; ) {
    let header = 0;
    for (let shift = 0, byte = 128; byte >= 128; shift += 7) {
      if (next >= bytes.length) throw new RangeError('numbers beyond their page');
      byte = bytes[next++]!;
      header |= (byte & 127) << shift;
    }
    if ((header & 1) === 0) {
      let value = 0;
      for (let shift = 0; shift < width; shift += 8) value |= bytes[next++]! << shift;
      const end = Math.min(i + (header >>> 1), into.length);
      // Runs are short more often than not, and `fill` is slow to begin.
      if (end - i > LONG_RUN) {
        into.fill(value, i, end);
        i = end;
      } else while (i < end) into[i++] = value;
    } else {
      const groups = header >>> 1;
      const end = Math.min(i + groups * 8, into.length);
      if (next + (((end - i) * width + 7) >> 3) > bytes.length) throw new RangeError('numbers beyond their page');
      for (let bit = 0; i < end; i++, bit += width) {
        const from = next + (bit >>> 3);
        const four = bytes[from]! | (bytes[from + 1]! << 8) | (bytes[from + 2]! << 16) | (bytes[from + 3]! << 24);
        into[i] = width <= MAX_NARROW ? (four >>> (bit & 7)) & mask : wide(four, bytes[from + 4]!, bit & 7, width);
      }
      next += groups * width;
    }
  }
}

function wide(four: number, fifth: number, shift: number, width: number): number {
  return Math.floor(((four >>> 0) + (fifth ?? 0) * 2 ** 32) / 2 ** shift) % 2 ** width;
}

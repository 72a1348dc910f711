/**
 * Fingerprints that an account gave out or handed in, each with the earliest time it was seen: the K of lowest hash.
 *
 * Every account keeps the same low values, so a fingerprint that one minted and another presented is kept by both or by
 * neither, and merging is exact: what is among the K lowest of a union is among the K lowest of every part that holds it.
 */
export interface Sightings {
  /** 48-bit hashes of fingerprints, ascending. */
  hashes: number[];
  /** Of the same position in `hashes`: ms since 1970, in whole seconds. */
  times: number[];
}

export function noSightings(): Sightings {
  return { hashes: [], times: [] };
}

/** Keeps the sighting at `ms` if its hash is among the `most` lowest; of one hash, the earliest time. */
export function addSighting(list: Sightings, hash: number, ms: number, most: number): void {
  const { hashes, times } = list;
  const held = hashes.length;
  if (held === most && hashes[held - 1]! < hash) return;
  // Rounded before it is compared: the stored form has seconds, and must not depend on what was merged before.
  const time = ms - (ms % 1000);
  let at = held;
  while (at > 0 && hashes[at - 1]! >= hash) at--;
  if (hashes[at] === hash) {
    if (time < times[at]!) times[at] = time;
    return;
  }
  insert(hashes, at, hash);
  insert(times, at, time);
  keepLowest(list, most);
}

function insert(numbers: number[], at: number, value: number): void {
  numbers.push(value);
  for (let i = numbers.length - 1; i > at; i--) numbers[i] = numbers[i - 1]!;
  numbers[at] = value;
}

/** Arrays that grow by pushing keep room to spare, which over many accounts is more than they hold: merged here first. */
const scratch = { hashes: [0.5], times: [0.5] };

/** Leaves `into` with the `most` lowest of both, in arrays of exactly their length. */
export function mergeSightings(into: Sightings, from: Sightings, most: number): void {
  if (from.hashes.length === 0) return;
  const { hashes, times } = scratch;
  let held = 0;
  for (let i = 0, j = 0; held < most; held++) {
    const a = into.hashes[i] ?? Infinity;
    const b = from.hashes[j] ?? Infinity;
    if (a === Infinity && b === Infinity) break;
    hashes[held] = Math.min(a, b);
    times[held] = Math.min(a <= b ? into.times[i]! : Infinity, b <= a ? from.times[j]! : Infinity);
    if (a <= b) i++;
    if (b <= a) j++;
  }
  into.hashes = hashes.slice(0, held);
  into.times = times.slice(0, held);
}

export function keepLowest({ hashes, times }: Sightings, most: number): void {
  if (hashes.length <= most) return;
  hashes.length = most;
  times.length = most;
}

/** Into an empty list. */
export function copyLowest(from: Sightings, into: Sightings, most: number): void {
  for (let i = 0; i < from.hashes.length && i < most; i++) {
    into.hashes.push(from.hashes[i]!);
    into.times.push(from.times[i]!);
  }
}

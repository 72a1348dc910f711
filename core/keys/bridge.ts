/**
 * The bridge between epochs: what a value is called under a newer key, and what it was called before. It holds pairs of
 * fingerprints and never a value, so it tells nothing without a key, and joins nothing that was not noted.
 *
 * A value keeps its oldest name. What is stored under it then needs no change: names inside packed account-days are
 * hashed again, counted as distinct, and kept by rank, and none of that survives another name.
 */
import type { BridgeKind } from './kinds.ts';

export interface BridgePair {
  kind: BridgeKind;
  newer: string;
  older: string;
}

/** The name that a fingerprint is kept under; itself where no older one is known. */
export type NameOf = (kind: BridgeKind, print: string) => string;

/** Pairs by kind and newer name. A set: order and repetition of what goes in change nothing. */
export class Bridge {
  private readonly older = new Map<string, BridgePair>();

  constructor(pairs: Iterable<BridgePair> = []) {
    for (const pair of pairs) this.add(pair);
  }

  /** A pair of a name with itself joins nothing. Of two older names, which only a collision makes, the lesser is kept. */
  add(pair: BridgePair): void {
    if (pair.newer === pair.older) return;
    const held = this.older.get(keyOf(pair.kind, pair.newer));
    if (held === undefined || pair.older < held.older) this.older.set(keyOf(pair.kind, pair.newer), pair);
  }

  /** Across as many rotations as are noted. Names that go in a circle, which no rotation makes, have their least. */
  readonly nameOf: NameOf = (kind, print) => {
    let name = print;
    const seen = new Set([print]);
    for (;;) {
      const older = this.older.get(keyOf(kind, name))?.older;
      if (older === undefined) return name;
      if (seen.has(older)) return leastOfCircle(older, (at) => this.older.get(keyOf(kind, at))!.older);
      seen.add(older);
      name = older;
    }
  };

  /** In the order of kind and newer name. */
  pairs(): BridgePair[] {
    return [...this.older.keys()].sort().map((key) => this.older.get(key)!);
  }
}

/** Of both. */
export function joined(...bridges: readonly Bridge[]): Bridge {
  return new Bridge(bridges.flatMap((bridge) => bridge.pairs()));
}

/** The same names in one step each. */
export function flattened(bridge: Bridge): Bridge {
  return new Bridge(bridge.pairs().map((pair) => ({ ...pair, older: bridge.nameOf(pair.kind, pair.newer) })));
}

function leastOfCircle(start: string, next: (name: string) => string): string {
  let least = start;
  for (let at = next(start); at !== start; at = next(at)) if (at < least) least = at;
  return least;
}

function keyOf(kind: BridgeKind, print: string): string {
  return `${kind}\0${print}`;
}

/** Pairs that a process has seen and not yet made durable, and those it need not write again today. */
import type { BridgePair } from './bridge.ts';

const DAY_MS = 86_400_000;
/** About 100 bytes each. Beyond it pairs are written again, which changes nothing. */
const MAX_KNOWN = 200_000;

export class PairBook {
  private readonly waiting = new Map<string, BridgePair>();
  private known = new Set<string>();
  private day = -1;

  /** `now`: ms since 1970. A pair is written once a day at most, so that it lasts as long as what it joins. */
  note(pair: BridgePair, now: number): void {
    const day = Math.floor(now / DAY_MS);
    if (day !== this.day || this.known.size >= MAX_KNOWN) this.known = new Set();
    this.day = day;
    const key = `${pair.kind}\0${pair.newer}`;
    if (!this.known.has(key)) this.waiting.set(key, pair);
  }

  /** Writes what waits. Where `write` throws, it waits on, and nothing that has these names may count as taken. */
  async settle(write: (pairs: BridgePair[]) => Promise<void>): Promise<void> {
    const batch = [...this.waiting];
    if (batch.length === 0) return;
    await write(batch.map(([, pair]) => pair));
    for (const [key, pair] of batch) {
      if (this.waiting.get(key) === pair) this.waiting.delete(key);
      this.known.add(key);
    }
  }
}

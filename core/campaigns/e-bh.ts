/** False discovery control over the sets of one sweep. */
import type { Candidate } from './gate.ts';

/**
 * q of each candidate under e-BH (Wang & Ramdas, JRSS-B 2022): min over j >= rank of K / (j E_(j)). K is the number of
 * `tested` sets, of which those not given have an e-value of 0.
 */
export function withQ(candidates: readonly Candidate[], tested = candidates.length): Candidate[] {
  const order = candidates.map((_, i) => i).sort((a, b) => candidates[b]!.nats - candidates[a]!.nats || a - b);
  const q = new Array<number>(candidates.length).fill(1);
  let least = 1;
  for (let rank = order.length; rank >= 1; rank--) {
    const index = order[rank - 1]!;
    least = Math.min(least, (tested / rank) * Math.exp(-candidates[index]!.nats));
    q[index] = least;
  }
  return candidates.map((candidate, i) => ({ ...candidate, q: q[i]! }));
}

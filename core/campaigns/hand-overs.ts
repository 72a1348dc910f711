/** What conversations that moved between an account and a core say of whether the account belongs. */
import { custodyEdges } from '../population/custody-edges.ts';
import { Meetings } from '../population/meetings.ts';
import type { Population } from '../population/population.ts';

/** Hand-overs on the platform that the core has no part in are never taken to be fewer. */
const PSEUDO = 0.5;

/**
 * Bits of each account that handed a conversation to or took one from members of the core: log2 of the chance that a
 * member has one such partner or more, up to as many as it has, over the chance that a stranger as busy, whose partners
 * are anybody, has any. One hand-over says less where members have ten each.
 */
export function handOverBits(population: Population, core: ReadonlySet<number>): Map<number, number> {
  const found = new Map<number, number>();
  const { partners, placebo, kept, meetings } = custodyEdges(population);
  const inside = new Map<number, number>();
  let within = 0;
  for (const member of core) {
    for (let at = partners.offsets[member]!; at < partners.offsets[member + 1]!; at++) {
      const other = partners.accounts[at]!;
      inside.set(other, (inside.get(other) ?? 0) + 1);
      if (core.has(other)) within++;
    }
  }
  if (within === 0) return found;
  const mean = within / core.size;
  const elsewhere = PSEUDO + placebo + (partners.accounts.length - within) / 2;
  const withCore = new Meetings(population, kept, core);
  for (const [account, pairs] of inside) {
    const stranger = (elsewhere * withCore.with(account, core.has(account))) / meetings.among;
    const bits = Math.log2(upTo(pairs, mean) / (1 - Math.exp(-stranger)));
    if (bits > 0) found.set(account, bits);
  }
  return found;
}

/** Chance of 1 to `most` partners: geometric, as of a Poisson count whose mean differs from member to member. */
function upTo(most: number, mean: number): number {
  const more = mean / (1 + mean);
  return more * (1 - more ** most);
}

/** What conversations that moved between an account and a core say of whether the account belongs. */
import { custodyEdges } from '../population/custody-edges.ts';
import type { Population } from '../population/population.ts';

/** Hand-overs on the platform that the core has no part in are never taken to be fewer. */
const PSEUDO = 0.5;

/**
 * Bits of each account that handed a conversation to or took one from a member of the core: log2 of the chance of at
 * least one among members (Poisson, with the core's own mean) over that of a stranger, whose partners are anybody.
 */
export function addHandOvers(
  population: Population,
  core: ReadonlySet<number>,
  best: Float64Array,
  touched: number[],
): void {
  const { partners, accounts, placebo } = custodyEdges(population);
  const inside = new Map<number, number>();
  let within = 0;
  for (const member of core) {
    for (let at = partners.offsets[member]!; at < partners.offsets[member + 1]!; at++) {
      const other = partners.accounts[at]!;
      inside.set(other, (inside.get(other) ?? 0) + 1);
      if (core.has(other)) within++;
    }
  }
  if (within === 0) return;
  const mean = within / core.size;
  const elsewhere = PSEUDO + placebo + (partners.accounts.length - within) / 2;
  const stranger = ((2 * elsewhere) / accounts) * (core.size / accounts);
  const bits = Math.log2((1 - Math.exp(-mean)) / (1 - Math.exp(-stranger)));
  if (bits <= 0) return;
  for (const account of inside.keys()) {
    if (best[account] === 0) touched.push(account);
    best[account] = Math.max(best[account]!, bits);
  }
}

/** What makes strangers begin together without an operator: a product that is itself new. */
import type { Population } from '../population/population.ts';

/**
 * Whether a system prompt that most members work with is itself new: nobody who holds it was first seen more than
 * `ms` before the members were.
 */
export function sharesNewSystem({ links, first }: Population, members: Int32Array, ms: number): boolean {
  const table = links.find(({ kind }) => kind === 'system')?.table;
  if (table === undefined) return false;
  const held = new Map<number, number>();
  let since = Infinity;
  for (const member of members) {
    since = Math.min(since, first[member]!);
    for (const code of table.row(member)) held.set(code, (held.get(code) ?? 0) + 1);
  }
  for (const [code, count] of held) {
    if (2 * count <= members.length) continue;
    // An old hub ends the search at its first old holder.
    if (table.accountsOf(code).every((account) => first[account]! >= since - ms)) return true;
  }
  return false;
}

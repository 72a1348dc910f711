/** What makes strangers begin together without an operator: a product that is itself new. */
import type { CodeTable } from '../population/code-table.ts';
import type { Population } from '../population/population.ts';

/**
 * Whether a system prompt that most members work with is itself new: nobody who holds it was first seen more than
 * `ms` before the members were.
 */
export function sharesNewSystem({ links, first }: Population, members: Int32Array, ms: number): boolean {
  const table = links.find(({ kind }) => kind === 'system')?.table;
  if (table === undefined) return false;
  const { offsets, codes } = table;
  const held = new Map<number, number>();
  let since = Infinity;
  for (const member of members) {
    since = Math.min(since, first[member]!);
    for (let at = offsets[member]!; at < offsets[member + 1]!; at++)
      held.set(codes[at]!, (held.get(codes[at]!) ?? 0) + 1);
  }
  const seen = firstSeen(table, first);
  for (const [code, count] of held) if (2 * count > members.length && seen[code]! >= since - ms) return true;
  return false;
}

const known = new WeakMap<CodeTable, Float64Array>();

/** When the first of those who hold each value was first seen: read off once per sweep. */
function firstSeen(table: CodeTable, first: Float64Array): Float64Array {
  let seen = known.get(table);
  if (seen === undefined) {
    seen = new Float64Array(table.keys.length).fill(Infinity);
    for (let account = 0; account < table.size; account++)
      for (let at = table.offsets[account]!; at < table.offsets[account + 1]!; at++) {
        const code = table.codes[at]!;
        seen[code] = Math.min(seen[code]!, first[account]!);
      }
    known.set(table, seen);
  }
  return seen;
}

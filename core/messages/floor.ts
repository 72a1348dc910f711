/** Where detection ends, as the evaluation of this version measured it. */

/** A campaign of `accounts` at `perDay` exchanges each, among 3,000 accounts for eight days. */
export interface FloorRow {
  accounts: number;
  perDay: number;
  /** Worlds in which it was found, of those simulated. */
  found: number;
  of: number;
  /** From its first exchange to the sweep that found it, median. */
  days: number | null;
}

/**
 * Per rate, the smallest of `sizes` that was found in every world, as all larger ones were; undefined where there is none,
 * or a larger size was not measured.
 */
export function smallestFound(
  rows: readonly FloorRow[],
  sizes: readonly number[],
  rates: readonly number[],
): { perDay: number; accounts: number | undefined }[] {
  const always = (accounts: number, perDay: number) =>
    rows.some((row) => row.accounts === accounts && row.perDay === perDay && row.of > 0 && row.found === row.of);
  return rates.map((perDay) => ({
    perDay,
    accounts: sizes.find((size) => sizes.filter((other) => other >= size).every((other) => always(other, perDay))),
  }));
}

/** In one paragraph, for people who must know what silence is worth. */
export function floorWords(rows: readonly FloorRow[]): string {
  const sizes = [...new Set(rows.map(({ accounts }) => accounts))].sort((a, b) => a - b);
  const rates = [...new Set(rows.map(({ perDay }) => perDay))].sort((a, b) => a - b);
  const smallest = smallestFound(rows, sizes, rates).flatMap(({ perDay, accounts }) =>
    accounts === undefined ? [] : [`${accounts} accounts at ${perDay} exchanges a day each`],
  );
  const trials = Math.max(...rows.map(({ of }) => of));
  const each = trials === 1 ? 'one trial of each size and rate' : `${trials} trials of each size and rate`;
  return `Found in every simulated trial among 3,000 accounts within eight days (${each}), and so were all larger ones: ${smallest.join(', ')}. Smaller ones, and campaigns of fewer than ${sizes[0]} accounts, may go unseen.`;
}

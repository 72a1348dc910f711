/** The detection floor as a module of the product: a quiet report says what would have been seen. */
import { median } from '../statistics.ts';
import { type Evaluation, foundIn, inSection, scoresOf } from './data.ts';

/** One row per measured size and rate; `days`: median to the sweep that opened the finding, null where none did. */
export function floorModule(evaluation: Evaluation): string {
  const rows = inSection(evaluation, 'floor').map((result) => {
    const found = foundIn(result);
    const days = median(found.flatMap(({ daysFromFirst }) => daysFromFirst ?? []));
    const { accounts, ratePerDay } = result.one.varied ?? {};
    return `  { accounts: ${accounts}, perDay: ${ratePerDay}, found: ${found.length}, of: ${scoresOf(result).length}, days: ${found.length > 0 ? Number(days.toFixed(1)) : null} },`;
  });
  return `/** Made by \`npm run evaluate\`, on ${evaluation.reported ? 'reported' : 'development'} seeds: do not edit. Code measured: ${evaluation.code}. */
export const DETECTION_FLOOR: readonly FloorRow[] = [
${rows.join('\n')}
];

/** A campaign of \`accounts\` at \`perDay\` exchanges each, among 3,000 accounts for eight days. */
export interface FloorRow {
  accounts: number;
  perDay: number;
  /** Worlds in which it was found, of those simulated. */
  found: number;
  of: number;
  /** From its first exchange to the sweep that found it, median. */
  days: number | null;
}
`;
}

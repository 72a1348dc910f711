/** The detection floor as a module of the product: a quiet report says what would have been seen. */
import type { FloorRow } from '../../../core/messages/floor.ts';
import { median } from '../statistics.ts';
import { type Evaluation, foundIn, inSection, scoresOf } from './data.ts';

/** One row per measured size and rate; `days`: median to the sweep that opened the finding, null where none did. */
export function floorRows(evaluation: Evaluation): FloorRow[] {
  return inSection(evaluation, 'floor').map((result) => {
    const found = foundIn(result);
    const days = median(found.flatMap(({ daysFromFirst }) => daysFromFirst ?? []));
    return {
      accounts: Number(result.one.varied?.accounts),
      perDay: Number(result.one.varied?.ratePerDay),
      found: found.length,
      of: scoresOf(result).length,
      days: found.length > 0 ? Number(days.toFixed(1)) : null,
    };
  });
}

export function floorModule(evaluation: Evaluation): string {
  const rows = floorRows(evaluation).map(
    ({ accounts, perDay, found, of, days }) =>
      `  { accounts: ${accounts}, perDay: ${perDay}, found: ${found}, of: ${of}, days: ${days} },`,
  );
  return `/** Made by \`npm run evaluate\`, on ${evaluation.reported ? 'reported' : 'development'} seeds: do not edit. Code measured: ${evaluation.code}. */
import type { FloorRow } from './floor.ts';

export const DETECTION_FLOOR: readonly FloorRow[] = [
${rows.join('\n')}
];
`;
}

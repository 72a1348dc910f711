/** Made by `npm run evaluate`, on reported seeds: do not edit. Code measured: 4bc0f07f516f. */
import type { FloorRow } from './floor.ts';

export const DETECTION_FLOOR: readonly FloorRow[] = [
  { accounts: 10, perDay: 2, found: 1, of: 1, days: 1.9 },
  { accounts: 10, perDay: 6, found: 1, of: 1, days: 1.9 },
  { accounts: 10, perDay: 25.6, found: 1, of: 1, days: 1 },
  { accounts: 10, perDay: 200, found: 1, of: 1, days: 1 },
  { accounts: 20, perDay: 2, found: 1, of: 1, days: 1 },
  { accounts: 20, perDay: 6, found: 1, of: 1, days: 1 },
  { accounts: 20, perDay: 25.6, found: 1, of: 1, days: 1 },
  { accounts: 20, perDay: 200, found: 1, of: 1, days: 1 },
  { accounts: 40, perDay: 2, found: 1, of: 1, days: 1 },
  { accounts: 40, perDay: 6, found: 1, of: 1, days: 1 },
  { accounts: 40, perDay: 25.6, found: 1, of: 1, days: 1 },
  { accounts: 40, perDay: 200, found: 1, of: 1, days: 1 },
  { accounts: 80, perDay: 2, found: 1, of: 1, days: 1 },
  { accounts: 80, perDay: 6, found: 1, of: 1, days: 1 },
  { accounts: 80, perDay: 25.6, found: 1, of: 1, days: 1 },
  { accounts: 80, perDay: 200, found: 1, of: 1, days: 1 },
  { accounts: 160, perDay: 2, found: 1, of: 1, days: 1 },
  { accounts: 160, perDay: 6, found: 1, of: 1, days: 1 },
  { accounts: 160, perDay: 25.6, found: 1, of: 1, days: 1 },
  { accounts: 160, perDay: 200, found: 1, of: 1, days: 1 },
];

/** One line of what was asked for. */
import { percent } from './words.ts';

export interface Target {
  item: string;
  target: string;
  measured: string;
  /** Absent where nothing is asked; `open` where too little was seen to tell. */
  met?: boolean | 'open';
}

/** The lowest of the cases decides. */
export function worst(shares: readonly { id: string; share: number }[], item: string, least: number): Target[] {
  const [lowest] = shares.toSorted((a, b) => a.share - b.share);
  if (lowest === undefined) return [];
  const below = shares.filter(({ share }) => share < least).map(({ id, share }) => `${id} ${percent(share)}`);
  const measured =
    below.length > 0 ? `below: ${below.join(', ')}` : `${percent(lowest.share)}${lowest.share < 1 ? ' or more' : ''}`;
  return [{ item, target: `at least ${percent(least)} each`, measured, met: below.length === 0 }];
}

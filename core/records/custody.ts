/** Marks of what an exchange gave out and of what it was handed back: how a conversation is seen to change accounts. */
import type { Fingerprinter } from './fingerprint.ts';
import { MAX_MARKS } from './format.ts';
import type { UsageRecord } from './schema.ts';

export interface CustodyText {
  /** Ids of responses, tool calls and reasoning signatures. */
  ids?: readonly string[];
  /** The assistant's texts. */
  outputs?: readonly string[];
}

/** Characters; shorter outputs ("Yes.") are given to many and show nothing. */
const MIN_OUTPUT = 64;

/** `undefined` where neither side left a mark. */
export function custodyFields(minted: CustodyText, presented: CustodyText, fp: Fingerprinter): UsageRecord['custody'] {
  const given = marks(minted, fp);
  const carried = marks(presented, fp);
  if (given.length + carried.length === 0) return undefined;
  return {
    ...(given.length > 0 ? { minted: given } : {}),
    ...(carried.length > 0 ? { presented: carried } : {}),
  };
}

function marks({ ids = [], outputs = [] }: CustodyText, fp: Fingerprinter): string[] {
  const long = outputs.map(canonical).filter((text) => text.length >= MIN_OUTPUT);
  const found = [
    ...long.map((text) => fp.fingerprint('output', text)),
    ...ids.filter((id) => id !== '').map((id) => fp.fingerprint('custody', id)),
  ];
  // The latest are kept, ids before outputs: an id is given to one exchange only.
  return [...new Set(found)].slice(-MAX_MARKS);
}

function canonical(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

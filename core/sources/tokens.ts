/** Token counts under one meaning: `input` is the total, cached tokens included. */
import type { UsageRecord } from '../records/schema.ts';
import { compact, count } from './json.ts';

type Tokens = UsageRecord['tokens'];

/** As the source wrote them: any value, absent ones undefined. */
export interface RawTokens {
  input: unknown;
  output: unknown;
  reasoning?: unknown;
  cacheRead?: unknown;
  cacheWrite?: unknown;
}

/**
 * `input` made total. Sources differ on whether it holds the cached tokens; where the source is said to include them
 * but the parts exceed it, it cannot have, and they are added. Undefined when neither count is there: an exchange
 * without tokens must not pass for one of zero tokens.
 */
export function totalTokens(raw: RawTokens, includesCache: boolean): Tokens | undefined {
  const [input, output] = [count(raw.input), count(raw.output)];
  if (input === undefined && output === undefined) return undefined;
  if (isDamaged(raw.input, input) || isDamaged(raw.output, output)) return undefined;
  const [cacheRead, cacheWrite] = [count(raw.cacheRead), count(raw.cacheWrite)];
  const cached = (cacheRead ?? 0) + (cacheWrite ?? 0);
  const excludes = !includesCache || cached > (input ?? 0);
  return compact<Tokens>({
    input: (input ?? 0) + (excludes ? cached : 0),
    output: output ?? 0,
    reasoning: count(raw.reasoning),
    cacheRead,
    cacheWrite,
  });
}

/** There, but no count: reading it as zero would lose what it says. */
function isDamaged(raw: unknown, count: number | undefined): boolean {
  return raw !== undefined && raw !== null && count === undefined;
}

export const NO_TOKENS: Tokens = { input: 0, output: 0 };

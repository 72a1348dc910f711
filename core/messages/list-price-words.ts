/** What a finding's output costs at list price, the same in alert, mail and page. */
import type { TransitionContext } from '../findings/transition.ts';
import { compact, money, span } from './numbers.ts';

/** `USD 29,600-41,100 at list price`, and how much of it may have no price; undefined where nothing has one. */
export function listPriceWords({ replacementUsd, unpricedTokens }: TransitionContext['ranges']): string | undefined {
  if (replacementUsd === undefined) return undefined;
  const worth = span(...replacementUsd, (value) => money(value, 'USD').slice('USD '.length));
  const rest = unpricedTokens ? `, without up to ${compact(unpricedTokens)} of models that have none` : '';
  return `USD ${worth} at list price${rest}`;
}

/** Daily limits of plans: beyond them the platform throttles, and people give up. */
import { weighted } from './choices.ts';

/** Exchanges per UTC day; plans that are not named have no such limit. */
const PER_DAY: Readonly<Record<string, number>> = { free: 40, pro: 1500 };
/** Throttled exchanges after which an account rests until the next day. */
const PATIENCE = 3;

/** Plans of programs where limits hold: nobody runs a service on a free one. */
export const PROGRAM_PLANS = weighted({ pay_as_you_go: 78, pro: 22 });

/** What one account may do on one day. */
export class Allowance {
  private left: number;
  private patience = PATIENCE;

  constructor(limit: number) {
    this.left = limit;
  }

  /** `granted`, or `throttled` where the limit is reached, or `given up` where nobody asks any more. */
  spend(): 'granted' | 'throttled' | 'given up' {
    if (this.left-- > 0) return 'granted';
    return this.patience-- > 0 ? 'throttled' : 'given up';
  }
}

export function allowanceOf(plan: string | undefined): Allowance | undefined {
  const limit = plan === undefined ? undefined : PER_DAY[plan];
  return limit === undefined ? undefined : new Allowance(limit);
}

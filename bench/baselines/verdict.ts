/** Holds what a rule accuses against who belonged to the campaign. */
import type { Accused } from './baseline.ts';

export interface RuleVerdict {
  /** Half of the accounts in one group that is at least 90 % theirs, as for a finding. */
  found: boolean;
  /** Members of the campaign accused, and all accounts accused. */
  right: number;
  accused: number;
  size: number;
  /** Day of the window by whose end half of the campaign is accused; absent where it never is. */
  halfDay?: number;
}

export function verdictOf({ days, groups }: Accused, campaign: ReadonlySet<string>): RuleVerdict {
  const half = Math.ceil(campaign.size / 2);
  const inside = (accounts: Iterable<string>) => [...accounts].filter((account) => campaign.has(account));
  const found = groups.some((group) => {
    const right = inside(group).length;
    return campaign.size > 0 && right >= half && right >= 0.9 * group.size;
  });
  const right = inside(days.keys());
  const halfDay = right.map((account) => days.get(account)!).sort((a, b) => a - b)[half - 1];
  return {
    found,
    right: right.length,
    accused: days.size,
    size: campaign.size,
    ...(halfDay === undefined ? {} : { halfDay }),
  };
}

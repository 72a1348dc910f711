import type { Baseline, Level } from './baseline.ts';
import type { Sighting } from './tally.ts';

/** Accounts that have sent one template. */
export const templatePopularity: Baseline = {
  id: 'template-popularity',
  title: 'accounts on one template',
  unit: 'accounts',
  usual: 50,
  usualFrom: 'a round number of accounts',
  levels: (tally) => popularity(tally.firstUses('template')),
};

/** The same for the system prompt. */
export const systemPopularity: Baseline = {
  id: 'system-popularity',
  title: 'accounts on one system prompt',
  unit: 'accounts',
  usual: 50,
  usualFrom: 'a round number of accounts',
  levels: (tally) => popularity(tally.firstUses('system')),
};

/** Accounts of each value at the end of each day on which it gained one; every account that has it is told. */
export function popularity(sightings: readonly Sighting[]): Level[] {
  const levels: Level[] = [];
  for (const [value, uses] of Map.groupBy(sightings, (one) => one.value)) {
    const users: string[] = [];
    const days = Map.groupBy(uses, ({ day }) => day);
    for (const day of [...days.keys()].sort((a, b) => a - b)) {
      for (const { account } of days.get(day)!) users.push(account);
      for (const account of users) levels.push({ account, day, value: users.length, group: value });
    }
  }
  return levels;
}

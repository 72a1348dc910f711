import { DAY } from '../clock.ts';
import type { CrowdPlan, Source } from '../crowd.ts';
import { Crowd } from '../crowd.ts';
import { isProgram } from '../habits.ts';
import type { Opening } from '../operator/operator.ts';
import { People } from '../people.ts';
import { hash } from '../random.ts';
import { employ } from '../staff.ts';
import type { Adversary } from './adversary.ts';

/** One account's ceiling; a surge is what this scenario is about. */
const MAX_PER_DAY = 1_000_000;
const TIMES = 10;

/** One enterprise key that jumps to ten times what it has done before. */
export const surge: Adversary = {
  id: 'A16',
  title: 'One enterprise key at ten times its own baseline',
  accounts: 1,
  ratePerDay: 2000,
  days: 10,
  settings: {},
  open: (opening) => key(opening, 200),
};

/** The same without a past: new, and at full load from its first day. */
export const surgeAtOnce: Adversary = {
  ...surge,
  id: 'A16b',
  title: 'One new key at full load from its first day',
  open: (opening) => key(opening, 0),
};

function key({ group, plan, platform, ledger }: Opening, pastDays: number): Source {
  const people = new People(platform, group);
  const crowd: CrowdPlan = {
    size: plan.accounts,
    habits: (i) => ({
      ...people.habits(i, plan.from - pastDays * DAY, 1, 'service'),
      rate: plan.ratePerDay / TIMES,
      spellShare: 1,
      fadeDays: 1e6,
    }),
    person(i, habits) {
      const employer = { key: hash(people.seed[0], i), seats: 40, declared: true };
      const own = people.person(i, habits, 'service');
      const person = employ(own, employer, platform, people.seed, habits.zone, isProgram('service'));
      person.account.plan = 'enterprise';
      return person;
    },
    factor: (day) => (day >= plan.from && day < plan.to ? TIMES : 1),
  };
  return new Crowd(crowd, platform, people.seed, MAX_PER_DAY, ledger, plan.from);
}

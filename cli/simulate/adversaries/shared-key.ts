import { DAY } from '../clock.ts';
import { Crowd, type CrowdPlan, type Source } from '../crowd.ts';
import type { Opening } from '../operator/operator.ts';
import { People } from '../people.ts';
import type { Person } from '../person.ts';
import { share } from '../random.ts';
import type { Adversary } from './adversary.ts';

/** Strangers behind one key: buyers of a resold account, or finders of a leaked one. Published cases give no number. */
const STRANGERS = 120;
/** Exchanges a day of the owner, as long as the key is only the owner's, and for how many days it has been. */
const OWN_PER_DAY = 12;
const PAST_DAYS = 60;

/**
 * A few keys, each used by a crowd: from many exits and clients at once, around the clock, on anything. Not a campaign:
 * each key is its own case.
 */
export const sharedKey: Adversary = {
  id: 'A17',
  title: 'Keys shared by a crowd',
  accounts: 5,
  ratePerDay: 400,
  days: 14,
  settings: {},
  open,
};

function open({ group, plan, platform, ledger }: Opening): Source {
  const people = new People(platform, group);
  const crowd: CrowdPlan = {
    size: plan.accounts,
    habits: (i) => ({
      ...people.habits(i, plan.from - PAST_DAYS * DAY, 1, 'developer'),
      rate: plan.ratePerDay,
      curve: 'service',
      turns: 3,
    }),
    person(i, habits) {
      const owner = people.person(i, habits, 'developer');
      owner.account.plan = 'pay_as_you_go';
      const crowd = strangers(people, i, plan.accounts);
      return { ...owner, behind: (random, instant) => (instant < plan.from ? owner : random.choice(crowd)) };
    },
    factor: (day) => (day + DAY > plan.from ? 1 : OWN_PER_DAY / plan.ratePerDay),
    active: (_, habits, day) => (day + DAY > plan.from ? day < plan.to : share(habits.word, day / DAY, 2) < 0.7),
  };
  return new Crowd(crowd, platform, people.seed, Math.ceil(plan.ratePerDay * 6), ledger, plan.from);
}

/** People of all kinds, whose own accounts never appear. */
function strangers(people: People, key: number, keys: number): Person[] {
  return Array.from({ length: STRANGERS }, (_, n) => {
    const i = keys + key * STRANGERS + n;
    return people.person(i, people.habits(i, 0));
  });
}

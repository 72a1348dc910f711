import { DAY, iso } from '../clock.ts';
import { Crowd, type CrowdPlan, type Source } from '../crowd.ts';
import type { Opening } from '../operator/operator.ts';
import { People } from '../people.ts';
import { share } from '../random.ts';
import type { Adversary } from './adversary.ts';

/** Days that the accounts have been in use before. */
const PAST_DAYS = 200;

/**
 * Accounts of unconcerned people in other hands too from one moment on: a network, a client and a volume that they
 * never had, other questions, and a new address on file. The thefts are spread over the first half of the time; the
 * truth counts what the thieves do.
 */
export const takeover: Adversary = {
  id: 'A18',
  title: 'Taken-over accounts',
  accounts: 20,
  ratePerDay: 150,
  days: 10,
  settings: {},
  open(opening) {
    const { group, plan, platform, ledger } = opening;
    const people = new People(platform, group);
    const owners = ownersOf(opening, people);
    const limit = Math.ceil(plan.ratePerDay * 6);
    return together([
      new Crowd(owners, platform, people.seed, limit),
      new Crowd(
        thievesOf(opening, people, owners),
        platform,
        new People(platform, `${group}/thieves`).seed,
        limit,
        ledger,
      ),
    ]);
  },
};

function ownersOf({ plan }: Opening, people: People): CrowdPlan {
  return {
    size: plan.accounts,
    habits: (i) => ({
      ...people.habits(i, plan.from - (PAST_DAYS + i) * DAY, 1, 'chat'),
      spellShare: 1,
      fadeDays: 1e6,
    }),
    person: (i, habits) => people.person(i, habits, 'chat'),
  };
}

function thievesOf({ group, plan, platform }: Opening, people: People, owners: CrowdPlan): CrowdPlan {
  const others = new People(platform, `${group}/thieves`);
  const word = people.seed[0];
  const taken = (i: number) => plan.from + share(word, i, 1) * ((plan.to - plan.from) / 2);
  return {
    size: plan.accounts,
    habits: (i) => ({
      ...others.habits(i, taken(i), 1, 'service'),
      rate: plan.ratePerDay,
      curve: 'flat',
    }),
    person(i, habits) {
      const thief = others.person(i, habits, 'service');
      const { account } = owners.person(i, owners.habits(i));
      const { email } = thief.account;
      return { ...thief, account: { ...account, time: iso(taken(i)), ...(email ? { email } : {}) } };
    },
    active: (i, _, day) => day + DAY > taken(i) && day < plan.to,
  };
}

function together(sources: readonly Source[]): Source {
  return {
    *known() {
      for (const source of sources) yield* source.known();
    },
    plan(day, timeline) {
      for (const source of sources) source.plan(day, timeline);
    },
  };
}

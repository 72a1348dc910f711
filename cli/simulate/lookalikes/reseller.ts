import { DAY } from '../clock.ts';
import { hash, share } from '../random.ts';
import { employ } from '../staff.ts';
import type { Voice } from '../voice.ts';
import { type Lookalike, option } from './lookalike.ts';

/** A permitted gateway: few keys and one client, everybody's traffic behind them, what names conversations stripped. */
export const reseller: Lookalike = {
  id: 'B6',
  title: 'Permitted reseller',
  size: 3,
  options: { exchanges: 1500, customers: 200, verified: 1 },
  open(occasion) {
    const { people, platform, start, size } = occasion;
    const word = people.seed[0];
    const customers = option(occasion, 'customers');
    return {
      size,
      habits: (i) => ({
        ...people.habits(i, people.signUpTime(i, start - 300 * DAY, start - 100 * DAY), 1, 'service'),
        rate: option(occasion, 'exchanges'),
        turns: 3,
        spellShare: 1,
        fadeDays: 1e6,
      }),
      person(i, habits) {
        const employer = { key: hash(word, 1), seats: 30, declared: true };
        const person = employ(people.person(i, habits, 'service'), employer, platform, people.seed, 0, true);
        person.account.verified = option(occasion, 'verified') > 0;
        const behind = (n: number) => people.person(1000 + n, people.habits(1000 + n, habits.bornAt));
        const voices = Array.from({ length: customers }, (_, n) => behind(n).voice);
        const rank = (u: number) => Math.floor(customers * u * u);
        const first = share(word, i);
        return {
          ...person,
          voice: {
            open(random, instant) {
              const customer = voices[rank((random.next() + first) % 1)] as Voice;
              return { ...customer.open(random, instant), system: undefined, stripped: true };
            },
          },
        };
      },
    };
  },
};

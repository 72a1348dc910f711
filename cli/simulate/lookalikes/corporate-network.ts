import { DAY } from '../clock.ts';
import { isProgram } from '../habits.ts';
import { hash, share } from '../random.ts';
import { employ } from '../staff.ts';
import { type Lookalike, option } from './lookalike.ts';

/** A company: every seat behind one exit, one mail domain, one purse; some accounts do not name their organisation. */
export const corporateNetwork: Lookalike = {
  id: 'B2',
  title: 'Corporate network',
  size: 800,
  options: { withoutOrg: 0.1, rolloutDays: 200 },
  open(occasion) {
    const { people, platform, start, size } = occasion;
    const word = people.seed[0];
    const rollout = option(occasion, 'rolloutDays') * DAY;
    return {
      size,
      habits: (i) => people.habits(i, people.signUpTime(i, start - rollout, start + DAY)),
      person(i, habits) {
        const persona = people.persona(i);
        const declared = share(word, i, 2) >= option(occasion, 'withoutOrg');
        const employer = { key: hash(word, 1), seats: size, declared };
        const person = people.person(i, habits, persona);
        return employ(person, employer, platform, people.seed, 1, isProgram(persona));
      },
    };
  },
};

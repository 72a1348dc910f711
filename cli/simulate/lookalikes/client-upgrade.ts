import { DAY } from '../clock.ts';
import { PAST_DAYS } from '../people.ts';
import { share } from '../random.ts';
import { type Lookalike, option } from './lookalike.ts';

/** Users of one client whose new version brings another default system prompt; they upgrade over some days. */
export const clientUpgrade: Lookalike = {
  id: 'B9',
  title: 'Client upgrade with a new default prompt',
  size: 1500,
  options: { meanDays: 2 },
  open(occasion) {
    const { people, platform, start, size } = occasion;
    const word = people.seed[0];
    const system = platform.minter('upgrade', 'system');
    return {
      size,
      habits: (i) => people.habits(i, people.signUpTime(i, start - PAST_DAYS * DAY, start)),
      person(i, habits) {
        const person = people.person(i, habits);
        const upgraded = start - Math.log(1 - share(word, i, 2)) * option(occasion, 'meanDays') * DAY;
        const usual = person.voice;
        return {
          ...person,
          client: { family: 3_000_000 + (word % 1_000_000), lagDays: person.client.lagDays },
          voice: {
            open: (random, instant) => ({
              ...usual.open(random, instant),
              system: system(word, instant < upgraded ? 1 : 2),
            }),
          },
        };
      },
    };
  },
};

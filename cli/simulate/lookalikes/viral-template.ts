import { DAY, HOUR } from '../clock.ts';
import { PAST_DAYS } from '../people.ts';
import { ProductVoice } from '../product.ts';
import { Random, share } from '../random.ts';
import { type Lookalike, option } from './lookalike.ts';

/** A prompt that goes round: for two days, then ever less, people of all ages and habits try it. */
export const viralTemplate: Lookalike = {
  id: 'B5',
  title: 'Viral public template',
  size: 2000,
  options: { hours: 48, afterglow: 0.1 },
  open(occasion) {
    const { people, platform, start, size } = occasion;
    const word = people.seed[0];
    const traits = {
      tasks: { writing: 70, conversation: 30 },
      templates: 1,
      free: 0,
      flags: [['cot_elicitation', 0.3]] as const,
    };
    const viral = new ProductVoice(traits, undefined, word, platform.library, new Random(people.seed, 1));
    const peak = option(occasion, 'hours') * HOUR;
    return {
      size,
      habits: (i) => people.habits(i, people.signUpTime(i, start - PAST_DAYS * DAY, start + peak), 1),
      person(i, habits) {
        const person = people.person(i, habits);
        const seen = start + share(word, i, 2) * peak;
        const usual = person.voice;
        return {
          ...person,
          voice: {
            open(random, instant) {
              const keen = instant < seen ? 0 : instant < start + peak + DAY ? 0.5 : option(occasion, 'afterglow');
              return random.chance(keen) ? viral.open(random) : usual.open(random, instant);
            },
          },
        };
      },
    };
  },
};

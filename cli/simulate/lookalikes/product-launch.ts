import { DAY } from '../clock.ts';
import { ProductVoice } from '../product.ts';
import { hash, Random, share } from '../random.ts';
import { type Lookalike, option } from './lookalike.ts';

/** A product whose users bring their own keys: all of them new, all with its system prompt, otherwise strangers. */
export const productLaunch: Lookalike = {
  id: 'B3',
  title: 'Product launch',
  size: 3000,
  options: { halfLifeDays: 3, templates: 12, free: 0.3, otherUse: 0.1 },
  open(occasion) {
    const { people, platform, start, size } = occasion;
    const word = people.seed[0];
    const system = platform.minter('launch', 'system')(word);
    const traits = {
      tasks: { agentic_reasoning: 40, software_engineering: 30, tool_use: 20, writing: 10 },
      templates: option(occasion, 'templates'),
      free: option(occasion, 'free'),
      flags: [['format_forced', 0.1]] as const,
    };
    const voice = new ProductVoice(traits, system, word, platform.library, new Random(people.seed, 1));
    const client = { family: 2_000_000 + (hash(word, 3) % 1_000_000), lagDays: 6 };
    return {
      size,
      habits(i) {
        const late = (-Math.log(1 - share(word, i, 2)) * option(occasion, 'halfLifeDays')) / Math.LN2;
        const day = start + Math.floor(late) * DAY;
        return people.habits(
          i,
          people.signUpTime(i, day, day + DAY),
          1,
          share(word, i, 4) < 0.6 ? 'developer' : 'chat',
        );
      },
      person(i, habits) {
        const person = people.person(i, habits, share(word, i, 4) < 0.6 ? 'developer' : 'chat');
        if (share(word, i, 5) < option(occasion, 'otherUse')) return person;
        return { ...person, voice, client: { ...client, lagDays: 6 * share(word, i, 6) } };
      },
    };
  },
};

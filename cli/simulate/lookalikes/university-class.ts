import { DAY, HOUR } from '../clock.ts';
import { shape } from '../payments.ts';
import { signUp } from '../person.ts';
import { ProductVoice } from '../product.ts';
import { hash, Random, share } from '../random.ts';
import { type Lookalike, option } from './lookalike.ts';

/** A course: everybody signs up in the first lesson's days, then works at the same exercise on class evenings. */
export const universityClass: Lookalike = {
  id: 'B1',
  title: 'University class',
  size: 120,
  options: { evenings: 4, eveningsApart: 2, exchanges: 14, offCampus: 0.25, schoolAddress: 0.9, homework: 0.12 },
  open(occasion) {
    const { people, platform, start, size } = occasion;
    const word = people.seed[0];
    const campus = platform.networks.own('corporate', hash(word, 1), 6, 1);
    const system = platform.minter('class', 'system')(word);
    const traits = { tasks: { software_engineering: 60, analysis: 40 }, templates: 2, free: 0.25, flags: [] };
    const voice = new ProductVoice(traits, system, word, platform.library, new Random(people.seed, 1));
    const onEvening = (day: number) => {
      const n = Math.floor((day - start) / DAY);
      const apart = option(occasion, 'eveningsApart');
      return n >= 0 && n % apart === 0 && n / apart < option(occasion, 'evenings');
    };
    return {
      size,
      habits: (i) => ({
        ...people.habits(
          i,
          start + 10 * HOUR + share(word, i, 2) * (share(word, i, 3) < 0.7 ? 4 * HOUR : 36 * HOUR),
          1,
          'chat',
        ),
        rate: option(occasion, 'exchanges'),
        turns: 3,
      }),
      person(i, habits) {
        const person = people.person(i, habits, 'chat');
        const random = new Random(people.seed, i, 50);
        const school = random.chance(option(occasion, 'schoolAddress'));
        const home = person.place;
        const away = option(occasion, 'offCampus');
        const address = { domain: platform.registry.domainOf(word), pattern: shape('F.L', random) };
        return {
          ...person,
          account: signUp(person.account.account, habits.bornAt, {
            plan: 'free',
            programme: 'education',
            email: school ? address : platform.registry.address(random),
            verified: school,
            status: 'active',
          }),
          place: (draw, instant) => (draw.chance(away) ? home(draw, instant) : campus),
          voice,
        };
      },
      active: (i, habits, day) =>
        onEvening(day)
          ? share(habits.word, day / DAY, 7) < 0.88
          : day > start && share(habits.word, i, day / DAY) < option(occasion, 'homework'),
      begin: (day, random) =>
        onEvening(day) ? 17.5 * HOUR + random.next() * 2.5 * HOUR : random.between(14, 22) * HOUR,
    };
  },
};

/** Harmless groups that are one organisation's fleet of keys. */
import type { Task } from '../../../core/records/schema.ts';
import { DAY } from '../clock.ts';
import type { CrowdPlan } from '../crowd.ts';
import type { Persona } from '../habits.ts';
import type { Curve } from '../hours.ts';
import type { FlagRates } from '../library.ts';
import type { Place } from '../networks.ts';
import { ProductVoice } from '../product.ts';
import { hash, Random } from '../random.ts';
import { employ } from '../staff.ts';
import type { Occasion } from './lookalike.ts';

export interface Fleet {
  persona: Persona;
  curve: Curve;
  /** Exchanges per key and active day. */
  rate: number;
  tasks: Partial<Record<Task, number>>;
  templates: number;
  free: number;
  flags: FlagRates;
  /** Answers fit one schema. */
  fixedContract: boolean;
  verified: boolean;
  /** Exits; the organisation's usual ones where absent. */
  place?: Place;
  /** Exchanges that start together, mean. */
  burst?: number;
}

/** Keys opened over the half year before `start`, all of one declared organisation, all at the same work. */
export function fleet({ people, platform, size, start }: Occasion, traits: Fleet): CrowdPlan {
  const word = people.seed[0];
  const system = platform.minter('fleet', 'system')(word);
  const contract = traits.fixedContract ? { contract: platform.minter('fleet', 'contract')(word) } : {};
  const voice = new ProductVoice(
    { ...traits, ...contract },
    system,
    word,
    platform.library,
    new Random(people.seed, 1),
  );
  return {
    size,
    habits: (i) => ({
      ...people.habits(i, people.signUpTime(i, start - 180 * DAY, start), 1, traits.persona),
      rate: traits.rate,
      regularity: 0.95,
      restFactor: traits.curve === 'flat' ? 1 : 0.4,
      spellShare: 1,
      fadeDays: 1e6,
      curve: traits.curve,
      ...(traits.burst ? { burst: traits.burst } : {}),
    }),
    person(i, habits) {
      const employer = { key: hash(word, 1), seats: Math.max(size, 25), declared: true };
      const person = employ(people.person(i, habits, traits.persona), employer, platform, people.seed, 0, true);
      person.account.verified = traits.verified;
      const { place } = traits;
      return { ...person, voice, ...(place ? { place: () => place } : {}) };
    },
  };
}

/** Makes private account holders: each follows from the seed, the group and its number alone. */
import type { AccountRecord } from '../../core/records/schema.ts';
import { PROGRAM_PLANS } from './allowance.ts';
import { type Weighted, weighted } from './choices.ts';
import { DAY, HOUR, isWeekend } from './clock.ts';
import type { Minter } from './fingerprint.ts';
import { type Habits, habitsOf, isProgram, type Persona, personaOf } from './habits.ts';
import { moment } from './hours.ts';
import type { Tier } from './models.ts';
import type { Place } from './networks.ts';
import type { Payment } from './payments.ts';
import { type Person, signUp } from './person.ts';
import type { Platform } from './platform.ts';
import { Random, type Seed, seedOf, share } from './random.ts';
import { ownTemplates, PersonalVoice } from './voice.ts';

/** Days before the window over which existing accounts signed up. */
export const PAST_DAYS = 365;

const STREAM = { habits: 1, person: 2, purse: 3, home: 4 } as const;
const PLANS = weighted({ free: 46, pay_as_you_go: 34, pro: 20 });
const PROGRAMMES = weighted({ none: 955, education: 28, startup_credits: 14, research: 3 });
export const TIER_MIX: Readonly<Record<Persona, Weighted<Tier>>> = {
  chat: weighted<Tier>({ medium: 60, large: 25, small: 15 }),
  developer: weighted<Tier>({ medium: 45, large: 45, small: 10 }),
  service: weighted<Tier>({ medium: 40, large: 12, small: 48 }),
  batch: weighted<Tier>({ medium: 35, large: 20, small: 45 }),
};
/** Share of people who pay with the card, and live in the home, of the account before theirs. */
const HOUSEHOLD = 0.03;

export class People {
  readonly platform: Platform;
  readonly seed: Seed;
  private readonly ids: Minter;

  constructor(platform: Platform, group: string) {
    this.platform = platform;
    this.seed = seedOf(`${platform.seed}/${group}`);
    this.ids = platform.minter(group, 'account');
  }

  id(i: number): string {
    return `k_${this.ids(i)}`;
  }

  persona(i: number): Persona {
    return personaOf(new Random(this.seed, i, 0));
  }

  habits(i: number, bornAt: number, intensity = 1, persona = this.persona(i)): Habits {
    return habitsOf(persona, bornAt, intensity, new Random(this.seed, i, STREAM.habits));
  }

  /** A sign-up time inside `from` to `to`: people sign up when they are awake, on weekends less. `growth` is monthly. */
  signUpTime(i: number, from: number, to: number, growth = 0): number {
    const random = new Random(this.seed, i, 5);
    let day = from;
    for (let tries = 0; tries < 8; tries++) {
      const days = Math.max(1, (to - from) / DAY);
      day = from + Math.floor(when(random.next(), growth, days) * days) * DAY;
      if (!isWeekend(day) || random.chance(0.65)) break;
    }
    return Math.min(day + moment('service', random.choice([-8, -5, 0, 1, 5.5, 8]), random), to - HOUR);
  }

  /** A private person or small developer who has nothing to do with anybody else of the group. */
  person(i: number, habits: Habits, persona = this.persona(i)): Person {
    const random = new Random(this.seed, i, STREAM.person);
    const program = isProgram(persona);
    const own = program ? ownTemplates(this.platform.library, habits.word, 1 + random.int(8), random) : undefined;
    return {
      number: habits.word,
      account: this.account(i, habits.bornAt, program, random),
      client: this.platform.clients.habit(random),
      place: this.places(i, program, random),
      tiers: TIER_MIX[persona],
      lagDays: random.exponential(program ? 35 : 5),
      throttled: random.chance(0.1) ? 0.03 : 0.004,
      voice: new PersonalVoice(random, this.platform.library, this.system(habits.word, program, random), own, program),
    };
  }

  private system(word: number, program: boolean, random: Random): string | undefined {
    if (program && random.chance(0.8)) return this.platform.minter('own', 'system')(word);
    return random.chance(0.75) ? this.platform.library.systems.pick(random) : undefined;
  }

  private account(i: number, bornAt: number, program: boolean, random: Random): AccountRecord {
    const { registry } = this.platform;
    const plan = (program && this.platform.limited ? PROGRAM_PLANS : PLANS).pick(random);
    const programme = PROGRAMMES.pick(random);
    return signUp(this.id(i), bornAt, {
      plan,
      ...(programme === 'none' ? {} : { programme }),
      ...(plan === 'free' ? {} : { payment: this.purse(i) }),
      email: registry.address(random),
      ...(random.chance(0.6) ? { phone: { prefix: registry.phonePrefix(random) } } : {}),
      ...(random.chance(0.08) ? { referral: registry.referral(random) } : {}),
      verified: random.chance(0.12),
      status: 'active',
    });
  }

  private neighbour(i: number): number {
    return i > 0 && share(this.seed[3], i) < HOUSEHOLD ? i - 1 : i;
  }

  private purse(i: number): Payment {
    const holder = this.neighbour(i);
    return this.platform.registry.card(
      new Random(this.seed, holder, 9).bits(),
      new Random(this.seed, holder, STREAM.purse),
    );
  }

  private places(i: number, program: boolean, random: Random): (random: Random) => Place {
    const { networks } = this.platform;
    const home = networks.home(new Random(this.seed, this.neighbour(i), STREAM.home));
    if (program && random.chance(0.85)) {
      const cloud = networks.cloud(random, random.chance(0.6));
      return () => cloud;
    }
    const carrier = networks.carrier(random);
    const vpn = networks.vpn(random);
    const roaming = random.chance(0.5) ? random.next() * 0.6 : 0;
    const hidden = random.chance(0.05) ? 0.8 : 0;
    return (draw) => (draw.chance(hidden) ? vpn : draw.chance(roaming) ? carrier : home);
  }
}

const MONTH_DAYS = 30;

/** Share of a period's sign-ups that fall into its first part, `part` of its length, under monthly growth. */
export function grown(part: number, growth: number, days: number): number {
  if (growth === 0) return part;
  const whole = (days / MONTH_DAYS) * Math.log1p(growth);
  return Math.expm1(part * whole) / Math.expm1(whole);
}

/** The inverse: the part of the period by which the share `u` has signed up. */
function when(u: number, growth: number, days: number): number {
  if (growth === 0) return u;
  const whole = (days / MONTH_DAYS) * Math.log1p(growth);
  return Math.log1p(u * Math.expm1(whole)) / whole;
}

/** Turns private persons into staff: one purse, one office, one house style. */
import { type Weighted, weighted } from './choices.ts';
import type { ClientHabit } from './clients.ts';
import { HOUR } from './clock.ts';
import type { Template } from './library.ts';
import type { Place } from './networks.ts';
import { type Payment, shape } from './payments.ts';
import type { Person } from './person.ts';
import type { Platform } from './platform.ts';
import { hash, Random, type Seed } from './random.ts';
import { ownTemplates, PersonalVoice } from './voice.ts';

export interface Employer {
  /** Names the organisation among all of the world. */
  key: number;
  seats: number;
  /** Whether accounts name their organisation. */
  declared: boolean;
}

/** What colleagues have in common. */
interface House {
  plan: string;
  payment: Payment;
  verified: boolean;
  startup: boolean;
  /** Absent where people use their private addresses. */
  domain: string | undefined;
  /** How addresses are formed. */
  form: string;
  office: Place;
  /** Share of working-hour conversations that come from the office. */
  inOffice: number;
  system: string;
  templates: Weighted<Template>;
  /** Absent where everybody picks a client. */
  client: ClientHabit | undefined;
}

const PLANS = weighted({ team: 60, pay_as_you_go: 25, enterprise: 15 });
/** Local office hours, from and to. */
const OFFICE_HOURS = [8, 19] as const;
/** Houses kept at hand; they can be built again at any time. */
const KEPT = 4000;
const known = new WeakMap<Platform, Map<number, House>>();

/** Everything that colleagues have in common follows from the employer's key. `zone`: hours ahead of UTC. */
export function employ(
  person: Person,
  employer: Employer,
  platform: Platform,
  seed: Seed,
  zone: number,
  program: boolean,
): Person {
  const house = houseOf(employer, platform, seed);
  const own = new Random(seed, person.number, 78);
  identify(person, employer, house, own);
  if (house.client) person.client = house.client;
  if (!program) person.place = commute(person, house, platform, zone);
  const atWork = own.chance(program ? 0.9 : 0.5);
  if (atWork) person.voice = new PersonalVoice(own, platform.library, house.system, house.templates, program);
  return person;
}

function houseOf(employer: Employer, platform: Platform, seed: Seed): House {
  const houses = known.get(platform) ?? new Map<number, House>();
  known.set(platform, houses);
  const found = houses.get(employer.key);
  if (found) return found;
  if (houses.size >= KEPT) houses.clear();
  const built = build(employer, platform, new Random(seed, employer.key, 77));
  houses.set(employer.key, built);
  return built;
}

function build({ key, seats }: Employer, platform: Platform, random: Random): House {
  const { registry, networks, clients, library } = platform;
  const plan = PLANS.pick(random);
  const invoiced = plan === 'enterprise' || random.chance(seats > 30 ? 0.7 : 0.15);
  return {
    plan,
    payment: invoiced ? registry.invoice(key) : registry.card(key, random),
    verified: random.chance(seats > 20 ? 0.8 : 0.4),
    startup: random.chance(0.04),
    domain: random.chance(seats > 5 ? 0.95 : 0.6) ? registry.domainOf(key) : undefined,
    form: registry.houseForm(random),
    office: networks.office(key, seats > 300 ? 4 : 1),
    inOffice: random.between(0.4, 0.95),
    system: platform.minter('house', 'system')(key),
    templates: ownTemplates(library, hash(key, 1), 2 + random.int(14), random),
    client: random.chance(0.6) ? { ...clients.habit(random), lagDays: random.exponential(10) } : undefined,
  };
}

function identify(person: Person, employer: Employer, house: House, own: Random): void {
  const { account } = person;
  if (employer.declared) account.org = `o_${employer.key.toString(36)}`;
  account.plan = house.plan;
  account.payment = house.payment;
  account.verified = house.verified;
  if (house.domain) account.email = { domain: house.domain, pattern: shape(house.form, own) };
  delete account.programme;
  delete account.referral;
  if (house.startup) account.programme = 'startup_credits';
}

function commute(person: Person, house: House, platform: Platform, zone: number): Person['place'] {
  const elsewhere = person.place;
  return (random, instant) => {
    const hour = (((instant / HOUR + zone) % 24) + 24) % 24;
    const working = hour >= OFFICE_HOURS[0] && hour < OFFICE_HOURS[1] && !platform.restDay(instant);
    return working && random.chance(house.inOffice) ? house.office : elsewhere(random, instant);
  };
}

/** How often and when one account is used. Everything follows from numbers, so nothing is kept between days. */

import { Weighted } from './choices.ts';
import { DAY, MINUTE, SECOND } from './clock.ts';
import { type Curve, moment, ZONES } from './hours.ts';
import { type Random, share } from './random.ts';

export interface Habits {
  bornAt: number;
  /** Keys the coins below; differs between accounts. */
  word: number;
  /** Exchanges on an active day, mean. */
  rate: number;
  /** Chance to be used on a working day of an active spell. */
  regularity: number;
  /** Multiplies it on weekends and holidays. */
  restFactor: number;
  /** Length of spells of use and disuse, and the share that is use. */
  spellDays: number;
  spellShare: number;
  /** Days after which the chance that a spell is one of use has fallen to a third. */
  fadeDays: number;
  curve: Curve;
  /** Hours ahead of UTC. */
  zone: number;
  /** Exchanges per conversation, mean, and the pause between them. */
  turns: number;
  pauseMs: number;
  /** Conversations that a program starts together, mean, and the pause between their starts. */
  burst: number;
  burstPauseMs: number;
}

export type Persona = keyof typeof PERSONAS;

/**
 * Four ways to use a platform. Rates are log-normal and heavy-tailed, programs dominate the volume and start their
 * exchanges in bursts: the picture of ServeGen, arXiv 2505.09999.
 */
const PERSONAS = {
  chat: {
    weight: 52,
    rate: [5, 0.9],
    regular: [0.1, 0.5],
    rest: 1.1,
    curve: 'evening',
    turns: 4,
    pauseMs: 80 * SECOND,
    burst: 1,
  },
  developer: {
    weight: 32,
    rate: [11, 1.1],
    regular: [0.2, 0.8],
    rest: 0.3,
    curve: 'office',
    turns: 6,
    pauseMs: 40 * SECOND,
    burst: 1,
  },
  service: {
    weight: 11,
    rate: [16, 1.6],
    regular: [0.8, 1],
    rest: 0.85,
    curve: 'service',
    turns: 1.15,
    pauseMs: 20 * SECOND,
    burst: 4,
  },
  batch: {
    weight: 5,
    rate: [35, 1.5],
    regular: [0.05, 0.5],
    rest: 0.7,
    curve: 'nightly',
    turns: 1,
    pauseMs: 4 * SECOND,
    burst: 50,
  },
} as const;
const NAMES = Object.keys(PERSONAS) as Persona[];
const BY_WEIGHT = new Weighted(
  NAMES,
  NAMES.map((name) => PERSONAS[name].weight),
);
const ZONE = new Weighted(
  ZONES.map(([zone]) => zone),
  ZONES.map(([, weight]) => weight),
);

export function isProgram(persona: Persona): boolean {
  return persona === 'service' || persona === 'batch';
}

export function personaOf(random: Random): Persona {
  return BY_WEIGHT.pick(random);
}

export function habitsOf(persona: Persona, bornAt: number, intensity: number, random: Random): Habits {
  const style = PERSONAS[persona];
  return {
    bornAt,
    word: random.bits(),
    rate: random.lognormal(style.rate[0], style.rate[1]) * intensity,
    regularity: random.between(style.regular[0], style.regular[1]),
    restFactor: style.rest,
    spellDays: random.between(4, 40),
    spellShare: isProgram(persona) ? 0.9 : random.between(0.25, 0.9),
    fadeDays: random.exponential(persona === 'service' ? 900 : 300) + 15,
    curve: style.curve,
    zone: ZONE.pick(random),
    turns: style.turns,
    pauseMs: style.pauseMs * random.lognormal(1, 0.4),
    burst: style.burst,
    burstPauseMs: style.pauseMs * random.lognormal(1, 0.7),
  };
}

/** Whether the account is used on the UTC day that begins at `day`. */
export function active(habits: Habits, day: number, rest: boolean): boolean {
  const age = (day + DAY - habits.bornAt) / DAY;
  if (age <= 0) return false;
  const spell = Math.floor(age / habits.spellDays);
  const use = habits.spellShare * Math.exp(-age / habits.fadeDays);
  if (spell > 0 && share(habits.word, spell, 1) >= use) return false;
  const chance = Math.min(1, habits.regularity * (rest ? habits.restFactor : 1));
  return share(habits.word, Math.floor(day / DAY), 2) < (age <= 1 ? Math.max(0.6, chance) : chance);
}

/** Exchanges of one active day; days of one account differ too. `factor` multiplies the usual rate. */
export function volume(habits: Habits, random: Random, max: number, factor = 1): number {
  return Math.min(max, 1 + random.poisson(habits.rate * factor * random.lognormal(0.85, 0.55)));
}

/** Where a conversation or a burst begins, in ms of the UTC day. */
export function begin(habits: Habits, random: Random): number {
  return moment(habits.curve, habits.zone, random);
}

/** Pause to the next turn: reading, typing or computing, now and then a coffee. */
export function pause(habits: Habits, random: Random): number {
  const coffee = habits.pauseMs > 10 * SECOND && random.chance(0.04) ? random.exponential(20 * MINUTE) : 0;
  return 500 + random.gamma(0.9, habits.pauseMs / 0.9) + coffee;
}

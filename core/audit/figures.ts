/** Every number of an account-day by its name, so that two account-days can be compared number by number. */
import {
  type AccountDay,
  COUNTER,
  COUNTERS,
  DISTINCT,
  HISTOGRAM,
  type SampledExchange,
  VALUE_KINDS,
  VALUES,
} from '../aggregates/account-day.ts';
import type { Sightings } from '../aggregates/sightings.ts';
import { FLAGS, NETWORK_KINDS } from '../records/format.ts';

/** Those that are zero, or of an empty place, are left out. */
export type Figures = ReadonlyMap<string, number>;

export function figuresOf(day: AccountDay): Figures {
  const figures = new Map<string, number>();
  const tell = (name: string, value: number) => {
    if (value !== 0 && Number.isFinite(value)) figures.set(name, value);
  };
  for (const [i, value] of day.counters.entries()) tell(COUNTER_NAMES[i]!, value);
  tell('first', day.first);
  tell('last', day.last);
  for (const [i, value] of day.slots.entries()) tell(`slots.${i}`, value);
  for (const [i, value] of day.throttledSlots.entries()) tell(`throttledSlots.${i}`, value);
  for (const [name, { at, bins }] of Object.entries(HISTOGRAM))
    for (let i = 0; i < bins; i++) tell(`${name}.${i}`, day.bins[at + i]!);
  for (const [name, { at, registers }] of Object.entries(DISTINCT))
    for (let i = 0; i < registers; i++) tell(`distinct.${name}.${i}`, day.registers[at + i]!);
  tellValues(day, tell);
  for (const [i, exchange] of day.sample.entries()) tellSampled(exchange, `sample.${i}`, tell);
  tellSightings(day.minted, 'minted.', tell);
  tellSightings(day.presented, 'presented.', tell);
  return figures;
}

type Tell = (name: string, value: number) => void;

/** By value: its place among the others is not its own. */
function tellValues(day: AccountDay, tell: Tell): void {
  VALUE_KINDS.forEach((kind, index) => {
    const { at, k } = VALUES[kind];
    for (let i = at; i < at + k; i++) if (day.keys[i] !== Infinity) tell(`${kind}.${day.keys[i]}`, day.counts[i]!);
    tell(`${kind}.others`, day.others[index]!);
  });
}

function tellSampled({ rank, sketch, system, template, contract }: SampledExchange, name: string, tell: Tell): void {
  tell(`${name}.rank`, rank);
  tell(`${name}.system`, system);
  tell(`${name}.template`, template);
  tell(`${name}.contract`, contract);
  for (const [i, value] of sketch?.entries() ?? []) tell(`${name}.sketch.${i}`, value);
}

function tellSightings({ hashes, times }: Sightings, name: string, tell: Tell): void {
  for (const [i, hash] of hashes.entries()) tell(`${name}${hash}`, times[i]!);
}

/** By place in `counters`. */
export const COUNTER_NAMES: readonly string[] = counterNames();

function counterNames(): string[] {
  const names = new Array<string>(COUNTERS).fill('');
  for (const [name, at] of Object.entries(COUNTER)) names[at] = name;
  FLAGS.forEach((flag, i) => {
    names[COUNTER.flags + i] = `flag ${flag}`;
  });
  NETWORK_KINDS.forEach((kind, i) => {
    names[COUNTER.networks + i] = `network ${kind}`;
  });
  return names;
}

/** How many consumers are told of in a week, and which of them may pass a queue that is full. */
import type { Population } from '../population/population.ts';
import type { Settings } from '../settings.ts';
import type { LetThrough } from './consumers.ts';

/** Consumers opened in a week: places taken one after the other, whoever was opened before. */
export interface ConsumerBudget {
  /** For anyone that the error control lets through. */
  ordinary: number;
  /** With those large enough to be felt. */
  felt: number;
  /** With those that are sure besides. */
  whole: number;
}

const MIN_RESERVE = 2;
const RESERVE_SHARE = 0.25;

/**
 * A quarter of the whole is kept for what cannot wait, half of it for what is sure. A platform too small for that has
 * one ordinary place and two in reserve: a real anomaly is not lost behind two false ones that came first.
 */
export function consumerBudget({ size }: Pick<Population, 'size'>, settings: Settings): ConsumerBudget {
  const asked = Math.ceil((settings.detection.consumerBudget * size) / 1e6);
  if (asked === 0) return { ordinary: 0, felt: 0, whole: 0 };
  const reserve = Math.max(MIN_RESERVE, Math.ceil(RESERVE_SHARE * asked));
  const ordinary = Math.max(1, asked - reserve);
  return { ordinary, felt: ordinary + Math.floor(reserve / 2), whole: ordinary + reserve };
}

/** Share of the platform's exchanges that is felt by itself, and that is worth a place if the finding is sure. */
const FELT_SHARE = 0.03;
const SEEN_SHARE = 0.001;
const SURE_Q = 0.01;

function placesFor({ q, share }: Pick<LetThrough, 'q' | 'share'>, { ordinary, felt, whole }: ConsumerBudget): number {
  if (q <= SURE_Q && share >= SEEN_SHARE) return whole;
  return share >= FELT_SHARE ? felt : ordinary;
}

/** Those of `waiting`, in their order, that may be opened where `opened` were in the last seven days. */
export function admitted<One extends Pick<LetThrough, 'q' | 'share'>>(
  waiting: Iterable<One>,
  opened: number,
  budget: ConsumerBudget,
): One[] {
  const chosen: One[] = [];
  for (const one of waiting) if (opened + chosen.length < placesFor(one, budget)) chosen.push(one);
  return chosen;
}

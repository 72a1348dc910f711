/** Single consumers let through by Benjamini-Hochberg and a budget: they rank, they do not page. */
import { type ConsumerAnomaly, consumerAnomalies } from '../detectors/consumer-anomaly.ts';
import { natsOfP } from '../detectors/resample.ts';
import type { Evidence } from '../findings/finding.ts';
import type { Population } from '../population/population.ts';
import type { Settings } from '../settings.ts';
import { GROUP_CAP_NATS } from './score.ts';

export interface LetThrough {
  anomaly: ConsumerAnomaly;
  q: number;
}

/** Smallest p first. `claimed` accounts belong to campaigns. */
export function consumersLetThrough(
  population: Population,
  lastDay: number,
  claimed: ReadonlySet<string>,
  settings: Settings,
): { through: LetThrough[]; tested: number } {
  const { found, tested } = consumerAnomalies(population, lastDay);
  const ordered = found
    .filter(({ account }) => !claimed.has(population.profiles[account]!.account))
    .sort((a, b) => a.p - b.p || a.account - b.account);
  let least = 1;
  const through: LetThrough[] = [];
  for (let rank = ordered.length; rank >= 1; rank--) {
    const anomaly = ordered[rank - 1]!;
    least = Math.min(least, (tested * anomaly.p) / rank);
    if (least <= settings.detection.consumerAlpha) through.unshift({ anomaly, q: least });
  }
  return { through, tested };
}

/** Consumers opened in a week at most. */
export function consumerBudget(population: Population, settings: Settings): number {
  return Math.max(1, Math.ceil((settings.detection.consumerBudget * population.size) / 1e6));
}

export function consumerEvidence({ anomaly }: LetThrough): Evidence {
  return {
    group: 'consumer',
    detector: 'consumer-anomaly',
    observed: anomaly.observed,
    expected: anomaly.expected,
    unit: 'exchanges a day',
    strength: Math.min(GROUP_CAP_NATS, natsOfP(anomaly.p)),
  };
}

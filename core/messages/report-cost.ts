/** What the deployment itself cost, and what changed in what it judges by. */
import type { Change } from '../judged-by.ts';
import { exact } from './numbers.ts';
import type { ReportData } from './report-data.ts';
import { isUnknown } from './report-own.ts';
import { listLines } from './report-section.ts';

const FORECAST_DAYS = 30;
const DAY_MS = 86_400_000;

export interface CostFigures {
  usd: number;
  /** Absent where no record came. */
  perMillionRecords?: number;
  /** At the rate of the period. */
  thirtyDays: number;
  estimated: boolean;
}

/** Undefined where there is no bill, or it is not known. */
export function costFigures({ cost, health, period }: ReportData): CostFigures | undefined {
  if (cost === undefined || isUnknown(cost)) return undefined;
  const { usd, estimated } = cost;
  const days = (Date.parse(period.to) - Date.parse(period.from)) / DAY_MS;
  return {
    usd,
    ...(health.records > 0 ? { perMillionRecords: (usd / health.records) * 1e6 } : {}),
    thirtyDays: (usd / days) * FORECAST_DAYS,
    estimated,
  };
}

/** `USD 61.20, USD 1.86 per million records, 30 days at this rate USD 262`; none where there is no bill. */
export function costLines(report: ReportData): string[] {
  const { cost } = report;
  if (cost === undefined) return [];
  if (isUnknown(cost)) return [`not known: ${cost.unknown}`];
  const { usd, perMillionRecords, thirtyDays, estimated } = costFigures(report)!;
  const parts = [
    `USD ${cents(usd)}`,
    ...(perMillionRecords === undefined ? [] : [`USD ${cents(perMillionRecords)} per million records`]),
    `${FORECAST_DAYS} days at this rate USD ${exact(thirtyDays)}`,
  ];
  return [`${parts.join(', ')}${estimated ? '; the bill is not final' : ''}`];
}

function cents(usd: number): string {
  const [whole, rest] = usd.toFixed(2).split('.');
  return `${exact(Number(whole))}.${rest}`;
}

/** Undefined: it is not known what was judged by before. */
export function changeLines({ changes }: ReportData): string[] {
  if (changes === undefined) return [];
  return changes.length === 0 ? ['none changed'] : listLines(changes.map(changeWords));
}

/** `settings.alerts.fold: was "6h", is "1h"`. */
export function changeWords({ what, was, is }: Change): string {
  if (was === undefined) return `${what}: new, ${is}`;
  return is === undefined ? `${what}: gone, was ${was}` : `${what}: was ${was}, is ${is}`;
}

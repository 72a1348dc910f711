/** What a deployment knows of itself beside its records: its bill, what lies undelivered, and whom mail does not reach. */

/** An answer, or in one line why there is none: who asks may lack the right, or nobody counts it. */
export type Asked<T> = T | { unknown: string };

export interface RunCost {
  usd: number;
  /** The bill is not final. */
  estimated: boolean;
}

export interface DeadLetters {
  /** Queues looked at. */
  queues: number;
  /** Those that are not empty. */
  waiting: { queue: string; messages: number }[];
}

/** An address that mail did not reach, or whose owner called it unwanted. It leaves in no report. */
export interface Unreachable {
  /** In lower case. */
  address: string;
  why: 'bounce' | 'complaint';
  /** RFC 3339. */
  at: string;
}

/** Recipients of the reports, and how many of them mail does not reach. */
export interface Reach {
  recipients: number;
  unreachable: number;
}

export function isUnknown<T extends object>(asked: Asked<T>): asked is { unknown: string } {
  return 'unknown' in asked;
}

/** Of those marked by then, in lower case. */
export function unreachableAt(marks: readonly Unreachable[], to: string): Set<string> {
  return new Set(marks.filter(({ at }) => Date.parse(at) <= Date.parse(to)).map(({ address }) => address));
}

export function reachOf(recipients: readonly string[], unreachable: ReadonlySet<string>): Reach {
  const lost = recipients.filter((address) => unreachable.has(address.toLowerCase()));
  return { recipients: recipients.length, unreachable: lost.length };
}

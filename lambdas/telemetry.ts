/** What a function tells its operators: counts and log lines. Nothing identifying, and no account as a dimension. */
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';

export type MetricName =
  | 'UsageFolded'
  | 'UsageDuplicated'
  | 'RepeatsMistaken'
  | 'RecordsQuarantined'
  | 'RecordsFailed'
  | 'RecordsCollected'
  | 'RecordsHeld'
  | 'BodiesMissing'
  | 'CallsJoined'
  | 'CallsUnjoinedShare'
  | 'RequestsRefused'
  | 'AccountsLoaded'
  | 'SegmentsMissing'
  | 'AccountsEvaluated'
  | 'TransitionsAnnounced'
  | 'SweepsCompleted'
  | 'FindingsTold'
  | 'MessagesSent'
  | 'MessagesUndelivered'
  | 'ReportsBegun'
  | 'ReportsSent'
  | 'AccountDaysAudited'
  | 'AccountDaysDrifted'
  | 'KeyAgeDays'
  | 'ValuesExplained';

export type Fields = Readonly<Record<string, string | number | boolean>>;

export interface Telemetry {
  count(name: MetricName, value: number): void;
  info(message: string, fields?: Fields): void;
  error(message: string, cause: unknown, fields?: Fields): void;
  /** Writes the counts out; call once at the end of an invocation, failed or not. */
  flush(): void;
}

/** Powertools: JSON lines and embedded metrics, named by the variables the stack sets. */
export function telemetry(): Telemetry {
  const logger = new Logger();
  const metrics = new Metrics();
  return {
    count: (name, value) => metrics.addMetric(name, MetricUnit.Count, value),
    info: (message, fields = {}) => logger.info(message, { ...fields }),
    error: (message, cause, fields = {}) =>
      logger.error(message, { ...fields, error: cause instanceof Error ? cause : new Error(String(cause)) }),
    flush: () => metrics.publishStoredMetrics(),
  };
}

/** Runs one invocation and writes its counts out whatever happens. */
export async function observed<T>(told: Telemetry, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    told.flush();
  }
}

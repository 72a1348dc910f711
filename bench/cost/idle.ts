/** What a stack costs in 30 days in which nothing is sent to it: from its own template and the price table. */
import { LISTED, PRICES } from './prices.ts';

export interface Resource {
  id: string;
  Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template is JSON of a hundred shapes.
  Properties: Record<string, any>;
}

export interface IdleStage {
  name: string;
  resources: readonly Resource[];
  sweepEveryHours: number;
  segments: number;
  /** Names of metrics that a sweep, and an audit, may publish. */
  metrics: { sweep: number; audit: number };
  /** Of one look of the function that delivers: what it reads, and the metrics that it publishes. */
  look: { units: number; metrics: number };
}

export interface Row {
  what: string;
  usd: number;
  /** Of it, what is always free for an account that uses it for nothing else. */
  free?: number;
}

const HOURS = 720;
const DAYS = 30;
/** Whose files a sweep reads. */
const KEPT_DAYS = 89;
const MONTH_HOURS = DAYS * 24;
/** Of a function that finds nothing to do: assumptions, in the page's words. */
const EMPTY_RUN_S = 0.5;
const EMPTY_RUN_LOG_KB = 2;
/** "Using Lambda with Amazon SQS": five calls at a time, each of which waits 20 s for a message. */
const POLLERS = 5;
const POLL_S = 20;
/** Always free for an account: metrics of alarms, traces. */
const FREE_ALARMS = 10;
const FREE_TRACES = 100_000;

export function idlePage(stages: readonly IdleStage[]): string {
  const columns = stages.map((stage) => ({ ...stage, rows: rowsOf(stage) }));
  const names = [...new Set(columns.flatMap(({ rows }) => rows.map(({ what }) => what)))];
  const cell = (rows: Row[], what: string) => (rows.find((row) => row.what === what)?.usd ?? 0).toFixed(2);
  const lines = names.map((what) => `| ${what} | ${columns.map(({ rows }) => cell(rows, what)).join(' | ')} |`);
  const totals = columns.map(({ rows }) => `**${idleTotal(rows).toFixed(2)}**`);
  return `# What an idle stack costs

Made from the synthesised templates and \`bench/cost/prices.ts\` (us-east-1, found ${PRICES.found}); do not edit. In USD for
30 days without a record, free tiers and taxes left out. **Check the prices again** before you rely on a number.

| what | ${columns.map(({ name }) => name).join(' | ')} |
| --- |${' --- |'.repeat(columns.length)}
${lines.join('\n')}
| **a month** | ${totals.join(' | ')} |
| of it, where nothing else uses what is always free | ${columns.map(({ rows }) => paidTotal(rows).toFixed(2)).join(' | ')} |

- \`dev\` and \`small\` take records by a queue, with the alarms of which none announces what another tells in the end, and
  without a dashboard: \`intake\`, \`alarms\` and \`dashboard\` in \`cdk/config.ts\`. Any stage may.
- The reads are counted: \`bench/cost/notifier-reads.ts\` lets the function look once, at tables in which nothing is.
- Of a queue Lambda asks ${POLLERS} times every ${POLL_S} s, as its documentation says.
- A run over nothing is taken to last ${EMPTY_RUN_S} s and to log ${EMPTY_RUN_LOG_KB} KB; the sweep runs once to plan, once for each segment and once to detect.
- Metrics are paid by the hour in which they are published, and counted as if sweep and audit published every one of their own.
- Always free for an account: ten metrics of alarms, ten metrics, three dashboards, 400,000 GB-s and a million calls of
  Lambda, a million of SQS, 14 million of Scheduler, 4,000 transitions, 100,000 traces, 5 GB of logs.
- The largest part of \`prod\` is the stream. \`customerKey\` adds ${usd(PRICES.key)} a month.
`;
}

/** Each row rounded as it is printed, so that the column adds up. */
export function idleTotal(rows: readonly Row[]): number {
  return rows.reduce((sum, { usd }) => sum + Math.round(usd * 100), 0) / 100;
}

/** Less what is always free of an account. Each of its parts is below the limit here, but for alarms. */
export function paidTotal(rows: readonly Row[]): number {
  return Math.max(0, idleTotal(rows) - rows.reduce((sum, { free = 0 }) => sum + Math.round(free * 100), 0) / 100);
}

export function rowsOf(stage: IdleStage): Row[] {
  const { resources, look } = stage;
  const all = (type: string) => resources.filter(({ Type }) => Type === type);
  const scheduled = scheduledRuns(resources);
  const sweeps = MONTH_HOURS / stage.sweepEveryHours;
  const runs = scheduled.reduce((sum, each) => sum + each.runs, 0) + sweeps * (stage.segments + 2);
  const rows: Row[] = [
    {
      what: 'stream',
      usd: all('AWS::Kinesis::Stream').reduce((sum, { Properties }) => sum + streamUsd(Properties), 0),
    },
    allFree('queue of records, asked by Lambda', pollsUsd(resources)),
    alarmsRow(all('AWS::CloudWatch::Alarm'), all('AWS::CloudWatch::CompositeAlarm').length),
    allFree('metrics of the functions, at most', metricsUsd(stage, sweeps)),
    allFree('dashboard', all('AWS::CloudWatch::Dashboard').length * PRICES.dashboard),
    allFree('functions by schedule, but for the sweep', scheduledUsd(scheduled)),
    allFree('their traces', (Math.min(runs, FREE_TRACES) * PRICES.traces) / 1e6),
    allFree('their logs', ((runs * EMPTY_RUN_LOG_KB) / 1024 / 1024) * PRICES.logs),
    { what: 'reads of the notifier, once a minute', usd: (HOURS * 60 * look.units * PRICES.readUnits) / 1e6 },
    { what: 'sweeps over nothing', usd: sweepsUsd(stage) },
    { what: 'secrets', usd: all('AWS::SecretsManager::Secret').length * PRICES.secret },
    { what: 'keys', usd: all('AWS::KMS::Key').length * PRICES.key },
  ];
  return rows.filter(({ usd }) => usd > 0);
}

function allFree(what: string, usd: number): Row {
  return { what, usd, free: usd };
}

function alarmsRow(alarms: readonly Resource[], composite: number): Row {
  const metrics = alarms.reduce((sum, { Properties }) => sum + watched(Properties), 0);
  const free = Math.min(metrics, FREE_ALARMS) * PRICES.alarm;
  return { what: 'alarms', usd: metrics * PRICES.alarm + composite * PRICES.compositeAlarm, free };
}

/** Metrics that an alarm looks at: it is paid for by each. */
function watched({ Metrics }: Resource['Properties']): number {
  return Metrics === undefined ? 1 : Metrics.filter((each: object) => 'MetricStat' in each).length;
}

function metricsUsd({ metrics, look }: IdleStage, sweeps: number): number {
  const hours = metrics.sweep * Math.min(sweeps, MONTH_HOURS) + metrics.audit * DAYS + look.metrics * MONTH_HOURS;
  return (hours / MONTH_HOURS) * PRICES.metric;
}

function pollsUsd(resources: readonly Resource[]): number {
  const mappings = resources.filter(
    ({ Type, Properties }) => Type === 'AWS::Lambda::EventSourceMapping' && !('StartingPosition' in Properties),
  );
  return (mappings.length * POLLERS * ((HOURS * 3600) / POLL_S) * PRICES.queueCalls) / 1e6;
}

function streamUsd({ StreamModeDetails, ShardCount = 0, RetentionPeriodHours = 24 }: Resource['Properties']): number {
  if (StreamModeDetails.StreamMode === 'ON_DEMAND') return HOURS * PRICES.streamHour;
  const longer = RetentionPeriodHours > 24 ? PRICES.shardHourKept : 0;
  return ShardCount * HOURS * (PRICES.shardHour + longer);
}

interface Scheduled {
  runs: number;
  called: Resource | undefined;
}

function scheduledRuns(resources: readonly Resource[]): Scheduled[] {
  const functions = resources.filter(({ Type }) => Type === 'AWS::Lambda::Function');
  const schedules = resources.filter(({ Type }) => Type === 'AWS::Scheduler::Schedule');
  return schedules.map(({ Properties }) => {
    const target = JSON.stringify(Properties.Target.Arn);
    const called = functions.find(({ id }) => target.includes(`"${id}"`));
    return { called, runs: runsOf(String(Properties.ScheduleExpression)) };
  });
}

function scheduledUsd(scheduled: readonly Scheduled[]): number {
  return scheduled.reduce(
    (sum, { runs, called }) => sum + runs * (PRICES.scheduled / 1e6 + (called ? runUsd(called) : 0)),
    0,
  );
}

function sweepsUsd({ resources, sweepEveryHours, segments }: IdleStage): number {
  const of = (id: string) => resources.find((each) => each.Type === 'AWS::Lambda::Function' && each.id.startsWith(id))!;
  const listed = Math.ceil((segments * KEPT_DAYS) / LISTED);
  const files = (segments + 1 + listed) * PRICES.objectWrites + segments * KEPT_DAYS * PRICES.objectReads;
  const runs = 2 * runUsd(of('SweepFunction')) + segments * runUsd(of('SweepLoadFunction'));
  const sweeps = (DAYS * 24) / sweepEveryHours;
  const transitions = (2 * segments + 3) * PRICES.transition;
  return sweeps * (runs + transitions + files / 1e6) + (DAYS * segments * PRICES.objectWrites) / 1e6;
}

function runUsd({ Properties: { MemorySize } }: Resource): number {
  return (MemorySize / 1024) * EMPTY_RUN_S * PRICES.lambdaGbSecond + PRICES.lambdaRequests / 1e6;
}

/** Of the two forms that the stack uses: every so many minutes, or once a day or week. */
function runsOf(expression: string): number {
  const minutes = /^rate\((\d+) minutes?\)$/.exec(expression)?.[1];
  if (minutes !== undefined) return (DAYS * 24 * 60) / Number(minutes);
  return / (MON|TUE|WED|THU|FRI|SAT|SUN) /.test(expression) ? DAYS / 7 : DAYS;
}

function usd(price: number): string {
  return `$${price.toFixed(2)}`;
}

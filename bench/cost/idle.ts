/** What a stack costs in 30 days in which nothing is sent to it: from its own template and the price table. */
import { PRICES } from './prices.ts';

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
  /** Names of metrics that the functions which run by schedule may publish. */
  metrics: number;
  /** Read units of one look of the function that delivers. */
  lookUnits: number;
}

interface Row {
  what: string;
  usd: number;
}

const HOURS = 720;
const DAYS = 30;
/** Of a function that finds nothing to do: an assumption, in the page's words. */
const EMPTY_RUN_S = 0.5;

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

- The reads are counted: \`bench/cost/notifier-reads.ts\` lets the function look once, at tables in which nothing is.
- A run over nothing is taken to last ${EMPTY_RUN_S} s; the sweep runs once to plan, once for each segment and once to detect.
- Metrics are counted as if every function that runs by schedule published every one of its own.
- The first ten alarms, ten metrics and three dashboards of an account are free, and so are the first 400,000 GB-s of Lambda.
- The largest part is the stream. A small platform pays less with \`stream: 1\`. \`customerKey\` adds ${usd(PRICES.key)} a month.
`;
}

/** Each row rounded as it is printed, so that the column adds up. */
export function idleTotal(rows: readonly Row[]): number {
  return rows.reduce((sum, { usd }) => sum + Math.round(usd * 100), 0) / 100;
}

export function rowsOf(stage: IdleStage): Row[] {
  const { resources, metrics } = stage;
  const all = (type: string) => resources.filter(({ Type }) => Type === type);
  return [
    {
      what: 'stream',
      usd: all('AWS::Kinesis::Stream').reduce((sum, { Properties }) => sum + streamUsd(Properties), 0),
    },
    {
      what: 'alarms',
      usd:
        all('AWS::CloudWatch::Alarm').length * PRICES.alarm +
        all('AWS::CloudWatch::CompositeAlarm').length * PRICES.compositeAlarm,
    },
    { what: 'metrics of the functions, at most', usd: metrics * PRICES.metric },
    { what: 'dashboard', usd: all('AWS::CloudWatch::Dashboard').length * PRICES.dashboard },
    { what: 'functions by schedule, but for the sweep', usd: scheduledUsd(resources) },
    { what: 'reads of the notifier, once a minute', usd: (HOURS * 60 * stage.lookUnits * PRICES.readUnits) / 1e6 },
    { what: 'sweeps over nothing', usd: sweepsUsd(stage) },
    { what: 'secrets', usd: all('AWS::SecretsManager::Secret').length * PRICES.secret },
    { what: 'keys', usd: all('AWS::KMS::Key').length * PRICES.key },
  ].filter(({ usd }) => usd > 0);
}

function streamUsd({ StreamModeDetails, ShardCount = 0, RetentionPeriodHours = 24 }: Resource['Properties']): number {
  if (StreamModeDetails.StreamMode === 'ON_DEMAND') return HOURS * PRICES.streamHour;
  const longer = RetentionPeriodHours > 24 ? PRICES.shardHourKept : 0;
  return ShardCount * HOURS * (PRICES.shardHour + longer);
}

function scheduledUsd(resources: readonly Resource[]): number {
  const functions = resources.filter(({ Type }) => Type === 'AWS::Lambda::Function');
  const schedules = resources.filter(({ Type }) => Type === 'AWS::Scheduler::Schedule');
  return schedules.reduce((sum, { Properties }) => {
    const target = JSON.stringify(Properties.Target.Arn);
    const called = functions.find(({ id }) => target.includes(`"${id}"`));
    const runs = runsOf(String(Properties.ScheduleExpression));
    return sum + runs * (PRICES.scheduled / 1e6 + (called ? runUsd(called) : 0));
  }, 0);
}

function sweepsUsd({ resources, sweepEveryHours, segments }: IdleStage): number {
  const sweep = resources.find(({ id, Type }) => Type === 'AWS::Lambda::Function' && id.startsWith('SweepFunction'))!;
  const runs = segments + 2;
  const writes = ((segments + 1) * PRICES.objectWrites) / 1e6;
  return ((DAYS * 24) / sweepEveryHours) * (runs * runUsd(sweep) + (runs + 1) * PRICES.transition + writes);
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

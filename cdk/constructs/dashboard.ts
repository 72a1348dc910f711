/** One screen. Its first row answers "is it working"; the rest says where it is not. */
import { Duration, type Stack } from 'aws-cdk-lib';
import {
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  SingleValueWidget,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { MetricName } from '../../lambdas/telemetry.ts';
import type { Severity } from './alarms.ts';
import { customMetric } from './custom-metric.ts';
import type { Records } from './records.ts';
import type { Shared } from './shared.ts';

export interface DashboardProps {
  shared: Shared;
  records: Records;
  machine: StateMachine;
  queues: readonly Queue[];
  functions: readonly LambdaFunction[];
}

const WIDE = 24;
const HALF = 12;

export function dashboard(stack: Stack, { shared, records, machine, queues, functions }: DashboardProps): Dashboard {
  const { config, alarms } = shared;
  const five = Duration.minutes(5);
  const sum = (service: string, name: MetricName, period: Duration) =>
    customMetric(config.stage, service, name, period);
  const graph = (title: string, left: IMetric[]) => new GraphWidget({ title, left, width: HALF, height: 6 });
  const of = (...severities: Severity[]) =>
    alarms.all.filter(({ severity }) => severities.includes(severity)).map(({ alarm }) => alarm);
  const day = Duration.days(1);
  const made = new Dashboard(stack, 'Dashboard', { defaultInterval: Duration.days(1) });
  made.addWidgets(
    new AlarmStatusWidget({
      title: 'Is it working? No, if one of these is red',
      alarms: of('SEV1'),
      width: HALF,
      height: 7,
    }),
    new SingleValueWidget({
      title: 'The last day',
      metrics: [
        records.arriving(day).with({ label: 'records in' }),
        sum('ingest', 'UsageFolded', day).with({ label: 'exchanges counted' }),
        sum('sweep', 'SweepsCompleted', day).with({ label: 'sweeps finished' }),
        sum('sweep', 'AccountsEvaluated', day).with({ statistic: 'Maximum', label: 'accounts looked at' }),
        sum('notify', 'MessagesSent', day).with({ label: 'messages sent' }),
        sum('notify', 'MessagesUndelivered', day).with({ statistic: 'Maximum', label: 'messages undelivered' }),
      ],
      width: HALF,
      height: 7,
    }),
  );
  made.addWidgets(
    new TextWidget({
      markdown: `Stillwatch, stage **${config.stage}**. Each alarm's description names its section of the runbook: ${config.settings.messages.runbook}`,
      width: WIDE,
      height: 1,
    }),
  );
  made.addWidgets(
    new AlarmStatusWidget({ title: 'To be looked at today', alarms: of('SEV2'), width: WIDE, height: 8 }),
    new AlarmStatusWidget({ title: 'To be looked at this week', alarms: of('SEV3'), width: WIDE, height: 4 }),
  );
  made.addWidgets(
    graph('Records in', [records.arriving(five)]),
    graph(`Behind, ${config.intake === 'queue' ? 's' : 'ms'}`, [records.waiting(five)]),
  );
  made.addWidgets(
    graph('Set aside and failed', [sum('ingest', 'RecordsQuarantined', five), sum('ingest', 'RecordsFailed', five)]),
    graph('Sweep, ms', [machine.metricTime({ period: five, statistic: 'Maximum' })]),
  );
  made.addWidgets(
    graph(
      'Errors of functions',
      functions.map((each) => each.metricErrors({ period: five, label: each.node.path })),
    ),
    graph(
      'Waiting in queues',
      queues.map((queue) => queue.metricApproximateNumberOfMessagesVisible({ period: five, label: queue.node.path })),
    ),
  );
  return made;
}

/** All functions and queues of a stack, whoever made them. */
export function partsOf(stack: Stack): Pick<DashboardProps, 'functions' | 'queues'> {
  const all = stack.node.findAll();
  return {
    functions: all.filter((each) => each instanceof LambdaFunction),
    queues: all.filter((each) => each instanceof Queue),
  };
}

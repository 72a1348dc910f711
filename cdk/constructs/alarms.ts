/** Every alarm of the stack: one topic, apart from the findings', and a runbook section named in each. */
import { CfnOutput, Duration } from 'aws-cdk-lib';
import {
  Alarm,
  AlarmRule,
  AlarmState,
  type CfnAlarm,
  ComparisonOperator,
  CompositeAlarm,
  type IAlarm,
  type IMetric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

/**
 * SEV1: nothing is detected or told, or records are being lost: wake somebody. SEV2: it will come to that, or figures
 * may be wrong: today. SEV3: this week.
 */
export type Severity = 'SEV1' | 'SEV2' | 'SEV3';

export interface AlarmSpec {
  metric: IMetric;
  severity: Severity;
  /** What it means for the people who rely on Stillwatch. */
  means: string;
  /** Section of the runbook: meaning, where to look, what to do. */
  section: string;
  threshold: number;
  /** Default: at or above. */
  below?: boolean;
  periods?: number;
  /** The alarm is about something that did not happen: no data is then the alarm itself. */
  absence?: boolean;
  /** While that alarm is on, both have its cause, and nobody is told of this one. */
  unless?: Alarm;
}

/** What announces early what another alarm tells in the end. */
export interface EarlySpec extends AlarmSpec {
  /** Section of that other alarm, which is always there. */
  endsIn: string;
}

/** Two alarms of one cause may begin so far apart. */
const APART = Duration.minutes(10);

export class Alarms {
  /** All there are, in the order in which they were added. */
  readonly all: { alarm: IAlarm; severity: Severity }[] = [];
  private readonly topic: ITopic;
  private readonly runbook: string;
  private readonly few: boolean;

  /** `few`: none that are early. */
  constructor(topic: ITopic, runbook: string, few: boolean) {
    this.topic = topic;
    this.runbook = runbook;
    this.few = few;
  }

  early(scope: Construct, id: string, spec: EarlySpec): void {
    if (!this.few) this.add(scope, id, spec);
  }

  add(scope: Construct, id: string, spec: AlarmSpec): Alarm {
    const alarm = new Alarm(scope, id, {
      metric: spec.metric,
      threshold: spec.threshold,
      evaluationPeriods: spec.periods ?? 1,
      comparisonOperator: spec.below
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: spec.absence ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
      alarmDescription: `${spec.severity}: ${spec.means} Runbook: ${this.runbook}#${spec.section}`,
    });
    const telling = spec.unless ? this.alone(scope, id, alarm, spec.unless) : alarm;
    telling.addAlarmAction(new SnsAction(this.topic));
    telling.addOkAction(new SnsAction(this.topic));
    this.all.push({ alarm: telling, severity: spec.severity });
    return alarm;
  }

  /** Says what the alarm says where the other does not say it already. */
  private alone(scope: Construct, id: string, alarm: Alarm, other: Alarm): CompositeAlarm {
    const { alarmDescription } = alarm.node.defaultChild as CfnAlarm;
    return new CompositeAlarm(scope, `${id}Alone`, {
      alarmRule: AlarmRule.allOf(on(alarm), AlarmRule.not(on(other))),
      actionsSuppressor: other,
      actionsSuppressorWaitPeriod: APART,
      actionsSuppressorExtensionPeriod: APART,
      ...(alarmDescription ? { alarmDescription } : {}),
    });
  }
}

function on(alarm: Alarm) {
  return AlarmRule.fromAlarm(alarm, AlarmState.ALARM);
}

export function output(scope: Construct, id: string, value: string, description: string): void {
  new CfnOutput(scope, id, { value, description });
}

/** What is watched alike wherever it stands in the stack: each schedule, and each rule's last resort. */
import { Duration, Fn, type Stack } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { CfnSchedule, type CfnScheduleGroup, ScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import type { Alarms } from './alarms.ts';

const PERIOD = Duration.minutes(5);

/** Called last, when everything is there. */
export function watchEvery(stack: Stack, alarms: Alarms): void {
  const all = stack.node.findAll();
  for (const rule of all) if (rule instanceof CfnRule) watchRule(rule, alarms);
  watchSchedules(
    stack,
    alarms,
    all.filter((each) => each instanceof CfnSchedule),
  );
}

function watchRule(rule: CfnRule, alarms: Alarms): void {
  alarms.add(rule, 'Lost', {
    severity: 'SEV1',
    metric: new Metric({
      namespace: 'AWS/Events',
      metricName: 'InvocationsFailedToBeSentToDlq',
      dimensionsMap: ruleDimensions(rule),
      statistic: 'Sum',
      period: PERIOD,
    }),
    threshold: 1,
    means: 'An event reached neither its target nor the queue for what failed: it is lost.',
    section: 'lost-failures',
  });
}

/** Rules of the default bus count under their own name alone, those of another bus under both; `Ref` would give both in one. */
function ruleDimensions(rule: CfnRule): Record<string, string> {
  const part = (index: number) => Fn.select(index, Fn.split('/', rule.attrArn));
  return rule.eventBusName ? { EventBusName: part(1), RuleName: part(2) } : { RuleName: part(1) };
}

/** One group, because Scheduler counts by group and the default one is shared with the rest of the account. */
function watchSchedules(stack: Stack, alarms: Alarms, schedules: CfnSchedule[]): void {
  const group = new ScheduleGroup(stack, 'Schedules');
  for (const schedule of schedules) {
    schedule.groupName = group.scheduleGroupName;
    schedule.addResourceDependency(group.node.defaultChild as CfnScheduleGroup);
  }
  const counted = { period: PERIOD, statistic: 'Sum' };
  alarms.early(group, 'TargetErrors', {
    severity: 'SEV2',
    metric: group.metricTargetErrors(counted),
    threshold: 1,
    periods: 3,
    means: 'A schedule cannot start what it should: a role or a target is gone.',
    section: 'schedule-failed',
    endsIn: 'dead-letters',
  });
  alarms.early(group, 'Dropped', {
    severity: 'SEV2',
    metric: group.metricDropped(counted),
    threshold: 1,
    means: 'A schedule gave up on starting what it should.',
    section: 'schedule-failed',
    endsIn: 'dead-letters',
  });
  alarms.add(group, 'Lost', {
    severity: 'SEV1',
    metric: group.metricFailedToBeSentToDLQ(undefined, counted),
    threshold: 1,
    means: 'A schedule gave up, and could not keep what it gave up on.',
    section: 'lost-failures',
  });
}

/** Bounces and complaints of what is sent by mail: SES pauses an account that ignores them. */
import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { ConfigurationSet } from 'aws-cdk-lib/aws-ses';
import type { Construct } from 'constructs';
import type { Alarms } from './alarms.ts';

export function watchMail(scope: Construct, alarms: Alarms, mail: ConfigurationSet): void {
  const rate = (metricName: string) =>
    new Metric({
      namespace: 'AWS/SES',
      metricName,
      dimensionsMap: { 'ses:configuration-set': mail.configurationSetName },
      statistic: 'Maximum',
      period: Duration.hours(1),
    });
  alarms.add(scope, 'Bounces', {
    severity: 'SEV3',
    metric: rate('Reputation.BounceRate'),
    threshold: 0.05,
    means: 'More than 5 % of the mails bounce; SES pauses sending at 10 %.',
    section: 'mail-reputation',
  });
  alarms.add(scope, 'Complaints', {
    severity: 'SEV3',
    metric: rate('Reputation.ComplaintRate'),
    threshold: 0.001,
    means: 'Recipients mark the mails as unwanted; SES pauses sending at 0.5 %.',
    section: 'mail-reputation',
  });
}

import type { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { MetricName } from '../../lambdas/telemetry.ts';
import { metricNamespace } from './observed-function.ts';

/** The sum of a metric that the functions publish; `service` is the function's folder. */
export function customMetric(stage: string, service: string, metricName: MetricName, period: Duration): Metric {
  return new Metric({
    namespace: metricNamespace(stage),
    metricName,
    dimensionsMap: { service },
    statistic: 'Sum',
    period,
  });
}

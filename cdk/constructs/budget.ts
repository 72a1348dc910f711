/** What the stage may cost a month. Its message names no runbook section, for AWS Budgets writes it: `over-budget`. */
import { Stack } from 'aws-cdk-lib';
import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

/** `usd` a month, of all that CloudFormation made for the stack. A topic of somebody else's must let AWS Budgets publish. */
export function budget(scope: Construct, id: string, topic: ITopic, usd: number): void {
  const { account, partition, stackName } = Stack.of(scope);
  const publishing = new PolicyStatement({
    principals: [new ServicePrincipal('budgets.amazonaws.com')],
    actions: ['sns:Publish'],
    resources: [topic.topicArn],
    conditions: {
      StringEquals: { 'aws:SourceAccount': account },
      ArnLike: { 'aws:SourceArn': `arn:${partition}:budgets::${account}:*` },
    },
  });
  const { policyDependable } = topic.addToResourcePolicy(publishing);
  const made = new CfnBudget(scope, id, {
    budget: {
      budgetType: 'COST',
      timeUnit: 'MONTHLY',
      budgetLimit: { amount: usd, unit: 'USD' },
      costFilters: { TagKeyValue: [`aws:cloudformation:stack-name$${stackName}`] },
    },
    notificationsWithSubscribers: ['ACTUAL', 'FORECASTED'].map((notificationType) => ({
      notification: {
        notificationType,
        comparisonOperator: 'GREATER_THAN',
        threshold: 100,
        thresholdType: 'PERCENTAGE',
      },
      subscribers: [{ subscriptionType: 'SNS', address: topic.topicArn }],
    })),
  });
  // AWS Budgets refuses a topic to which it may not publish yet.
  if (policyDependable) made.node.addDependency(policyDependable);
}

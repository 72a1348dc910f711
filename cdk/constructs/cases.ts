/** What people decide: a table that no function writes. People reach it under their own names, by one policy. */
import { Stack } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acknowledgeBelow } from '../rules.ts';
import { output } from './alarms.ts';
import { type Shared, table, watchTable } from './shared.ts';

/** As `lambdas/adapters/dynamo-cases.ts` writes it. */
const LOG_PARTITION = 'log';

export class Cases extends Construct {
  readonly table: TableV2;
  private readonly shared: Shared;

  constructor(scope: Construct, id: string, shared: Shared) {
    super(scope, id);
    this.shared = shared;
    this.table = table(this, 'Table', shared);
    // People write: no function's alarm would tell.
    watchTable(this, shared, { name: 'Cases', table: this.table, endsIn: { Read: 'dead-letters' } });
  }

  /** The policy to attach to the roles of those who decide: it reads what was found and adds to the log. */
  letPeople({ findings, outbox, sweeps }: { findings: TableV2; outbox: TableV2; sweeps: IBucket }): void {
    const { key } = this.shared;
    const allow = (actions: string[], resources: string[]) => new PolicyStatement({ actions, resources });
    const tables = [findings, outbox, this.table].map(({ tableArn }) => tableArn);
    const policy = new ManagedPolicy(this, 'People', {
      description: 'Stillwatch: reads findings and messages, and decides on cases.',
      statements: [
        allow(['dynamodb:Query', 'dynamodb:GetItem'], tables),
        // An entry is added and never changed: no update, no deletion.
        new PolicyStatement({
          actions: ['dynamodb:PutItem'],
          resources: [this.table.tableArn],
          conditions: onlyIn(LOG_PARTITION),
        }),
        allow(['s3:GetObject'], [sweeps.arnForObjects('sweeps/*/known.bin')]),
        allow(['cloudformation:DescribeStacks'], [Stack.of(this).stackId]),
        ...(key ? [allow(['kms:Decrypt', 'kms:GenerateDataKey'], [key.keyArn])] : []),
      ],
    });
    acknowledgeBelow(policy, 'The list of what is known, one object per sweep.', sweeps, '/sweeps/*/known.bin');
    output(this, 'PolicyArn', policy.managedPolicyArn, 'Attach it to the roles of people who decide on cases.');
  }
}

/** A condition of writing: one partition of a table, so that no right to one log is a right to another. */
export function onlyIn(partition: string): Record<string, unknown> {
  return {
    'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [partition] },
    Null: { 'dynamodb:LeadingKeys': 'false' },
  };
}

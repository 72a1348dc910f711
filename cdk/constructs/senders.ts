/** Other accounts of an organisation may send records: to the bus as they are, to where records wait by a role. */
import { CfnEventBusPolicy, type IEventBus } from 'aws-cdk-lib/aws-events';
import { AnyPrincipal, PolicyStatement, PrincipalWithConditions, Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { DETAIL_TYPES, type Records } from './records.ts';

/**
 * Returns the role for stream or queue. Records only: an event of another type from there could be a finding that nobody found.
 */
export function openTo(scope: Construct, organisation: string, bus: IEventBus, to: Records['putting']): Role {
  const ofTheOrganisation = { StringEquals: { 'aws:PrincipalOrgID': organisation } };
  new CfnEventBusPolicy(scope, 'Senders', {
    eventBusName: bus.eventBusName,
    statementId: 'RecordsOfTheOrganisation',
    statement: {
      Effect: 'Allow',
      Principal: '*',
      Action: 'events:PutEvents',
      Resource: bus.eventBusArn,
      Condition: {
        StringEquals: {
          ...ofTheOrganisation.StringEquals,
          'events:detail-type': Object.values(DETAIL_TYPES),
        },
      },
    },
  });
  const role = new Role(scope, 'SenderRole', {
    description: 'Puts records of other accounts of the organisation where they wait for ingest.',
    assumedBy: new PrincipalWithConditions(new AnyPrincipal(), ofTheOrganisation),
  });
  role.addToPolicy(new PolicyStatement({ actions: to.actions, resources: [to.resource] }));
  if (to.key) role.addToPolicy(new PolicyStatement({ actions: keyActions(to), resources: [to.key.keyArn] }));
  return role;
}

/** Of the key, for one who puts. A queue decrypts what it has just made a key for, a stream does not. */
export function keyActions({ actions }: Records['putting']): string[] {
  const queue = actions.some((action) => action.startsWith('sqs:'));
  return ['kms:GenerateDataKey', ...(queue ? ['kms:Decrypt'] : [])];
}

/** Other accounts of an organisation may send records: to the bus as they are, to the stream by a role. */
import { CfnEventBusPolicy, type IEventBus } from 'aws-cdk-lib/aws-events';
import { AnyPrincipal, PolicyStatement, PrincipalWithConditions, Role } from 'aws-cdk-lib/aws-iam';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import type { Construct } from 'constructs';
import { ROUTES } from './intake.ts';

/**
 * Returns the role for the stream. Records only: an event of another type from there could be a finding that nobody found.
 */
export function openTo(scope: Construct, organisation: string, bus: IEventBus, stream: IStream): Role {
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
          'events:detail-type': ROUTES.flatMap(({ detailTypes }) => detailTypes),
        },
      },
    },
  });
  const role = new Role(scope, 'SenderRole', {
    description: 'Puts records of other accounts of the organisation onto the stream.',
    assumedBy: new PrincipalWithConditions(new AnyPrincipal(), ofTheOrganisation),
  });
  role.addToPolicy(
    new PolicyStatement({ actions: ['kinesis:PutRecord', 'kinesis:PutRecords'], resources: [stream.streamArn] }),
  );
  if (stream.encryptionKey) {
    role.addToPolicy(
      new PolicyStatement({ actions: ['kms:GenerateDataKey'], resources: [stream.encryptionKey.keyArn] }),
    );
  }
  return role;
}

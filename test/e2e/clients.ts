/** AWS clients for whoever acts in the run. The access key names the principal, as it does at AWS. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { REGION } from './template/template.ts';

export type Clients = ReturnType<typeof clientsOf>;

/** Of who sets up and looks on: not judged, as it is no part of the stack. */
export const OPERATOR = 'OPERATOR';

/** `principal`: the logical id of a role, or the operator. */
export function clientsOf(endpoint: string, principal: string) {
  const config = { endpoint, region: REGION, credentials: { accessKeyId: principal, secretAccessKey: 'none' } };
  return {
    dynamodb: new DynamoDBClient(config),
    events: new EventBridgeClient(config),
    kinesis: new KinesisClient(config),
    s3: new S3Client({ ...config, forcePathStyle: true }),
    secrets: new SecretsManagerClient(config),
    ses: new SESv2Client(config),
    sns: new SNSClient(config),
    sqs: new SQSClient(config),
  };
}

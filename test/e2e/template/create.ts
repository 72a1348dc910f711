/**
 * Makes what the template says in an emulator, by the API of each service: CloudFormation in emulators reports success
 * for types that it does not make. A type that is neither made nor left out with a reason stops the run.
 */
import { CreateTableCommand, UpdateTimeToLiveCommand } from '@aws-sdk/client-dynamodb';
import { CreateEventBusCommand } from '@aws-sdk/client-eventbridge';
import { CreateStreamCommand, type CreateStreamInput } from '@aws-sdk/client-kinesis';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { CreateSecretCommand, GetRandomPasswordCommand } from '@aws-sdk/client-secrets-manager';
import { CreateConfigurationSetCommand } from '@aws-sdk/client-sesv2';
import { CreateTopicCommand, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand } from '@aws-sdk/client-sqs';
import type { Clients } from '../clients.ts';
import { LEFT_OUT } from './left-out.ts';
import { ACCOUNT, type Made, REGION, type Resource, type Template } from './template.ts';

/** `name`: a physical name as CloudFormation would make one; `properties`: resolved. */
type Create = (name: string, properties: Resource['Properties'], clients: Clients) => Promise<Made>;

const arn = (service: string, rest: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${rest}`;
const ofArn = (ref: string, Arn: string, attributes: Record<string, string> = {}): Made => ({
  ref,
  attributes: { Arn, ...attributes },
});

const CREATE: Record<string, Create> = {
  'AWS::DynamoDB::GlobalTable': async (TableName, { AttributeDefinitions, KeySchema, ...rest }, { dynamodb }) => {
    const { BillingMode, TimeToLiveSpecification } = rest;
    await dynamodb.send(new CreateTableCommand({ TableName, AttributeDefinitions, KeySchema, BillingMode }));
    if (TimeToLiveSpecification)
      await dynamodb.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
    return ofArn(TableName, arn('dynamodb', `table/${TableName}`));
  },
  'AWS::Kinesis::Stream': async (StreamName, { ShardCount, StreamModeDetails }, { kinesis }) => {
    const input: CreateStreamInput = { StreamName, ...(ShardCount ? { ShardCount } : {}), StreamModeDetails };
    await kinesis.send(new CreateStreamCommand(input));
    return ofArn(StreamName, arn('kinesis', `stream/${StreamName}`));
  },
  'AWS::S3::Bucket': async (name, { ObjectLockEnabled }, { s3 }) => {
    const Bucket = name.toLowerCase();
    const CreateBucketConfiguration = { LocationConstraint: REGION } as const;
    const lock = ObjectLockEnabled ? { ObjectLockEnabledForBucket: true } : {};
    await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration, ...lock }));
    return ofArn(Bucket, `arn:aws:s3:::${Bucket}`);
  },
  'AWS::SNS::Topic': async (Name, _, { sns }) => {
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name }));
    return ofArn(TopicArn!, TopicArn!, { TopicArn: TopicArn!, TopicName: Name });
  },
  'AWS::SNS::Subscription': async (_, { TopicArn, Protocol, Endpoint }, { sns }) => {
    const { SubscriptionArn } = await sns.send(new SubscribeCommand({ TopicArn, Protocol, Endpoint }));
    return ofArn(SubscriptionArn!, SubscriptionArn!);
  },
  'AWS::SQS::Queue': async (QueueName, { VisibilityTimeout, MessageRetentionPeriod, RedrivePolicy }, { sqs }) => {
    const text = (value: unknown) => (typeof value === 'object' ? JSON.stringify(value) : String(value));
    const given = Object.entries({ VisibilityTimeout, MessageRetentionPeriod, RedrivePolicy });
    const Attributes = Object.fromEntries(given.flatMap(([key, value]) => (value ? [[key, text(value)]] : [])));
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
    return ofArn(QueueUrl!, arn('sqs', QueueName), { QueueName });
  },
  // Its name is of the template, but several stacks live on one emulator.
  'AWS::Events::EventBus': async (Name, _, { events }) => {
    await events.send(new CreateEventBusCommand({ Name }));
    return ofArn(Name, arn('events', `event-bus/${Name}`));
  },
  'AWS::SES::ConfigurationSet': async (ConfigurationSetName, _, { ses }) => {
    await ses.send(new CreateConfigurationSetCommand({ ConfigurationSetName }));
    return { ref: ConfigurationSetName, attributes: {} };
  },
  'AWS::SecretsManager::Secret': async (Name, { GenerateSecretString }, { secrets }) => {
    const { PasswordLength, ExcludePunctuation } = GenerateSecretString;
    const wanted = { PasswordLength, ExcludePunctuation };
    const { RandomPassword } = await secrets.send(new GetRandomPasswordCommand(wanted));
    const { ARN } = await secrets.send(new CreateSecretCommand({ Name, SecretString: RandomPassword! }));
    return ofArn(ARN!, ARN!);
  },
};

/** What the tier itself stands for is given a name too, so that it can be referred to. */
const NAMED: Record<string, (name: string, logicalId: string) => Made> = {
  'AWS::Lambda::Function': (name) => ofArn(name, arn('lambda', `function:${name}`)),
  'AWS::IAM::Role': (name) => ofArn(name, `arn:aws:iam::${ACCOUNT}:role/${name}`),
  'AWS::Logs::LogGroup': (name) => ofArn(name, arn('logs', `log-group:${name}:*`)),
  'AWS::StepFunctions::StateMachine': (name) =>
    ofArn(arn('states', `stateMachine:${name}`), arn('states', `stateMachine:${name}`)),
  'AWS::Lambda::Url': (name) => ({ ref: name, attributes: { FunctionUrl: `https://${name.toLowerCase()}.on.aws/` } }),
};

/** Rules are made by the wires, which stand for the targets that emulators do not deliver to. */
const BY_THE_WIRES = ['AWS::Events::Rule'];

export async function create(template: Template, stack: string, clients: Clients): Promise<void> {
  const unknown = [...template.resources].filter(([, { Type }]) => !isKnown(Type));
  if (unknown.length > 0) {
    const named = unknown.map(([id, { Type }]) => `${id} (${Type})`).join(', ');
    throw new Error(
      `the end-to-end tier neither makes nor leaves out: ${named}. Make it in test/e2e/template/create.ts, or say in left-out.ts what stands for it`,
    );
  }
  for (const id of inOrder(template)) {
    const { Type, Properties } = template.resources.get(id)!;
    const name = `${stack}-${id}`;
    const made = NAMED[Type]?.(name, id) ?? (await CREATE[Type]?.(name, template.resolve(Properties), clients));
    if (made) template.made.set(id, made);
  }
}

function isKnown(type: string): boolean {
  return type in CREATE || type in NAMED || type in LEFT_OUT || BY_THE_WIRES.includes(type);
}

/** Every resource after those that it refers to. */
function inOrder(template: Template): string[] {
  const done = new Set<string>();
  const visit = (id: string) => {
    if (done.has(id)) return;
    done.add(id);
    const { Type, Properties } = template.resources.get(id)!;
    if (Type in CREATE) for (const other of template.references(Properties)) visit(other);
    order.push(id);
  };
  const order: string[] = [];
  for (const id of template.resources.keys()) visit(id);
  return order;
}

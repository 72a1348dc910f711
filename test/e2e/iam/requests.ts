/** Which permissions a request needs, read from the request as it goes over the wire. */
import { ACCOUNT, REGION } from '../template/template.ts';
import type { Call } from './policy.ts';

export interface Request {
  /** As the signature names it. */
  service: string;
  method: string;
  /** With its query. */
  path: string;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

// biome-ignore lint/suspicious/noExplicitAny: the bodies of every service; only the names of resources are read.
type Body = Record<string, any>;

const arn = (service: string, rest: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${rest}`;
const named = (service: string, prefix: string, name: string) =>
  name.startsWith('arn:') ? name : arn(service, `${prefix}${name}`);

/** @throws for a request whose permissions are not known here: a new kind of call is to be added, not waved through */
export function callsOf(request: Request): Call[] {
  const read = READERS[request.service];
  if (!read) throw new Error(`${request.service}: a service that test/e2e/iam/requests.ts does not know`);
  return read(request);
}

const READERS: Record<string, (request: Request) => Call[]> = {
  dynamodb: (request) => {
    const [action, body] = json(request);
    if (action.startsWith('Transact') || action.startsWith('ExecuteS'))
      throw new Error(`dynamodb: ${action} needs the permissions of its parts: add it to test/e2e/iam/requests.ts`);
    const tables: string[] = body.RequestItems ? Object.keys(body.RequestItems) : [body.TableName];
    const index = body.IndexName ? `/index/${body.IndexName}` : '';
    return tables.map((table) => ({
      action: `dynamodb:${action}`,
      resource: named('dynamodb', 'table/', table) + index,
    }));
  },
  kinesis: (request) => {
    const [action, { StreamARN, StreamName }] = json(request);
    return [{ action: `kinesis:${action}`, resource: StreamARN ?? named('kinesis', 'stream/', StreamName) }];
  },
  events: (request) => {
    const [action, body] = json(request);
    if (action !== 'PutEvents') throw new Error(`events: ${action} is not known to test/e2e/iam/requests.ts`);
    const buses = new Set((body.Entries as Body[]).map(({ EventBusName }) => EventBusName ?? 'default'));
    return [...buses].map((bus) => ({ action: 'events:PutEvents', resource: named('events', 'event-bus/', bus) }));
  },
  secretsmanager: (request) => {
    const [action, body] = json(request);
    const id: string = body.SecretId ?? body.Name;
    // A name is judged as the ARN that it has or will have: with six characters of the service's own.
    const resource = named('secretsmanager', 'secret:', id.startsWith('arn:') ? id : `${id}-AbCdEf`);
    return [{ action: `secretsmanager:${action}`, resource }];
  },
  sqs: (request) => {
    const [action, { QueueUrl }] = json(request);
    // A batch needs the permission of its parts.
    return [
      {
        action: `sqs:${action.replace(/Batch$/, '')}`,
        resource: arn('sqs', new URL(QueueUrl).pathname.split('/').at(-1)!),
      },
    ];
  },
  // Cost Explorer knows no resources.
  ce: (request) => [{ action: `ce:${json(request)[0]}`, resource: '*' }],
  sns: ({ body }) => {
    const form = new URLSearchParams(body.toString());
    return [{ action: `sns:${form.get('Action')}`, resource: form.get('TopicArn') ?? '' }];
  },
  // SES version 2 signs as `ses`. The mail needs both the identity and the configuration set.
  ses: ({ method, path, body }) => {
    if (`${method} ${path}` !== 'POST /v2/email/outbound-emails')
      throw new Error(`ses: ${method} ${path} is not known to test/e2e/iam/requests.ts`);
    const { FromEmailAddress, ConfigurationSetName } = JSON.parse(body.toString()) as Body;
    const address = /<([^>]+)>/.exec(FromEmailAddress)?.[1] ?? FromEmailAddress;
    const resources = [
      `identity/${address}`,
      ...(ConfigurationSetName ? [`configuration-set/${ConfigurationSetName}`] : []),
    ];
    return resources.map((resource) => ({ action: 'ses:SendEmail', resource: arn('ses', resource) }));
  },
  s3: ({ method, path }) => {
    const { pathname, searchParams } = new URL(path, 'http://s3');
    const [bucket = '', ...key] = decodeURIComponent(pathname).slice(1).split('/');
    const object = key.join('/');
    if (object === '' && method === 'GET' && searchParams.has('list-type'))
      return [{ action: 's3:ListBucket', resource: `arn:aws:s3:::${bucket}` }];
    const action = { GET: 'GetObject', HEAD: 'GetObject', PUT: 'PutObject', DELETE: 'DeleteObject' }[method];
    if (object === '' || !action) throw new Error(`s3: ${method} ${path} is not known to test/e2e/iam/requests.ts`);
    return [{ action: `s3:${action}`, resource: `arn:aws:s3:::${bucket}/${object}` }];
  },
};

function json({ headers, body }: Request): [string, Body] {
  const action = String(headers['x-amz-target']).split('.')[1];
  if (!action) throw new Error(`a request without an action: ${String(headers['x-amz-target'])}`);
  return [action, JSON.parse(body.toString()) as Body];
}

/** S3 tells "no such object" only to who may list; to others it is a refusal. */
export function neededToSeeAbsence(call: Call): Call {
  const [bucket] = call.resource.split('/');
  return { action: 's3:ListBucket', resource: bucket! };
}

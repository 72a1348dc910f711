/**
 * Tells an authorised person what a value is called, or which of their values a fingerprint is of. The key stays here,
 * who asks is told by IAM and not by the person, and nothing is told before it is written down.
 */
import type { LambdaFunctionURLEvent } from 'aws-lambda';
import type { Bridge } from '../../core/keys/bridge.ts';
import type { KeySource } from '../../core/keys/epoch.ts';
import { checkRequest, ExplainError, type Explained, type ExplainRequest, explain } from '../../core/keys/explain.ts';
import type { ExplainEntry } from '../../core/keys/explain-entry.ts';
import { candidatesOf, checkFind, type FindRequest, valuesBehind } from '../../core/keys/find.ts';
import { bridgeKind } from '../../core/keys/kinds.ts';
import type { Print } from '../../core/keys/rename.ts';
import { isoTime } from '../../core/records/time.ts';
import type { ExplainLog } from '../adapters/explain-log.ts';
import type { Telemetry } from '../telemetry.ts';

export interface ExplainHost {
  keys: KeySource;
  bridge: { lookUp(prints: readonly Print[]): Promise<Bridge> };
  log: ExplainLog;
  told: Telemetry;
  now(): number;
}

export interface Answer {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
}

export async function answer(event: LambdaFunctionURLEvent, host: ExplainHost): Promise<Answer> {
  const who = callerOf(event);
  if (who === undefined) return reply(403, { error: 'the caller is not known: sign the request with AWS credentials' });
  try {
    const request = requestOf(event);
    const { body, entry } = await ('among' in request ? find(request, host) : name(request, host));
    const { kind, reason } = request;
    await host.log.append({ at: isoTime(host.now()), who, kind, reason, ...entry }, event.requestContext.requestId);
    host.told.count('ValuesExplained', 1);
    return reply(200, body);
  } catch (error) {
    if (error instanceof ExplainError) return reply(400, { error: error.message });
    // An error of a client may quote what it was given: its kind is enough to find it.
    host.told.error('a value could not be explained', new Error(error instanceof Error ? error.name : 'unknown'));
    return reply(503, { error: 'the keys, the bridge or the log cannot be reached; nothing was told' });
  }
}

interface Outcome {
  body: object;
  entry: Pick<ExplainEntry, 'fingerprints' | 'tried' | 'found'>;
}

async function name(request: ExplainRequest, host: ExplainHost): Promise<Outcome> {
  const explained = explain(request, await host.keys.live());
  const names = await namesOf(request, explained, host);
  return { body: { explained, names }, entry: { fingerprints: [...explained, ...names] } };
}

/** What the value was called before, where that is another name: the name that everything of it is kept under. */
async function namesOf({ kind }: ExplainRequest, explained: Explained[], host: ExplainHost): Promise<Explained[]> {
  const at = bridgeKind(kind);
  const bridge = await host.bridge.lookUp(explained.map(({ fingerprint }) => ({ kind: at, print: fingerprint })));
  const older = new Set(explained.map(({ fingerprint }) => bridge.nameOf(at, fingerprint)));
  for (const { fingerprint } of explained) older.delete(fingerprint);
  return [...older].map((fingerprint) => ({ epoch: 'before', fingerprint }));
}

async function find(request: FindRequest, host: ExplainHost): Promise<Outcome> {
  const candidates = candidatesOf(request, await host.keys.live());
  const bridge = await host.bridge.lookUp(candidates);
  const values = valuesBehind(request, candidates, bridge.nameOf);
  return {
    body: { values },
    entry: {
      fingerprints: [{ epoch: 'asked', fingerprint: request.fingerprint }],
      tried: request.among.length,
      found: values.length,
    },
  };
}

/** As IAM authenticated it; a role's session is part of it. */
function callerOf(event: LambdaFunctionURLEvent): string | undefined {
  const { authorizer } = event.requestContext as { authorizer?: { iam?: { userArn?: string } } };
  return authorizer?.iam?.userArn;
}

function requestOf({ body, isBase64Encoded }: LambdaFunctionURLEvent): ExplainRequest | FindRequest {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8').toString('utf8'));
  } catch {
    throw new ExplainError('the body is not JSON');
  }
  if (typeof value !== 'object' || value === null) throw new ExplainError('the body is not a JSON object');
  if ('among' in value) checkFind(value);
  else checkRequest(value);
  return value as ExplainRequest | FindRequest;
}

function reply(statusCode: number, body: object): Answer {
  return {
    statusCode,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: JSON.stringify(body),
  };
}

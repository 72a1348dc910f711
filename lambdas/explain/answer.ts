/**
 * Tells an authorised person what a value is called. The key stays here, who asks is told by IAM and not by the person,
 * and nothing is told before it is written down.
 */
import type { LambdaFunctionURLEvent } from 'aws-lambda';
import type { Bridge } from '../../core/keys/bridge.ts';
import type { KeySource } from '../../core/keys/epoch.ts';
import {
  checkRequest,
  ExplainError,
  type Explained,
  type ExplainRequest,
  explain,
  explainEntry,
} from '../../core/keys/explain.ts';
import { bridgeKind } from '../../core/keys/kinds.ts';
import type { Print } from '../../core/keys/rename.ts';
import { isoTime } from '../../core/records/time.ts';
import type { ExplainLog } from '../adapters/explain-log.ts';
import type { Telemetry } from '../telemetry.ts';

export interface ExplainHost {
  keys: KeySource;
  bridge: { about(prints: readonly Print[], now: number): Promise<Bridge> };
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
    const explained = explain(request, await host.keys.live());
    const names = await namesOf(request, explained, host);
    await host.log.append(
      explainEntry(request, [...explained, ...names], who, isoTime(host.now())),
      event.requestContext.requestId,
    );
    host.told.count('ValuesExplained', 1);
    return reply(200, { explained, names });
  } catch (error) {
    if (error instanceof ExplainError) return reply(400, { error: error.message });
    host.told.error('a value could not be explained', error);
    return reply(503, { error: 'the keys, the bridge or the log cannot be reached; nothing was told' });
  }
}

/** What the value was called before, where that is another name: the name that everything of it is kept under. */
async function namesOf({ kind }: ExplainRequest, explained: Explained[], host: ExplainHost): Promise<Explained[]> {
  const at = bridgeKind(kind);
  const bridge = await host.bridge.about(
    explained.map(({ fingerprint }) => ({ kind: at, print: fingerprint })),
    host.now(),
  );
  const older = new Set(explained.map(({ fingerprint }) => bridge.nameOf(at, fingerprint)));
  for (const { fingerprint } of explained) older.delete(fingerprint);
  return [...older].map((fingerprint) => ({ epoch: 'before', fingerprint }));
}

/** As IAM authenticated it; a role's session is part of it. */
function callerOf(event: LambdaFunctionURLEvent): string | undefined {
  const { authorizer } = event.requestContext as { authorizer?: { iam?: { userArn?: string } } };
  return authorizer?.iam?.userArn;
}

function requestOf({ body, isBase64Encoded }: LambdaFunctionURLEvent): ExplainRequest {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8').toString('utf8'));
  } catch {
    throw new ExplainError('the body is not JSON');
  }
  if (typeof value !== 'object' || value === null) throw new ExplainError('the body is not a JSON object');
  checkRequest(value);
  return value;
}

function reply(statusCode: number, body: object): Answer {
  return {
    statusCode,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: JSON.stringify(body),
  };
}

/**
 * One request. The answer is 2xx only when every record is durable and what could not be read is set aside: LiteLLM
 * drops a batch that is not accepted, so bad content is accepted and quarantined. Refused is what cannot be
 * authenticated, is too large, or comes in an encoding that is not read; OTLP also wants to be told of a body that is no
 * JSON.
 */
import type { LambdaFunctionURLEvent } from 'aws-lambda';
import { type BodyPart, splitBody } from '../../../core/sources/split-body.ts';
import type { Telemetry } from '../../telemetry.ts';
import type { Collector } from '../collector.ts';
import type { Piece } from '../piece.ts';
import { bodyText, MAX_SENT_BYTES, sentBytes } from './body.ts';
import { ROUTES, type Route, type RouteName } from './routes.ts';
import { refusal, SIGNATURE_HEADER, TIMESTAMP_HEADER } from './signature.ts';

export interface HttpHost {
  /** One for each source that is accepted. */
  collectors: ReadonlyMap<RouteName, Pick<Collector, 'take'>>;
  /** Undefined where Lambda has authenticated the caller. */
  secrets?: (maxAgeMs?: number) => Promise<readonly string[]>;
  told: Telemetry;
  now(): number;
}

export interface Answer {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
}

export async function respond(event: LambdaFunctionURLEvent, host: HttpHost): Promise<Answer> {
  const path = event.rawPath.replace(/(?<=.)\/+$/, '');
  const route = ROUTES.get(path);
  const collector = route === undefined ? undefined : host.collectors.get(route.name);
  const bytes = sentBytes(event);
  const refuse = (status: number, reason: string) => refused(host.told, route, status, reason);
  if (bytes.length > MAX_SENT_BYTES) return refuse(413, `the body is larger than ${MAX_SENT_BYTES} bytes`);
  try {
    const unsigned = await authentication(event, path, bytes, host);
    if (unsigned !== undefined) return refuse(401, unsigned);
    if (route === undefined || collector === undefined) return refuse(404, 'no source is accepted at this path');
    if (event.requestContext.http.method !== 'POST') return refuse(405, 'only POST');
    const wrongType = route.refuses(event.headers['content-type'] ?? '');
    if (wrongType !== undefined) return refuse(415, wrongType);
    const body = bodyText(bytes, event.headers['content-encoding'] ?? '');
    if ('status' in body) return refuse(body.status, body.reason);
    const parts = splitBody(body.text);
    const reading = await collector.take(piecesOf(parts, event.requestContext.requestId));
    const isJson = parts.length === 0 || parts.some(({ value }) => value !== undefined);
    return isJson || route.name !== 'otel' ? answer(200, route.success(reading)) : refuse(400, 'the body is not JSON');
  } catch (error) {
    host.told.error('not durable; the sender is asked to send again', error, { path: route?.name ?? 'unknown' });
    const said = 'not stored: send it again';
    return {
      ...answer(503, route?.failure(503, said) ?? { error: said }),
      headers: { ...JSON_HEADERS, 'retry-after': '5' },
    };
  }
}

/** A sender may use a new secret before it is known here: it is then read again, at most so often. */
const JUST_ROTATED_MS = 30_000;

async function authentication(
  { headers }: LambdaFunctionURLEvent,
  path: string,
  body: Buffer,
  { secrets, now }: HttpHost,
): Promise<string | undefined> {
  if (secrets === undefined) return undefined;
  const request = { timestamp: headers[TIMESTAMP_HEADER], signature: headers[SIGNATURE_HEADER], path, body };
  const reason = refusal(request, await secrets(), now());
  return reason === undefined ? undefined : refusal(request, await secrets(JUST_ROTATED_MS), now());
}

function piecesOf(parts: readonly BodyPart[], requestId: string): Piece[] {
  return parts.map(({ index, ...part }) => ({ position: `request ${requestId} part ${index}`, ...part }));
}

const JSON_HEADERS = { 'content-type': 'application/json' };

function answer(statusCode: number, body: object): Answer {
  return { statusCode, headers: JSON_HEADERS, body: JSON.stringify(body) };
}

function refused(told: Telemetry, route: Route | undefined, status: number, reason: string): Answer {
  told.count('RequestsRefused', 1);
  told.info('refused', { status, reason });
  return answer(status, route?.failure(status, reason) ?? { error: reason });
}

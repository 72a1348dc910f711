/** Envelopes around records: arrays, EventBridge, CloudEvents and CloudWatch Logs, taken off one after the other. */
import { cloudEventData, isCloudEvent } from './cloudevents.ts';
import { at, isObject, list } from './json.ts';
import { rejected, type SourceContext, type SourceItem } from './source.ts';

/** A bare value, or what became of an envelope that could not be opened. */
export type Unwrapped = { value: unknown } | SourceItem;

/** Envelopes within envelopes; no real pipe has more than three. */
const MAX_DEPTH = 8;

export function unwrap(value: unknown, context: SourceContext, depth = 0): Unwrapped[] {
  if (depth > MAX_DEPTH) return [rejected('', `wrapped in more than ${MAX_DEPTH} envelopes`)];
  const inner = (next: unknown) => unwrap(next, context, depth + 1);
  if (Array.isArray(value)) return value.flatMap(inner);
  if (!isObject(value) || at(value, 'schemaType') === 'ModelInvocationLog') return [{ value }];
  if (at(value, 'awslogs', 'data') !== undefined) return logsData(at(value, 'awslogs', 'data'), context, inner);
  if (value.messageType !== undefined && value.logEvents !== undefined) return logEvents(value, inner);
  if (value['detail-type'] !== undefined && value.detail !== undefined) return inner(value.detail);
  if (!isCloudEvent(value)) return [{ value }];
  return inner(cloudEventData(value, (long) => context.fingerprinter.fingerprint('exchange', long)));
}

function logsData(data: unknown, context: SourceContext, inner: (value: unknown) => Unwrapped[]): Unwrapped[] {
  const text = typeof data === 'string' ? context.inflate?.(data) : undefined;
  const envelope = text === undefined ? undefined : json(text);
  return envelope === undefined
    ? [rejected('awslogs.data', 'not base64 of gzip of a CloudWatch Logs envelope')]
    : inner(envelope);
}

function logEvents(value: unknown, inner: (value: unknown) => Unwrapped[]): Unwrapped[] {
  if (at(value, 'messageType') === 'CONTROL_MESSAGE') return [{ skip: 'CloudWatch Logs control message' }];
  return list(at(value, 'logEvents')).flatMap((event, i) => {
    const message = at(event, 'message');
    const body = typeof message === 'string' ? json(message) : undefined;
    return body === undefined ? [rejected(`logEvents[${i}].message`, 'not a JSON object')] : inner(body);
  });
}

function json(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) || Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

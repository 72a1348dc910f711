/**
 * CloudTrail's events of Bedrock calls: no exchange, since they have no token counts, but the address and the client
 * that Bedrock's own log lacks. Joined on the request id before the record is sent: a second record of the same id would
 * count as the same exchange and change nothing.
 */
import type { Fingerprinter } from '../records/fingerprint.ts';
import { opaqueId } from '../records/opaque-id.ts';
import type { StillwatchRecord, UsageRecord } from '../records/schema.ts';
import { at, compact, text } from './json.ts';

/** What CloudTrail knows of one exchange: fingerprints only. */
export interface Call {
  /** `id` of the exchange's record. */
  id: string;
  ip?: string;
  subnet?: string;
  agent?: string;
}

/** Names of the four calls that the invocation log covers. */
const CALLS: unknown[] = ['Converse', 'ConverseStream', 'InvokeModel', 'InvokeModelWithResponseStream'];

export function isBedrockCall(value: unknown): boolean {
  return at(value, 'eventSource') === 'bedrock.amazonaws.com';
}

/** CloudTrail events of an object of `Records`, or of one event by itself or inside an EventBridge envelope. */
export function trailEvents(value: unknown): unknown[] {
  const records = at(value, 'Records');
  if (Array.isArray(records)) return records;
  return [at(value, 'detail') ?? value];
}

/**
 * The calls in a CloudTrail object from which something can be told. An address that is a service's name or private,
 * and `tlsDetails`, which is no fingerprint of a handshake, say nothing and are left out.
 */
export function callsOf(value: unknown, fingerprinter: Fingerprinter): Call[] {
  return trailEvents(value).flatMap((event) => {
    const id = text(at(event, 'requestID'));
    if (id === undefined || !isBedrockCall(event) || !CALLS.includes(at(event, 'eventName'))) return [];
    const address = fingerprinter.ipFields(text(at(event, 'sourceIPAddress')) ?? '');
    const agent = text(at(event, 'userAgent'));
    const known = compact<Omit<Call, 'id'>>({
      ip: address?.ip,
      subnet: address?.subnet,
      agent: agent === undefined || isService(agent) ? undefined : fingerprinter.agent(agent),
    });
    return known === undefined ? [] : [{ id: opaqueId(id, fingerprinter), ...known }];
  });
}

/** A call that a service made for somebody has the service's name for a client, equal for all who use it. */
function isService(agent: string): boolean {
  return /^[a-z0-9.-]+\.amazonaws\.com$/.test(agent);
}

/** Whether a record lacks what a call could tell. */
export function wantsCall(record: StillwatchRecord): record is UsageRecord {
  return record.type === 'usage' && record.provider === 'aws.bedrock' && !record.network && !record.client;
}

export function withCall(record: UsageRecord, { ip, subnet, agent }: Omit<Call, 'id'>): UsageRecord {
  return {
    ...record,
    ...compact<Partial<UsageRecord>>({
      network: compact<NonNullable<UsageRecord['network']>>({ ip, subnet }),
      client: agent === undefined ? undefined : { agent },
    }),
  };
}

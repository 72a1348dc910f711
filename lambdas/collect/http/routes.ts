/** What each path takes, and how its sender wants to be answered. */
import type { Format } from '../../../core/sources/detect.ts';
import { type OtlpSignal, otlpFailure, otlpSuccess } from '../../../core/sources/otlp-response.ts';
import type { Reading } from '../read.ts';

export const ROUTE_NAMES = ['litellm', 'otel', 'cloudevents'] as const satisfies readonly Format[];
export type RouteName = (typeof ROUTE_NAMES)[number];

export interface Route {
  name: RouteName;
  /** Body of the answer when all is durable. */
  success(reading: Reading): object;
  failure(status: number, message: string): object;
  /** Why a content type cannot be read; undefined where it can. */
  refuses(contentType: string): string | undefined;
}

export const ROUTES: ReadonlyMap<string, Route> = new Map<string, Route>([
  ['/litellm', { name: 'litellm', success: counts, failure: plain, refuses: () => undefined }],
  ['/cloudevents', { name: 'cloudevents', success: counts, failure: plain, refuses: noBinaryMode }],
  ['/v1/traces', otlp('traces')],
  ['/v1/logs', otlp('logs')],
]);

function counts({ records, unread, skipped }: Reading): object {
  return { accepted: records.length, quarantined: unread.length, skipped };
}

function plain(_status: number, error: string): object {
  return { error };
}

function otlp(signal: OtlpSignal): Route {
  return {
    name: 'otel',
    success: ({ unread }) => otlpSuccess(signal, unread),
    failure: otlpFailure,
    refuses: (type) =>
      /protobuf/.test(type) ? 'only OTLP/HTTP in JSON is read: set the exporter to the protocol http/json' : undefined,
  };
}

/** In binary mode the event is in headers and the body is bare data: it would be read as something else. */
function noBinaryMode(type: string): string | undefined {
  return /^application\/(?:cloudevents(?:-batch)?\+)?json\b/.test(type)
    ? undefined
    : 'send structured or batched events: application/cloudevents+json or application/cloudevents-batch+json';
}

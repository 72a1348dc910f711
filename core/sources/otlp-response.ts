/**
 * Answers of an OTLP/HTTP receiver in JSON (OpenTelemetry Protocol Specification 1.x, "OTLP/HTTP Response"): success
 * with or without a part refused, and failures as `google.rpc.Status`.
 */
export type OtlpSignal = 'traces' | 'logs';

const REJECTED = { traces: 'rejectedSpans', logs: 'rejectedLogRecords' } as const;

/** The message is for the sender's log. 64-bit counts are decimal strings in the JSON form of Protocol Buffers. */
export function otlpSuccess(signal: OtlpSignal, rejected: readonly { reason: string }[]): object {
  if (rejected.length === 0) return {};
  const reasons = [...new Set(rejected.map(({ reason }) => reason))].slice(0, MAX_REASONS);
  return { partialSuccess: { [REJECTED[signal]]: String(rejected.length), errorMessage: reasons.join('; ') } };
}

/** Different reasons told; a sender's log needs no more to see what is wrong. */
const MAX_REASONS = 5;

/** Codes of gRPC, by the HTTP status that goes with them. */
const CODES: Record<number, number> = { 400: 3, 401: 16, 404: 12, 413: 3, 415: 3, 429: 8, 503: 14 };

export function otlpFailure(status: number, message: string): object {
  return { code: CODES[status] ?? 2, message };
}

/** What the values of the record format look like. Apart from the schemas, so that who reads fast loads no zod. */

/**
 * Keyed hash of at least 64 bits, hex or base64url. An IP or e-mail address does not match, nor does a bare telephone
 * number: 11 to 15 digits are refused, which costs a true base64url hash once in about 10^9.
 */
export const FINGERPRINT = /^(?!\d{11,15}$)[A-Za-z0-9_-]{11,128}$/;
/** RFC 3339 in UTC; fractions of a second are optional. That the calendar has the day is checked apart. */
export const TIME =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|\+00:00)$/;
/** MinHash sketch: 32 bytes, base64url without padding. */
export const SKETCH = /^[A-Za-z0-9_-]{43}$/;
/** Primary language subtag of BCP 47. */
export const LANGUAGE = /^[A-Za-z]{2,8}$/;
/** Address shape: letters as `a`, digits as `9`, everything else kept; any other letter or digit would be the address. */
export const EMAIL_PATTERN = /^(?:[a9]|[^\p{L}\p{N}]){1,128}$/u;

export const MAX_LATENCY_MS = 1e12;
export const MAX_TEMPERATURE = 100;
export const MAX_ASN = 4_294_967_295;
export const MAX_TOPIC = 63;
/** Marks of each list of custody. */
export const MAX_MARKS = 8;
export const MAX_FLAGS = 32;

export const STATUSES = ['ok', 'error', 'throttled', 'refused', 'blocked'] as const;
export const TASKS = [
  'agentic_reasoning',
  'software_engineering',
  'long_horizon',
  'reasoning_trace',
  'rubric_grading',
  'data_generation',
  'tool_use',
  'vision',
  'translation',
  'writing',
  'analysis',
  'conversation',
  'other',
] as const;
export const FLAGS = [
  'cot_elicitation',
  'reasoning_translation',
  'rubric',
  'format_forced',
  'refusal_probe',
  'logprobs',
] as const;
export const NETWORK_KINDS = ['datacenter', 'residential', 'mobile', 'corporate'] as const;
export const PAYMENT_KINDS = ['credit', 'debit', 'virtual', 'prepaid', 'invoice'] as const;
export const ACCOUNT_STATUSES = ['active', 'banned', 'closed'] as const;

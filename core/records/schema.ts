/**
 * The public record format, version 1, as zod schemas. This is the reference: `parse.ts` is a hand-checked hot path
 * that must agree with it on every input.
 */
import * as z from 'zod';
import {
  ACCOUNT_STATUSES,
  EMAIL_PATTERN,
  FINGERPRINT,
  FLAGS,
  LANGUAGE,
  MAX_ASN,
  MAX_FLAGS,
  MAX_LATENCY_MS,
  MAX_MARKS,
  MAX_TEMPERATURE,
  MAX_TOPIC,
  NETWORK_KINDS,
  PAYMENT_KINDS,
  SKETCH,
  STATUSES,
  TASKS,
  TIME,
} from './format.ts';
import { isTime } from './time.ts';

const text = (max: number) => z.string().min(1).max(max);
const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const fingerprint = z
  .string()
  .regex(FINGERPRINT, 'not a fingerprint (keyed hash of at least 64 bits, hex or base64url)');
const time = z.string().regex(TIME, 'not an RFC 3339 time in UTC').refine(isTime, 'not a calendar date');
const account = text(256);

const tokens = z.object({
  input: count,
  output: count,
  reasoning: count.optional(),
  cacheRead: count.optional(),
  cacheWrite: count.optional(),
});

const params = z.object({
  maxTokens: count.optional(),
  temperature: z.number().min(0).max(MAX_TEMPERATURE).optional(),
  tools: count.optional(),
  stream: z.boolean().optional(),
});

const network = z.object({
  ip: fingerprint.optional(),
  subnet: fingerprint.optional(),
  asn: count.max(MAX_ASN).optional(),
  kind: z.enum(NETWORK_KINDS).optional(),
});

const client = z.object({ tls: fingerprint.optional(), agent: fingerprint.optional() });

const prompt = z.object({
  system: fingerprint.optional(),
  template: fingerprint.optional(),
  sketch: z.string().regex(SKETCH, 'not base64url of 32 bytes').optional(),
  contract: fingerprint.optional(),
  topic: z.number().int().min(0).max(MAX_TOPIC).optional(),
  task: z.enum(TASKS).optional(),
  language: z.string().regex(LANGUAGE, 'not a BCP 47 primary tag').optional(),
  flags: z.array(z.enum(FLAGS)).max(MAX_FLAGS).optional(),
});

const custody = z.object({
  minted: z.array(fingerprint).max(MAX_MARKS).optional(),
  presented: z.array(fingerprint).max(MAX_MARKS).optional(),
});

export const usageSchema = z.object({
  type: z.literal('usage'),
  id: text(128),
  time,
  account,
  model: text(128),
  tokens,
  provider: text(128).optional(),
  operation: text(128).optional(),
  status: z.enum(STATUSES).optional(),
  finish: text(128).optional(),
  latencyMs: z.number().min(0).max(MAX_LATENCY_MS).optional(),
  params: params.optional(),
  network: network.optional(),
  client: client.optional(),
  session: fingerprint.optional(),
  prompt: prompt.optional(),
  custody: custody.optional(),
});

export const accountSchema = z.object({
  type: z.literal('account'),
  time,
  account,
  createdAt: time.optional(),
  org: text(256).optional(),
  plan: text(128).optional(),
  programme: text(128).optional(),
  payment: z
    .object({
      instrument: fingerprint.optional(),
      issuer: fingerprint.optional(),
      kind: z.enum(PAYMENT_KINDS).optional(),
    })
    .optional(),
  email: z
    .object({
      domain: fingerprint.optional(),
      pattern: z.string().regex(EMAIL_PATTERN, 'not an address shape (letters a, digits 9)').optional(),
    })
    .optional(),
  phone: z.object({ prefix: fingerprint.optional() }).optional(),
  referral: fingerprint.optional(),
  verified: z.boolean().optional(),
  status: z.enum(ACCOUNT_STATUSES).optional(),
});

export const releaseSchema = z.object({ type: z.literal('release'), time, model: text(128) });

export const recordSchema = z.discriminatedUnion('type', [usageSchema, accountSchema, releaseSchema]);

export type UsageRecord = z.infer<typeof usageSchema>;
export type AccountRecord = z.infer<typeof accountSchema>;
export type ReleaseRecord = z.infer<typeof releaseSchema>;
export type StillwatchRecord = z.infer<typeof recordSchema>;
export type Task = (typeof TASKS)[number];
export type Flag = (typeof FLAGS)[number];
export type Status = (typeof STATUSES)[number];

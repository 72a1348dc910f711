/**
 * Whether a value is a usage record as it should be: valid, with no field that the contract does not know. Written out
 * field by field, since a property read by its own name costs a fraction of one read by a variable.
 *
 * Each field counts as 1 where it is valid and 0 where it is absent; an object is clean when that comes to its keys.
 */
import {
  FLAGS,
  MAX_ASN,
  MAX_FLAGS,
  MAX_LATENCY_MS,
  MAX_MARKS,
  MAX_TEMPERATURE,
  MAX_TOPIC,
  NETWORK_KINDS,
  STATUSES,
  TASKS,
} from './format.ts';
import type { UsageRecord } from './schema.ts';
import { isFingerprint, isInteger, isLanguage, isNumber, isObject, isSketch, isText, isTimeText } from './values.ts';

/** `false` says only that the table of checks has to look. */
export function isCleanUsage(value: Record<string, unknown>): value is UsageRecord {
  const { type, id, time, account, model, tokens } = value;
  if (type !== 'usage' || !isText(id, 128) || !isText(account, 256) || !isText(model, 128)) return false;
  if (!isTimeText(time) || !isObject(tokens) || !areTokens(tokens)) return false;
  return keys(value) === NEEDED + scalars(value) + parts(value);
}

/** `type`, `id`, `time`, `account`, `model`, `tokens`. */
const NEEDED = 6;
/** Takes any sum of counts below what keys can come to. */
const WRONG = -1000;

type Fields = Record<string, unknown>;

function scalars({ provider, operation, finish, session, status, latencyMs }: Fields): number {
  return (
    text(provider) +
    text(operation) +
    text(finish) +
    print(session) +
    one(status, statuses) +
    (latencyMs === undefined ? 0 : isNumber(latencyMs, MAX_LATENCY_MS) ? 1 : WRONG)
  );
}

function parts({ params, network, client, prompt, custody }: Fields): number {
  return (
    part(params, areParams) +
    part(network, isNetwork) +
    part(client, isClient) +
    part(prompt, isPrompt) +
    part(custody, isCustody)
  );
}

function areTokens(value: Fields): boolean {
  const { input, output, reasoning, cacheRead, cacheWrite } = value;
  if (input === undefined || output === undefined) return false;
  return keys(value) === whole(input) + whole(output) + whole(reasoning) + whole(cacheRead) + whole(cacheWrite);
}

function areParams(value: Fields): boolean {
  const { maxTokens, temperature, tools, stream } = value;
  const warmth = temperature === undefined ? 0 : isNumber(temperature, MAX_TEMPERATURE) ? 1 : WRONG;
  const streams = stream === undefined ? 0 : typeof stream === 'boolean' ? 1 : WRONG;
  return keys(value) === whole(maxTokens) + whole(tools) + warmth + streams;
}

function isNetwork(value: Fields): boolean {
  const { ip, subnet, asn, kind } = value;
  return keys(value) === print(ip) + print(subnet) + whole(asn, MAX_ASN) + one(kind, networkKinds);
}

function isClient(value: Fields): boolean {
  const { tls, agent } = value;
  return keys(value) === print(tls) + print(agent);
}

function isPrompt(value: Fields): boolean {
  const { system, template, sketch, contract, topic, task, language, flags } = value;
  const similar = sketch === undefined ? 0 : isSketch(sketch) ? 1 : WRONG;
  const spoken = language === undefined ? 0 : isLanguage(language) ? 1 : WRONG;
  const prints = print(system) + print(template) + print(contract);
  return keys(value) === prints + similar + spoken + whole(topic, MAX_TOPIC) + one(task, tasks) + areFlags(flags);
}

function isCustody(value: Fields): boolean {
  const { minted, presented } = value;
  return keys(value) === marks(minted) + marks(presented);
}

function marks(value: unknown): number {
  if (value === undefined) return 0;
  if (!Array.isArray(value) || value.length > MAX_MARKS) return WRONG;
  for (let i = 0; i < value.length; i++) if (!isFingerprint(value[i])) return WRONG;
  return 1;
}

function areFlags(value: unknown): number {
  if (value === undefined) return 0;
  if (!Array.isArray(value) || value.length > MAX_FLAGS) return WRONG;
  for (let i = 0; i < value.length; i++) if (!flagNames.has(value[i])) return WRONG;
  return 1;
}

function part(value: unknown, holds: (value: Fields) => boolean): number {
  if (value === undefined) return 0;
  return isObject(value) && holds(value) ? 1 : WRONG;
}

function text(value: unknown): number {
  if (value === undefined) return 0;
  return isText(value, 128) ? 1 : WRONG;
}

function print(value: unknown): number {
  if (value === undefined) return 0;
  return isFingerprint(value) ? 1 : WRONG;
}

function whole(value: unknown, max = Number.MAX_SAFE_INTEGER): number {
  if (value === undefined) return 0;
  return isInteger(value, max) ? 1 : WRONG;
}

function one(value: unknown, of: ReadonlySet<unknown>): number {
  if (value === undefined) return 0;
  return of.has(value) ? 1 : WRONG;
}

function keys(value: Fields): number {
  let count = 0;
  for (const _ in value) count++;
  return count;
}

const statuses: ReadonlySet<unknown> = new Set(STATUSES);
const networkKinds: ReadonlySet<unknown> = new Set(NETWORK_KINDS);
const tasks: ReadonlySet<unknown> = new Set(TASKS);
const flagNames: ReadonlySet<unknown> = new Set(FLAGS);

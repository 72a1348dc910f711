/**
 * Whether a value is a usage record as it should be: valid, with no field that the contract does not know. Written out
 * field by field, since a property read by its own name costs a fraction of one read by a variable.
 */
import { FLAGS, NETWORK_KINDS, STATUSES, TASKS, type UsageRecord } from './schema.ts';
import { isFingerprint, isInteger, isLanguage, isNumber, isObject, isSketch, isText, isTimeText } from './values.ts';

/** `false` says only that the table of checks has to look. */
export function isCleanUsage(value: Record<string, unknown>): value is UsageRecord {
  return (
    value.type === 'usage' && isNamed(value) && areParts(value) && isDescribed(value) && keys(value) === given(value)
  );
}

type Fields = Record<string, unknown>;

function isNamed({ id, time, account, model }: Fields): boolean {
  return isText(id, 128) && isText(account, 256) && isText(model, 128) && isTimeText(time);
}

function isDescribed({ provider, operation, status, finish, latencyMs, session }: Fields): boolean {
  return (
    (provider === undefined || isText(provider, 128)) &&
    (operation === undefined || isText(operation, 128)) &&
    (status === undefined || statuses.has(status)) &&
    (finish === undefined || isText(finish, 128)) &&
    (latencyMs === undefined || isNumber(latencyMs, 1e12)) &&
    (session === undefined || isFingerprint(session))
  );
}

function areParts({ tokens, params, network, client, prompt, custody }: Fields): boolean {
  return (
    isObject(tokens) &&
    areTokens(tokens) &&
    (params === undefined || (isObject(params) && areParams(params))) &&
    (network === undefined || (isObject(network) && isNetwork(network))) &&
    (client === undefined || (isObject(client) && isClient(client))) &&
    (prompt === undefined || (isObject(prompt) && isPrompt(prompt))) &&
    (custody === undefined || (isObject(custody) && isCustody(custody)))
  );
}

function given(value: Fields): number {
  const { provider, operation, status, finish, latencyMs, session, params, network, client, prompt, custody } = value;
  return (
    NEEDED +
    one(provider) +
    one(operation) +
    one(status) +
    one(finish) +
    one(latencyMs) +
    one(session) +
    one(params) +
    one(network) +
    one(client) +
    one(prompt) +
    one(custody)
  );
}

/** `type`, `id`, `time`, `account`, `model`, `tokens`. */
const NEEDED = 6;

function areTokens(value: Fields): boolean {
  const { input, output, reasoning, cacheRead, cacheWrite } = value;
  return (
    isCount(input) &&
    isCount(output) &&
    (reasoning === undefined || isCount(reasoning)) &&
    (cacheRead === undefined || isCount(cacheRead)) &&
    (cacheWrite === undefined || isCount(cacheWrite)) &&
    keys(value) === 2 + one(reasoning) + one(cacheRead) + one(cacheWrite)
  );
}

function areParams(value: Fields): boolean {
  const { maxTokens, temperature, tools, stream } = value;
  return (
    (maxTokens === undefined || isCount(maxTokens)) &&
    (temperature === undefined || isNumber(temperature, 100)) &&
    (tools === undefined || isCount(tools)) &&
    (stream === undefined || typeof stream === 'boolean') &&
    keys(value) === one(maxTokens) + one(temperature) + one(tools) + one(stream)
  );
}

function isNetwork(value: Fields): boolean {
  const { ip, subnet, asn, kind } = value;
  return (
    (ip === undefined || isFingerprint(ip)) &&
    (subnet === undefined || isFingerprint(subnet)) &&
    (asn === undefined || isInteger(asn, 4_294_967_295)) &&
    (kind === undefined || networkKinds.has(kind)) &&
    keys(value) === one(ip) + one(subnet) + one(asn) + one(kind)
  );
}

function isClient(value: Fields): boolean {
  const { tls, agent } = value;
  return (
    (tls === undefined || isFingerprint(tls)) &&
    (agent === undefined || isFingerprint(agent)) &&
    keys(value) === one(tls) + one(agent)
  );
}

function isPrompt(value: Fields): boolean {
  const { system, template, sketch, contract, topic, task, language, flags } = value;
  return (
    (system === undefined || isFingerprint(system)) &&
    (template === undefined || isFingerprint(template)) &&
    (sketch === undefined || isSketch(sketch)) &&
    (contract === undefined || isFingerprint(contract)) &&
    (topic === undefined || isInteger(topic, 63)) &&
    (task === undefined || tasks.has(task)) &&
    (language === undefined || isLanguage(language)) &&
    (flags === undefined || areFlags(flags)) &&
    keys(value) ===
      one(system) + one(template) + one(sketch) + one(contract) + one(topic) + one(task) + one(language) + one(flags)
  );
}

function isCustody(value: Fields): boolean {
  const { minted, presented } = value;
  return (
    (minted === undefined || areMarks(minted)) &&
    (presented === undefined || areMarks(presented)) &&
    keys(value) === one(minted) + one(presented)
  );
}

function areMarks(value: unknown): boolean {
  if (!Array.isArray(value) || value.length > 8) return false;
  for (let i = 0; i < value.length; i++) if (!isFingerprint(value[i])) return false;
  return true;
}

function areFlags(value: unknown): boolean {
  if (!Array.isArray(value) || value.length > 32) return false;
  for (let i = 0; i < value.length; i++) if (!flagNames.has(value[i])) return false;
  return true;
}

function isCount(value: unknown): boolean {
  return isInteger(value, Number.MAX_SAFE_INTEGER);
}

function one(value: unknown): 0 | 1 {
  return value === undefined ? 0 : 1;
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

/** One exchange's bodies to what may be kept of them: `prompt` and `custody`, all fingerprints and classes. */

import { type CustodyText, custodyFields } from '../records/custody.ts';
import type { Fingerprinter } from '../records/fingerprint.ts';
import { promptFields } from '../records/prompt/prompt-fields.ts';
import type { UsageRecord } from '../records/schema.ts';
import { type Turn, turnsOf } from './conversation.ts';
import { at, compact, first, isObject, text } from './json.ts';

/** Bodies as the source delivers them; each part may be absent. */
export interface ExchangeText {
  /** Body of the request, in any of the known dialects. */
  request?: unknown;
  /** The assistant's turns of the response. */
  answers?: Turn[];
  /** The provider's id of the response. */
  responseId?: unknown;
}

type TextFields = Pick<UsageRecord, 'prompt' | 'custody'>;

/** Fields of a `usage` record; empty where no body was delivered. Embeddings carry documents, not prompts: no `prompt`. */
export function textFields(bodies: ExchangeText, operation: string, fingerprinter: Fingerprinter): TextFields {
  const { turns, system } = requestTurns(bodies.request);
  const custody = custodyOf(turns, bodies, fingerprinter);
  const prompt = operation === 'embeddings' ? undefined : promptOf(bodies.request, turns, system, fingerprinter);
  return compact<TextFields>({ prompt, custody }) ?? {};
}

function requestTurns(request: unknown): { turns: Turn[]; system: string | undefined } {
  const all = turnsOf(
    first(at(request, 'messages'), at(request, 'input'), at(request, 'prompt'), at(request, 'inputText')),
  );
  const instructions = turnsOf(first(at(request, 'system'), at(request, 'instructions')));
  const isSystem = (turn: Turn) => turn.role === 'system' || turn.role === 'developer';
  const system = [...instructions, ...all.filter(isSystem)].map((turn) => turn.text).filter((part) => part !== '');
  return { turns: all.filter((turn) => !isSystem(turn)), system: system.length > 0 ? system.join('\n') : undefined };
}

function promptOf(
  request: unknown,
  turns: Turn[],
  system: string | undefined,
  fingerprinter: Fingerprinter,
): UsageRecord['prompt'] {
  const spoken = turns.filter((turn) => turn.text !== '').map(({ role, text }) => ({ role, text }));
  if (system === undefined && spoken.length === 0) return undefined;
  const schema = schemaOf(request);
  return promptFields(
    {
      turns: spoken,
      ...(system === undefined ? {} : { system }),
      ...(asksLogprobs(request) ? { logprobs: true } : {}),
      ...(schema === undefined ? {} : { schema }),
      ...(turns.some((turn) => turn.images) ? { images: true } : {}),
    },
    fingerprinter,
  );
}

function asksLogprobs(request: unknown): boolean {
  const top = at(request, 'top_logprobs');
  return at(request, 'logprobs') === true || (typeof top === 'number' && top > 0);
}

function schemaOf(request: unknown): unknown {
  const schema = first(
    at(request, 'response_format', 'json_schema', 'schema'),
    at(request, 'output_format', 'schema'),
    at(request, 'output_config', 'format', 'schema'),
    at(request, 'text', 'format', 'schema'),
  );
  return isObject(schema) && depthWithin(schema, MAX_SCHEMA_DEPTH) ? schema : undefined;
}

/** Deeper schemas are left out: no real one comes near, and walking one of a million levels would exhaust the stack. */
const MAX_SCHEMA_DEPTH = 64;

function depthWithin(value: unknown, limit: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return limit > 0 && Object.values(value).every((inner) => depthWithin(inner, limit - 1));
}

function custodyOf(turns: Turn[], bodies: ExchangeText, fingerprinter: Fingerprinter): UsageRecord['custody'] {
  const minted = custodyText(text(bodies.responseId), bodies.answers ?? []);
  const presented = custodyText(text(at(bodies.request, 'previous_response_id')), turns);
  return custodyFields(minted, presented, fingerprinter);
}

function custodyText(id: string | undefined, turns: Turn[]): CustodyText {
  return {
    ids: [...(id === undefined ? [] : [id]), ...turns.flatMap(({ tokens }) => tokens)],
    outputs: turns.filter(({ role }) => role === 'assistant').map((turn) => turn.text),
  };
}

/** The assistant's turns in the message, or list of messages, of a response. */
export function answersOf(messages: unknown): Turn[] {
  const all = Array.isArray(messages) ? messages : [messages];
  return turnsOf(all.filter((message) => message !== undefined)).filter((turn) => turn.role !== 'tool');
}

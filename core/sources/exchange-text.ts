/** One exchange's bodies to what may be kept of them: `prompt` and `custody`, all fingerprints and classes. */

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

/** The contract's limit for each of `minted` and `presented`; the latest in the conversation are kept. */
const MAX_CUSTODY = 8;
/** Shorter outputs ("Yes.") are given to many and show nothing. */
const MIN_OUTPUT_CHARACTERS = 64;

function custodyOf(turns: Turn[], bodies: ExchangeText, fingerprinter: Fingerprinter): UsageRecord['custody'] {
  const previous = text(at(bodies.request, 'previous_response_id'));
  const id = text(bodies.responseId);
  const minted = [...(id ? [mark(id, fingerprinter)] : []), ...marks(bodies.answers ?? [], fingerprinter)];
  const presented = [...(previous ? [mark(previous, fingerprinter)] : []), ...marks(turns, fingerprinter)];
  return compact<NonNullable<UsageRecord['custody']>>({ minted: latest(minted), presented: latest(presented) });
}

function marks(turns: Turn[], fingerprinter: Fingerprinter): string[] {
  return turns.flatMap((turn) => {
    const output = turn.role === 'assistant' ? turn.text.replace(/\s+/g, ' ').trim() : '';
    const ids = turn.tokens.map((token) => mark(token, fingerprinter));
    return output.length < MIN_OUTPUT_CHARACTERS ? ids : [...ids, fingerprinter.fingerprint('output', output)];
  });
}

function mark(id: string, fingerprinter: Fingerprinter): string {
  return fingerprinter.fingerprint('custody', id);
}

function latest(marked: string[]): string[] | undefined {
  const distinct = [...new Set(marked)].slice(-MAX_CUSTODY);
  return distinct.length > 0 ? distinct : undefined;
}

/** The assistant's turns in the message, or list of messages, of a response. */
export function answersOf(messages: unknown): Turn[] {
  const all = Array.isArray(messages) ? messages : [messages];
  return turnsOf(all.filter((message) => message !== undefined)).filter((turn) => turn.role !== 'tool');
}

/**
 * Request and response bodies of the common dialects (OpenAI chat and responses, Anthropic messages, Bedrock Converse,
 * OpenTelemetry messages) as turns of text and the ids they carry. All of it lives in memory only.
 */
import { at, first, isObject, list, text } from './json.ts';

export interface Turn {
  role: string;
  text: string;
  /** Ids of tool calls and signatures of reasoning, in order. */
  tokens: string[];
  /** Whether it shows an image. */
  images?: boolean;
}

/** Nesting of tool results inside messages; deeper content is left unread. */
const MAX_DEPTH = 4;

/** What LiteLLM writes in place of text it was told not to log; read as text it would link every account. */
const REDACTED = /^redacted-by-litellm/i;

export function turnsOf(messages: unknown): Turn[] {
  if (typeof messages === 'string') return turnOf('user', messages);
  return list(messages).flatMap((message) => {
    if (typeof message === 'string') return turnOf('user', message);
    return isObject(message) ? turnOf(text(message.role) ?? roleOfItem(message), message) : [];
  });
}

/** Items of the OpenAI responses dialect have a type where messages have a role. */
function roleOfItem(item: unknown): string {
  const type = text(at(item, 'type')) ?? '';
  if (type.endsWith('_output')) return 'tool';
  return type.endsWith('_call') || type === 'reasoning' ? 'assistant' : 'user';
}

function turnOf(role: string, message: unknown): Turn[] {
  const found: Found = { texts: [], results: [], tokens: [], images: false };
  collect(message, found, 0);
  const turn: Turn = { role, text: found.texts.join('\n'), tokens: found.tokens, images: found.images };
  return found.results.length > 0 ? [{ role: 'tool', text: found.results.join('\n'), tokens: [] }, turn] : [turn];
}

interface Found {
  texts: string[];
  /** What tools answered: no words of the user, though it travels in a user's message. */
  results: string[];
  tokens: string[];
  images: boolean;
}

function collect(value: unknown, found: Found, depth: number): void {
  if (typeof value === 'string') {
    if (value !== '' && !REDACTED.test(value)) found.texts.push(value);
  } else if (Array.isArray(value) && depth < MAX_DEPTH) {
    for (const part of value) collect(part, found, depth + 1);
  } else if (isObject(value) && depth < MAX_DEPTH) collectPart(value, found, depth + 1);
}

function collectPart(part: Record<string, unknown>, found: Found, depth: number): void {
  for (const token of tokensOfPart(part)) if (!found.tokens.includes(token)) found.tokens.push(token);
  const type = text(part.type);
  if (part.image !== undefined || IMAGE_TYPES.has(type ?? '')) found.images = true;
  const result = first(at(part, 'toolResult', 'content'), type === 'tool_result' ? part.content : undefined);
  const response = type === 'tool_call_response' ? first(part.response, part.result) : undefined;
  if (result !== undefined || response !== undefined) {
    const inner: Found = { ...found, texts: found.results };
    collect(first(result, response), inner, depth);
    return;
  }
  if (type === 'thinking' || type === 'reasoning' || type === 'tool_use' || type === 'tool_call') return;
  collect(first(part.text, part.content, part.parts), found, depth);
}

const IMAGE_TYPES = new Set(['image', 'image_url', 'input_image']);
const CALL_TYPES = new Set(['tool_use', 'server_tool_use', 'tool_call', 'tool_call_response']);

function tokensOfPart(part: Record<string, unknown>): string[] {
  const type = text(part.type) ?? '';
  const calls = list(part.tool_calls).map((call) => at(call, 'id'));
  return [
    ...calls,
    part.tool_call_id,
    part.tool_use_id,
    part.call_id,
    CALL_TYPES.has(type) ? part.id : undefined,
    type === 'thinking' ? part.signature : undefined,
    type === 'redacted_thinking' ? part.data : undefined,
    type === 'reasoning' ? first(part.encrypted_content, part.id) : undefined,
    at(part, 'toolUse', 'toolUseId'),
    at(part, 'toolResult', 'toolUseId'),
    at(part, 'reasoningContent', 'reasoningText', 'signature'),
    at(part, 'reasoningContent', 'redactedContent'),
  ].filter(isToken);
}

/** Mistral's tool-call ids are the shortest in use; shorter ones (`call_1`) are counters and mean nothing elsewhere. */
const MIN_TOKEN_CHARACTERS = 9;

/** Whether a value may serve as an id or signature that one exchange gave out and another carries. */
export function isToken(value: unknown): value is string {
  return typeof value === 'string' && value.length >= MIN_TOKEN_CHARACTERS;
}

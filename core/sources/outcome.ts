/** How an exchange ended, in the contract's words, from the words of each provider. */
import type { Status } from '../records/schema.ts';

/** Stop and finish reasons of Converse, the OpenAI style and the Anthropic style. */
const FINISHES: Record<string, string> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  stop: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  length: 'length',
  tool_use: 'tool_calls',
  tool_calls: 'tool_calls',
  tool_call: 'tool_calls',
  function_call: 'tool_calls',
  content_filtered: 'content_filter',
  guardrail_intervened: 'content_filter',
  content_filter: 'content_filter',
  refusal: 'refusal',
  malformed_model_output: 'error',
  malformed_tool_use: 'error',
  error: 'error',
};

/** Unknown words are left out: a provider's free text must not travel on. */
export function finishOf(reason: unknown): string | undefined {
  const word = typeof reason === 'string' ? reason.toLowerCase() : '';
  return Object.hasOwn(FINISHES, word) ? FINISHES[word] : undefined;
}

/** Status of an exchange that raised no error. */
export function statusOfFinish(finish: string | undefined): Status {
  if (finish === 'content_filter') return 'blocked';
  return finish === 'refusal' ? 'refused' : 'ok';
}

const THROTTLED = /^429$|rate_?limit|throttl|servicequotaexceeded|too_?many_?requests/i;
const BLOCKED = /content_?(?:policy|filter)|guardrail/i;

/** Status of an exchange that failed, from its error code or class. */
export function statusOfError(...errors: unknown[]): Status {
  const words = errors.filter((error) => typeof error === 'string' || typeof error === 'number').map(String);
  if (words.some((word) => THROTTLED.test(word))) return 'throttled';
  return words.some((word) => BLOCKED.test(word)) ? 'blocked' : 'error';
}

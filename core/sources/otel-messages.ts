/**
 * The messages of a signal, in the places where instrumentations have put them. All are opt-in. Current conventions:
 * `gen_ai.input.messages`, `.output.messages` and `gen_ai.system_instructions`, on the span, the log record or a span's
 * `gen_ai.client.inference.operation.details` event. Version 1.27 and before: span events `gen_ai.content.prompt` and
 * `gen_ai.content.completion`. OpenLLMetry: numbered attributes `gen_ai.prompt.0.role`, `gen_ai.prompt.0.content`.
 */
import { answersOf, type ExchangeText } from './exchange-text.ts';
import { at, first, list, parsed, text } from './json.ts';
import { attributesOf, type Signal } from './otel-signals.ts';

export function bodiesOfSignal(signal: Signal): ExchangeText {
  const found = [signal.attributes, ...list(at(signal.value, 'events')).map(eventAttributes)];
  const pick = (name: string) => parsed(first(...found.map((attributes) => attributes.get(name))));
  const prompt = first(
    pick('gen_ai.input.messages'),
    pick('gen_ai.prompt'),
    numbered(signal.attributes, 'gen_ai.prompt'),
  );
  const answer = first(
    pick('gen_ai.output.messages'),
    pick('gen_ai.completion'),
    numbered(signal.attributes, 'gen_ai.completion'),
  );
  return {
    request: { messages: prompt, system: pick('gen_ai.system_instructions') },
    answers: answersOf(typeof answer === 'string' ? [{ role: 'assistant', content: answer }] : list(answer)),
    responseId: signal.attributes.get('gen_ai.response.id'),
  };
}

function eventAttributes(event: unknown): Map<string, unknown> {
  return attributesOf(list(at(event, 'attributes')));
}

/** Longer histories than any model's context holds; a bound for a hostile one. */
const MAX_MESSAGES = 4096;

/** Messages that are spread over attributes with their number in the name. */
function numbered(attributes: Map<string, unknown>, name: string): unknown[] | undefined {
  const messages: unknown[] = [];
  for (let i = 0; i < MAX_MESSAGES; i++) {
    const [role, content] = ['role', 'content'].map((field) => attributes.get(`${name}.${i}.${field}`));
    if (role === undefined && content === undefined) break;
    messages.push({ role: text(role) ?? (name === 'gen_ai.prompt' ? 'user' : 'assistant'), content: parsed(content) });
  }
  return messages.length > 0 ? messages : undefined;
}

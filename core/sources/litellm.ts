/** LiteLLM's standard logging payload: one object a call, as its SQS, S3 and generic HTTP loggers send it. */
import { opaqueId } from '../records/opaque-id.ts';
import type { Status, UsageRecord } from '../records/schema.ts';
import type { Turn } from './conversation.ts';
import { answersOf, textFields } from './exchange-text.ts';
import { at, compact, count, first, identifier, isObject, list, number, parsed, text } from './json.ts';
import { identity, modelName, providerName } from './names.ts';
import { finishOf, statusOfError, statusOfFinish } from './outcome.ts';
import { temperatureOf } from './params.ts';
import { exchange, rejected, type Source, type SourceContext, type SourceItem } from './source.ts';
import { timeOfSeconds, timeOfText } from './times.ts';
import { NO_TOKENS, totalTokens } from './tokens.ts';

export const litellm: Source = {
  name: 'litellm',
  matches: (value) =>
    at(value, 'litellm_call_id') !== undefined ||
    (at(value, 'call_type') !== undefined && at(value, 'startTime') !== undefined),
  read,
};

/** The body that LiteLLM's application encryption leaves. */
export const litellmEncrypted: Source = {
  name: 'litellm',
  matches: (value) => at(value, '__encrypted__') !== undefined,
  read: () => [
    rejected('__encrypted__', 'encrypted by LiteLLM: turn its application encryption off or decrypt it first'),
  ],
};

function read(value: unknown, context: SourceContext): SourceItem[] {
  if (litellmEncrypted.matches(value)) return litellmEncrypted.read(value, context);
  const id = text(first(at(value, 'litellm_call_id'), at(value, 'id')));
  if (id === undefined) return [rejected('litellm_call_id', 'missing')];
  const start = at(value, 'startTime');
  const time = timeOfSeconds(start) ?? timeOfText(start);
  if (time === undefined) return [rejected('startTime', 'not Unix seconds')];
  const { account: key } = context.attribution.litellm;
  const account = named(value, key, 'account', context);
  if (account === undefined) return [rejected(`metadata.${key}`, 'missing: nobody is accountable for the exchange')];
  const model = text(at(value, 'model'));
  if (model === undefined) return [rejected('model', 'missing')];
  const tokens = tokensOf(value, context);
  if (tokens === undefined) return [rejected('prompt_tokens', 'no token counts')];
  const org = named(value, context.attribution.litellm.org, 'org', context);
  return exchange(usage(value, { id, time, account, model, tokens }, context), org, context);
}

type Core = Pick<UsageRecord, 'id' | 'time' | 'account' | 'model' | 'tokens'>;

function usage(value: unknown, core: Core, context: SourceContext): UsageRecord {
  const { fingerprinter } = context;
  const operation = operationOf(value);
  const response = parsed(at(value, 'response'));
  const finish = finishOf(first(at(list(at(response, 'choices'))[0], 'finish_reason'), at(response, 'stop_reason')));
  const network = fingerprinter.ipFields(
    text(first(at(value, 'requester_ip_address'), at(value, 'metadata', 'requester_ip_address'))) ?? '',
  );
  const agent = text(first(at(value, 'user_agent'), at(value, 'metadata', 'user_agent')));
  return {
    type: 'usage',
    ...core,
    id: opaqueId(core.id, fingerprinter),
    model: modelName(core.model, fingerprinter),
    operation,
    status: statusOf(value, finish),
    ...compact<Partial<UsageRecord>>({
      provider: providerName(text(at(value, 'custom_llm_provider'))),
      finish,
      latencyMs: latencyOf(value),
      params: paramsOf(value),
      network,
      client: agent === undefined ? undefined : { agent: fingerprinter.agent(agent) },
      session: sessionOf(value, context),
    }),
    ...textFields(bodiesOf(value, response), operation, fingerprinter),
  };
}

function named(value: unknown, field: string, kind: 'account' | 'org', context: SourceContext): string | undefined {
  const name = identifier(at(value, 'metadata', field));
  const isPlain = context.attribution.litellm.plain.includes(field);
  return name === undefined ? undefined : identity(kind, name, isPlain, context.fingerprinter);
}

function tokensOf(value: unknown, context: SourceContext): UsageRecord['tokens'] | undefined {
  const detail = at(value, 'metadata', 'usage_object');
  const tokens = totalTokens(
    {
      input: at(value, 'prompt_tokens'),
      output: at(value, 'completion_tokens'),
      reasoning: at(detail, 'completion_tokens_details', 'reasoning_tokens'),
      cacheRead: first(at(detail, 'prompt_tokens_details', 'cached_tokens'), at(detail, 'cache_read_input_tokens')),
      cacheWrite: at(detail, 'cache_creation_input_tokens'),
    },
    context.attribution.litellm.tokensIncludeCache,
  );
  return tokens ?? (at(value, 'status') === 'failure' ? NO_TOKENS : undefined);
}

function operationOf(value: unknown): string {
  const call = text(at(value, 'call_type')) ?? '';
  if (call.endsWith('text_completion')) return 'text_completion';
  return call.endsWith('embedding') ? 'embeddings' : 'chat';
}

function statusOf(value: unknown, finish: string | undefined): Status {
  const guardrail = text(at(value, 'status_fields', 'guardrail_status')) ?? '';
  if (/interven|blocked/.test(guardrail)) return 'blocked';
  if (at(value, 'status') !== 'failure') return statusOfFinish(finish);
  return statusOfError(at(value, 'error_information', 'error_code'), at(value, 'error_information', 'error_class'));
}

function latencyOf(value: unknown): number | undefined {
  const [start, end] = [number(at(value, 'startTime')), number(at(value, 'endTime'))];
  return start === undefined || end === undefined || end < start ? undefined : Math.round((end - start) * 1000);
}

function paramsOf(value: unknown): UsageRecord['params'] {
  const sent = at(value, 'model_parameters');
  const stream = first(at(value, 'stream'), at(sent, 'stream'));
  return compact<NonNullable<UsageRecord['params']>>({
    maxTokens: count(first(at(sent, 'max_tokens'), at(sent, 'max_completion_tokens'), at(sent, 'max_output_tokens'))),
    temperature: temperatureOf(at(sent, 'temperature')),
    tools: isObject(sent) ? list(at(sent, 'tools')).length : undefined,
    stream: typeof stream === 'boolean' ? stream : undefined,
  });
}

/** A trace that LiteLLM invents repeats the call's own id, and would make a conversation of every call. */
function sessionOf(value: unknown, context: SourceContext): string | undefined {
  const { session: field } = context.attribution.litellm;
  const session = identifier(first(at(value, field), at(value, 'metadata', field)));
  if (session === undefined || session === at(value, 'litellm_call_id') || session === at(value, 'id'))
    return undefined;
  return context.fingerprinter.fingerprint('session', session);
}

function bodiesOf(value: unknown, response: unknown): { request: unknown; answers: Turn[]; responseId?: unknown } {
  const sent = at(value, 'model_parameters');
  const messages = parsed(at(value, 'messages'));
  const wrapped = isObject(messages) ? messages : messages === undefined || messages === null ? {} : { messages };
  const request = { ...(isObject(sent) ? sent : {}), ...wrapped };
  const choices = list(at(response, 'choices')).map((choice) => at(choice, 'message'));
  const whole = at(response, 'content') === undefined ? list(at(response, 'output')) : [response];
  return { request, answers: answersOf([...choices, ...whole]), responseId: at(response, 'id') };
}

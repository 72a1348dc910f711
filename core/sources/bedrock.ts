/** Amazon Bedrock model invocation logs, version 1.0. They hold no address, no client and whole seconds only. */
import { opaqueId } from '../records/opaque-id.ts';
import type { UsageRecord } from '../records/schema.ts';
import { callerOf } from './bedrock-caller.ts';
import { joinChunks, type StreamedAnswer } from './bedrock-stream.ts';
import { answersOf, textFields } from './exchange-text.ts';
import { at, compact, count, first, identifier, isObject, list, number, text } from './json.ts';
import { identity, modelName } from './names.ts';
import { finishOf, statusOfError, statusOfFinish } from './outcome.ts';
import { temperatureOf } from './params.ts';
import { exchange, rejected, type Source, type SourceContext, type SourceItem } from './source.ts';
import { timeOfText } from './times.ts';
import { NO_TOKENS, totalTokens } from './tokens.ts';

export const bedrock: Source = {
  name: 'bedrock',
  matches: (value) => at(value, 'schemaType') === 'ModelInvocationLog',
  read,
};

function read(value: unknown, context: SourceContext): SourceItem[] {
  if (!bedrock.matches(value)) return [rejected('schemaType', 'not a Bedrock ModelInvocationLog')];
  const id = text(at(value, 'requestId'));
  if (id === undefined) return [rejected('requestId', 'missing')];
  const time = timeOfText(at(value, 'timestamp'));
  if (time === undefined) return [rejected('timestamp', 'not an RFC 3339 time')];
  const account = callerOf(value, context);
  if (account === undefined) return [rejected('identity.arn', 'missing: nobody is accountable for the exchange')];
  const model = text(at(value, 'modelId'));
  if (model === undefined) return [rejected('modelId', 'missing')];
  const answer = answerOf(at(value, 'output', 'outputBodyJson'));
  const tokens = tokensOf(value, answer, context);
  if (tokens === undefined) return [rejected('input.inputTokenCount', 'no token counts')];
  return exchange(usage(value, { id, time, account, model, tokens }, answer, context), orgOf(value, context), context);
}

type Core = Pick<UsageRecord, 'id' | 'time' | 'account' | 'model' | 'tokens'>;

function usage(value: unknown, core: Core, answer: StreamedAnswer, context: SourceContext): UsageRecord {
  const request = at(value, 'input', 'inputBodyJson');
  const operation = operationOf(value, request);
  const finish = finishOf(answer.stopReason);
  const error = text(at(value, 'errorCode'));
  const bodies = { request, answers: answer.turns, responseId: answer.responseId };
  return {
    type: 'usage',
    ...core,
    id: opaqueId(core.id, context.fingerprinter),
    model: modelName(bareModel(core.model), context.fingerprinter),
    provider: 'aws.bedrock',
    operation,
    status: error === undefined ? statusOfFinish(finish) : statusOfError(error),
    ...compact<Partial<UsageRecord>>({
      finish,
      latencyMs: answer.latencyMs,
      params: paramsOf(value, request),
      session: sessionOf(value, context),
    }),
    ...textFields(bodies, operation, context.fingerprinter),
  };
}

/** A body, or the array of chunks that a stream leaves. */
function answerOf(body: unknown): StreamedAnswer {
  if (Array.isArray(body)) return joinChunks(body);
  const message = first(at(body, 'output', 'message'), at(body, 'content') === undefined ? undefined : body);
  const intervened = at(body, 'amazon-bedrock-guardrailAction') === 'INTERVENED' ? 'guardrail_intervened' : undefined;
  return {
    turns: message === undefined ? [] : answersOf(isObject(message) ? { role: 'assistant', ...message } : message),
    responseId: at(body, 'id'),
    stopReason: first(intervened, at(body, 'stopReason'), at(body, 'stop_reason')),
    latencyMs: number(at(body, 'metrics', 'latencyMs')),
    usage: at(body, 'usage'),
  };
}

/** Counts of the record, else of the body. A failed call may have none: it used nothing. */
function tokensOf(
  value: unknown,
  { usage }: StreamedAnswer,
  context: SourceContext,
): UsageRecord['tokens'] | undefined {
  const from = (parent: string, name: string, ...inBody: string[]) =>
    first(at(value, parent, name), ...inBody.map((key) => at(usage, key)));
  const tokens = totalTokens(
    {
      input: from('input', 'inputTokenCount', 'inputTokens', 'input_tokens', 'inputTokenCount'),
      output: from('output', 'outputTokenCount', 'outputTokens', 'output_tokens', 'outputTokenCount'),
      cacheRead: from('input', 'cacheReadInputTokenCount', 'cacheReadInputTokens', 'cache_read_input_tokens'),
      cacheWrite: from('input', 'cacheWriteInputTokenCount', 'cacheWriteInputTokens', 'cache_creation_input_tokens'),
    },
    context.attribution.bedrock.tokensIncludeCache,
  );
  return tokens ?? (text(at(value, 'errorCode')) === undefined ? undefined : NO_TOKENS);
}

/** Geographic inference profiles: one model under several names. */
const PROFILE = /^(?:us-gov|us|eu|apac|jp|au|ca|global)\./;
const MODEL_ARN = /^arn:[a-z-]+:bedrock:[a-z0-9-]*:\d*:(?:foundation-model|inference-profile)\//;

/** The model itself; the ARN of an application's own inference profile says nothing of the model and stays as it is. */
function bareModel(modelId: string): string {
  return modelId.replace(MODEL_ARN, '').replace(PROFILE, '');
}

function operationOf(value: unknown, request: unknown): string {
  if (text(at(value, 'operation'))?.startsWith('Converse')) return 'chat';
  if (/embed/i.test(text(at(value, 'modelId')) ?? '')) return 'embeddings';
  if (at(request, 'messages') !== undefined) return 'chat';
  return first(at(request, 'prompt'), at(request, 'inputText')) === undefined ? 'chat' : 'text_completion';
}

function paramsOf(value: unknown, request: unknown): UsageRecord['params'] {
  const config = first(at(request, 'inferenceConfig'), at(request, 'textGenerationConfig'));
  const tools = first(at(request, 'toolConfig', 'tools'), at(request, 'tools'));
  const operation = text(at(value, 'operation'));
  return compact<NonNullable<UsageRecord['params']>>({
    maxTokens: count(
      first(
        at(config, 'maxTokens'),
        at(config, 'max_new_tokens'),
        at(config, 'maxTokenCount'),
        at(request, 'max_tokens'),
      ),
    ),
    temperature: temperatureOf(first(at(config, 'temperature'), at(request, 'temperature'))),
    tools: isObject(request) ? list(tools).length : undefined,
    stream: operation?.endsWith('Stream'),
  });
}

function sessionOf(value: unknown, context: SourceContext): string | undefined {
  const key = context.attribution.bedrock.session;
  const named = key === undefined ? undefined : identifier(at(value, 'requestMetadata', key));
  return named === undefined ? undefined : context.fingerprinter.fingerprint('session', named);
}

/** Never the AWS account: everyone behind one gateway would be one customer, and so never a campaign. */
function orgOf(value: unknown, context: SourceContext): string | undefined {
  const { org, plain } = context.attribution.bedrock;
  const named = org === undefined ? undefined : identifier(at(value, 'requestMetadata', org));
  return org === undefined || named === undefined
    ? undefined
    : identity('org', named, plain.includes(org), context.fingerprinter);
}

/**
 * OpenTelemetry GenAI in OTLP JSON: client spans, or log records of the inference event. Attribute names of the current
 * conventions and of version 1.36 and before; metrics name no caller and are of no use here.
 */
import { opaqueId } from '../records/opaque-id.ts';
import type { Status, UsageRecord } from '../records/schema.ts';
import { textFields } from './exchange-text.ts';
import { at, compact, count, identifier, parsed, text } from './json.ts';
import { identity, modelName, providerName } from './names.ts';
import { bodiesOfSignal } from './otel-messages.ts';
import { type Signal, signalsOf } from './otel-signals.ts';
import { finishOf, statusOfError, statusOfFinish } from './outcome.ts';
import { temperatureOf } from './params.ts';
import { exchange, rejected, type Source, type SourceContext, type SourceItem } from './source.ts';
import { msOfNanos, timeOfNanos } from './times.ts';
import { NO_TOKENS, totalTokens } from './tokens.ts';

export const otel: Source = {
  name: 'otel',
  matches: (value) => Array.isArray(at(value, 'resourceSpans')) || Array.isArray(at(value, 'resourceLogs')),
  read: (value, context) =>
    otel.matches(value)
      ? signalsOf(value).flatMap((signal) => readSignal(signal, context))
      : [rejected('resourceSpans', 'neither OTLP spans nor OTLP logs')],
};

/** Names by meaning; the first present counts, the current name before older ones. */
const NAMES = {
  provider: ['gen_ai.provider.name', 'gen_ai.system'],
  operation: ['gen_ai.operation.name', 'llm.request.type'],
  model: ['gen_ai.response.model', 'gen_ai.request.model'],
  input: ['gen_ai.usage.input_tokens', 'gen_ai.usage.prompt_tokens'],
  output: ['gen_ai.usage.output_tokens', 'gen_ai.usage.completion_tokens'],
  cacheRead: ['gen_ai.usage.cache_read.input_tokens', 'gen_ai.usage.cache_read_input_tokens'],
  cacheWrite: [
    'gen_ai.usage.cache_write.input_tokens',
    'gen_ai.usage.cache_creation.input_tokens',
    'gen_ai.usage.cache_write_input_tokens',
    'gen_ai.usage.cache_creation_input_tokens',
  ],
  reasoning: ['gen_ai.usage.reasoning.output_tokens', 'gen_ai.usage.reasoning_tokens'],
} as const;

/** Only these are exchanges: spans of agents repeat the sums of their children and would count twice. */
const OPERATIONS: Record<string, string> = {
  chat: 'chat',
  text_completion: 'text_completion',
  completion: 'text_completion',
  generate_content: 'generate_content',
  embeddings: 'embeddings',
  embedding: 'embeddings',
};

const INFERENCE_EVENT = 'gen_ai.client.inference.operation.details';
/** Client, and internal for a model in the same process; a server's span repeats its client's. */
const SPAN_KINDS: unknown[] = [undefined, 0, 1, 3, 'SPAN_KIND_CLIENT', 'SPAN_KIND_INTERNAL', 'SPAN_KIND_UNSPECIFIED'];

function readSignal(signal: Signal, context: SourceContext): SourceItem[] {
  const operation = operationOf(signal);
  if (operation === undefined) return [{ skip: 'OpenTelemetry signal that is no inference of a client' }];
  const wrong = (name: string, reason: string) => [rejected(`${signal.path}.${name}`, reason)];
  const id = idOf(signal);
  if (id === undefined) return wrong('traceId', 'neither gen_ai.response.id nor trace and span ids');
  const time = timeOf(signal);
  if (time === undefined) return wrong(signal.isLog ? 'timeUnixNano' : 'startTimeUnixNano', 'not Unix nanoseconds');
  const account = named(signal, 'account', context);
  if (account === undefined) {
    return wrong('attributes', 'no attribute names the accountable party: list yours under sources.otel.account');
  }
  const model = text(pick(signal, NAMES.model));
  if (model === undefined) return wrong('attributes', 'no gen_ai.response.model or gen_ai.request.model');
  const status = statusOf(signal);
  const tokens = tokensOf(signal, context) ?? (status.failed ? NO_TOKENS : undefined);
  if (tokens === undefined) return wrong('attributes', 'no token counts (gen_ai.usage.*)');
  const core: Core = { id, time, account, model, tokens, operation, status: status.status };
  return exchange(usage(signal, core, context), named(signal, 'org', context), context);
}

interface Core extends Pick<UsageRecord, 'id' | 'time' | 'account' | 'model' | 'tokens'> {
  operation: string;
  status: Status;
}

function usage(signal: Signal, core: Core, context: SourceContext): UsageRecord {
  const { fingerprinter } = context;
  const agent = text(signal.attributes.get('user_agent.original'));
  return {
    type: 'usage',
    ...core,
    id: opaqueId(core.id, fingerprinter),
    model: modelName(core.model, fingerprinter),
    ...compact<Partial<UsageRecord>>({
      provider: providerName(text(pick(signal, NAMES.provider))),
      finish: finishOfSignal(signal),
      latencyMs: latencyOf(signal),
      params: paramsOf(signal),
      network: fingerprinter.ipFields(text(signal.attributes.get('client.address')) ?? ''),
      client: agent === undefined ? undefined : { agent: fingerprinter.agent(agent) },
      session: named(signal, 'session', context),
    }),
    ...textFields(bodiesOfSignal(signal), core.operation, fingerprinter),
  };
}

function pick(signal: Signal, names: readonly string[]): unknown {
  const name = names.find((candidate) => signal.attributes.has(candidate));
  return name === undefined ? undefined : signal.attributes.get(name);
}

function operationOf(signal: Signal): string | undefined {
  const event = text(at(signal.value, 'eventName')) ?? text(signal.attributes.get('event.name'));
  const fits = signal.isLog ? event === INFERENCE_EVENT : SPAN_KINDS.includes(at(signal.value, 'kind'));
  const name = text(pick(signal, NAMES.operation));
  return fits && name !== undefined && Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name] : undefined;
}

function idOf(signal: Signal): string | undefined {
  const response = text(signal.attributes.get('gen_ai.response.id'));
  const [trace, span] = [text(at(signal.value, 'traceId')), text(at(signal.value, 'spanId'))];
  return response ?? (trace === undefined || span === undefined ? undefined : `${trace}-${span}`);
}

function timeOf(signal: Signal): string | undefined {
  if (!signal.isLog) return timeOfNanos(at(signal.value, 'startTimeUnixNano'));
  return timeOfNanos(at(signal.value, 'timeUnixNano')) ?? timeOfNanos(at(signal.value, 'observedTimeUnixNano'));
}

function latencyOf(signal: Signal): number | undefined {
  const start = msOfNanos(at(signal.value, 'startTimeUnixNano'));
  const end = msOfNanos(at(signal.value, 'endTimeUnixNano'));
  return start === undefined || end === undefined || end < start ? undefined : end - start;
}

function named(signal: Signal, what: 'account' | 'session' | 'org', context: SourceContext): string | undefined {
  const settings = context.attribution.otel;
  const attribute = settings[what].find((name) => identifier(signal.attributes.get(name)) !== undefined);
  const value = attribute === undefined ? undefined : identifier(signal.attributes.get(attribute));
  if (attribute === undefined || value === undefined) return undefined;
  if (what === 'session') return context.fingerprinter.fingerprint('session', value);
  return identity(what, value, settings.plain.includes(attribute), context.fingerprinter);
}

function tokensOf(signal: Signal, context: SourceContext): UsageRecord['tokens'] | undefined {
  return totalTokens(
    {
      input: pick(signal, NAMES.input),
      output: pick(signal, NAMES.output),
      reasoning: pick(signal, NAMES.reasoning),
      cacheRead: pick(signal, NAMES.cacheRead),
      cacheWrite: pick(signal, NAMES.cacheWrite),
    },
    context.attribution.otel.tokensIncludeCache,
  );
}

function finishOfSignal(signal: Signal): string | undefined {
  const reasons = parsed(signal.attributes.get('gen_ai.response.finish_reasons'));
  return finishOf(Array.isArray(reasons) ? reasons[0] : reasons);
}

function statusOf(signal: Signal): { status: Status; failed: boolean } {
  const error = signal.attributes.get('error.type');
  const code = at(signal.value, 'status', 'code');
  const failed = error !== undefined || code === 2 || code === 'STATUS_CODE_ERROR';
  return { status: failed ? statusOfError(error) : statusOfFinish(finishOfSignal(signal)), failed };
}

function paramsOf(signal: Signal): UsageRecord['params'] {
  const request = (name: string) => signal.attributes.get(`gen_ai.request.${name}`);
  const tools = parsed(signal.attributes.get('gen_ai.tool.definitions'));
  const stream = request('stream');
  return compact<NonNullable<UsageRecord['params']>>({
    maxTokens: count(request('max_tokens')),
    temperature: temperatureOf(request('temperature')),
    tools: Array.isArray(tools) ? tools.length : undefined,
    stream: typeof stream === 'boolean' ? stream : undefined,
  });
}

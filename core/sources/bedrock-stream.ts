/**
 * The chunks of a streamed Bedrock answer, joined to what the unstreamed body would have said. Chunks of ConverseStream
 * and of Anthropic models under InvokeModelWithResponseStream.
 */
import { isToken, type Turn } from './conversation.ts';
import { at, first, isObject, number } from './json.ts';

export interface StreamedAnswer {
  turns: Turn[];
  responseId: unknown;
  stopReason: unknown;
  latencyMs: number | undefined;
  /** Token counts under the names of either dialect. */
  usage: unknown;
}

export function joinChunks(chunks: unknown[]): StreamedAnswer {
  const blocks = new Map<unknown, string>();
  const tokens = new Set<string>();
  const answer: StreamedAnswer = {
    turns: [],
    responseId: undefined,
    stopReason: undefined,
    latencyMs: undefined,
    usage: undefined,
  };
  for (const chunk of chunks.filter(isObject)) {
    addText(chunk, blocks);
    for (const token of tokensOf(chunk)) if (isToken(token)) tokens.add(token);
    addFigures(chunk, answer);
  }
  const text = [...blocks.values()].join('\n');
  if (text !== '' || tokens.size > 0) answer.turns = [{ role: 'assistant', text, tokens: [...tokens] }];
  return answer;
}

/** Text by content block, so that blocks are parted as they are in a whole message. */
function addText(chunk: Record<string, unknown>, blocks: Map<unknown, string>): void {
  const converse = at(chunk, 'contentBlockDelta', 'delta', 'text');
  const text = first(converse, at(chunk, 'delta', 'text'));
  if (typeof text !== 'string') return;
  const index = first(at(chunk, 'contentBlockDelta', 'contentBlockIndex'), chunk.index);
  blocks.set(index, (blocks.get(index) ?? '') + text);
}

function tokensOf(chunk: Record<string, unknown>): unknown[] {
  return [
    at(chunk, 'contentBlockStart', 'start', 'toolUse', 'toolUseId'),
    at(chunk, 'contentBlockDelta', 'delta', 'reasoningContent', 'signature'),
    at(chunk, 'content_block', 'id'),
    at(chunk, 'delta', 'signature'),
  ];
}

function addFigures(chunk: Record<string, unknown>, answer: StreamedAnswer): void {
  const metrics = chunk['amazon-bedrock-invocationMetrics'];
  answer.responseId = first(answer.responseId, at(chunk, 'message', 'id'));
  answer.stopReason = first(
    at(chunk, 'messageStop', 'stopReason'),
    at(chunk, 'delta', 'stop_reason'),
    answer.stopReason,
  );
  answer.usage = first(at(chunk, 'metadata', 'usage'), metrics, answer.usage);
  answer.latencyMs =
    number(first(at(chunk, 'metadata', 'metrics', 'latencyMs'), at(metrics, 'invocationLatency'))) ?? answer.latencyMs;
}

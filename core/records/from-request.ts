/**
 * For a gateway: one exchange as the gateway holds it in memory, to the record that may leave it. Texts, addresses and
 * identifiers come out as fingerprints and classes.
 */
import { type CustodyText, custodyFields } from './custody.ts';
import type { Fingerprinter } from './fingerprint.ts';
import { accountOf, compact, momentOf, validRecord } from './made-record.ts';
import { opaqueId } from './opaque-id.ts';
import { promptFields } from './prompt/prompt-fields.ts';
import type { UsageRecord } from './schema.ts';

/** A part of a message; what is not text counts as an image where its type says so. */
export interface MessagePart {
  type?: string;
  text?: string;
}

export interface GatewayMessage {
  role: string;
  content: string | readonly MessagePart[] | null;
}

export interface GatewayExchange {
  /** Unique per exchange; anything but a generated id, or longer than 128 characters, is fingerprinted. */
  id: string;
  /** When it began: RFC 3339 in UTC, or milliseconds since 1970. */
  time: string | number;
  /** Who is accountable: an API key, a user, a role. Fingerprinted. */
  account: string;
  /** `account` identifies nobody by itself (`team-7`), and is to be kept as it is. */
  accountIsPlain?: boolean;
  model: string;
  tokens: UsageRecord['tokens'];
  system?: string;
  /** The request's conversation, oldest first. Roles `system` and `developer` join `system`. */
  messages?: readonly GatewayMessage[];
  /** A JSON schema that the output is held to. */
  schema?: unknown;
  logprobs?: boolean;
  provider?: string;
  operation?: string;
  status?: NonNullable<UsageRecord['status']>;
  finish?: string;
  latencyMs?: number;
  params?: NonNullable<UsageRecord['params']>;
  ip?: string;
  /** Autonomous system and kind of the address, where the gateway knows them. */
  asn?: number;
  networkKind?: NonNullable<NonNullable<UsageRecord['network']>['kind']>;
  userAgent?: string;
  /** Names of the request's headers in the order in which they came. */
  headerOrder?: readonly string[];
  /** Of the handshake, JA4 for one, as the edge reports it. */
  tls?: string;
  /** Id of the conversation. */
  session?: string;
  /** What this exchange gave out: ids of the response, of tool calls, of reasoning signatures; its texts. */
  gave?: CustodyText;
  /** Ids of earlier exchanges that the request carried in; the assistant's texts are read from `messages`. */
  carriedIds?: readonly string[];
}

/** Throws where the exchange makes no valid record; the message names the field, never its value. */
export function usageFromRequest(exchange: GatewayExchange, fingerprinter: Fingerprinter): UsageRecord {
  return validRecord<UsageRecord>('exchange', {
    type: 'usage',
    id: opaqueId(exchange.id, fingerprinter),
    time: momentOf(exchange.time, 'exchange'),
    account: accountOf(exchange, fingerprinter),
    model: exchange.model,
    tokens: exchange.tokens,
    provider: exchange.provider,
    operation: exchange.operation,
    status: exchange.status,
    finish: exchange.finish,
    latencyMs: exchange.latencyMs,
    params: exchange.params,
    network: networkOf(exchange, fingerprinter),
    client: clientOf(exchange, fingerprinter),
    session: exchange.session ? fingerprinter.fingerprint('session', exchange.session) : undefined,
    ...textOf(exchange, fingerprinter),
  });
}

function networkOf({ ip, asn, networkKind }: GatewayExchange, fp: Fingerprinter): UsageRecord['network'] {
  return compact({ ...fp.ipFields(ip ?? ''), asn, kind: networkKind });
}

function clientOf({ tls, userAgent, headerOrder }: GatewayExchange, fp: Fingerprinter): UsageRecord['client'] {
  return compact({
    tls: tls ? fp.fingerprint('tls', tls.trim()) : undefined,
    agent: userAgent ? fp.agent(userAgent, headerOrder) : undefined,
  });
}

function textOf(exchange: GatewayExchange, fp: Fingerprinter): Pick<UsageRecord, 'prompt' | 'custody'> {
  const messages = exchange.messages ?? [];
  const all = messages.map(({ role, content }) => ({ role, text: textIn(content) }));
  const system = [exchange.system ?? '', ...all.filter(isSystem).map(({ text }) => text)].filter((text) => text !== '');
  const turns = all.filter((turn) => !isSystem(turn));
  const outputs = turns.filter(({ role }) => role === 'assistant').map(({ text }) => text);
  const { schema, logprobs = false, gave = {}, carriedIds = [] } = exchange;
  const images = messages.findLast(({ role }) => role === 'user')?.content;
  return {
    prompt: promptFields({ system: system.join('\n'), turns, schema, logprobs, images: hasImage(images) }, fp),
    custody: custodyFields(gave, { ids: carriedIds, outputs }, fp),
  };
}

function isSystem({ role }: { role: string }): boolean {
  return role === 'system' || role === 'developer';
}

function textIn(content: GatewayMessage['content']): string {
  if (typeof content === 'string') return content;
  return (content ?? [])
    .map((part) => part.text ?? '')
    .filter((text) => text !== '')
    .join('\n');
}

function hasImage(content: GatewayMessage['content'] | undefined): boolean {
  return typeof content !== 'string' && (content ?? []).some(({ type }) => type?.includes('image'));
}

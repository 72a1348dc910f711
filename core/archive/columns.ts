/**
 * The columns of the archive: every field of the record contract has one, and nothing else has. Flat names, since all
 * tools read those; a field of an object is named after both. Never rename or retype a column: old files stay.
 */
import type { ColumnKind } from '../parquet/column-kinds.ts';
import type { StillwatchRecord } from '../records/schema.ts';

export type RecordType = StillwatchRecord['type'];

/** `time` is a timestamp in ms, `count` a whole number up to 2^53 - 1, `texts` a list that is never null inside. */
export type { ColumnKind };

export interface Column {
  name: string;
  kind: ColumnKind;
  /** Field of the record, or object and field. */
  path: readonly [string] | readonly [string, string];
  needed: boolean;
}

/** `tokens.input!` is the needed field `input` of `tokens`. */
function column(name: string, kind: ColumnKind, field: string): Column {
  const path = field.replace('!', '').split('.') as [string, string];
  return { name, kind, path, needed: field.endsWith('!') };
}

const usage: readonly Column[] = [
  column('id', 'text', 'id!'),
  column('time', 'time', 'time!'),
  column('account', 'text', 'account!'),
  column('model', 'text', 'model!'),
  column('input_tokens', 'count', 'tokens.input!'),
  column('output_tokens', 'count', 'tokens.output!'),
  column('reasoning_tokens', 'count', 'tokens.reasoning'),
  column('cache_read_tokens', 'count', 'tokens.cacheRead'),
  column('cache_write_tokens', 'count', 'tokens.cacheWrite'),
  column('provider', 'text', 'provider'),
  column('operation', 'text', 'operation'),
  column('status', 'text', 'status'),
  column('finish', 'text', 'finish'),
  column('latency_ms', 'number', 'latencyMs'),
  column('max_tokens', 'count', 'params.maxTokens'),
  column('temperature', 'number', 'params.temperature'),
  column('tools', 'count', 'params.tools'),
  column('stream', 'flag', 'params.stream'),
  column('network_ip', 'text', 'network.ip'),
  column('network_subnet', 'text', 'network.subnet'),
  column('network_asn', 'count', 'network.asn'),
  column('network_kind', 'text', 'network.kind'),
  column('client_tls', 'text', 'client.tls'),
  column('client_agent', 'text', 'client.agent'),
  column('session', 'text', 'session'),
  column('prompt_system', 'text', 'prompt.system'),
  column('prompt_template', 'text', 'prompt.template'),
  column('prompt_sketch', 'text', 'prompt.sketch'),
  column('prompt_contract', 'text', 'prompt.contract'),
  column('prompt_topic', 'count', 'prompt.topic'),
  column('prompt_task', 'text', 'prompt.task'),
  column('prompt_language', 'text', 'prompt.language'),
  column('prompt_flags', 'texts', 'prompt.flags'),
  column('custody_minted', 'texts', 'custody.minted'),
  column('custody_presented', 'texts', 'custody.presented'),
];

const account: readonly Column[] = [
  column('time', 'time', 'time!'),
  column('account', 'text', 'account!'),
  column('created_at', 'time', 'createdAt'),
  column('org', 'text', 'org'),
  column('plan', 'text', 'plan'),
  column('programme', 'text', 'programme'),
  column('payment_instrument', 'text', 'payment.instrument'),
  column('payment_issuer', 'text', 'payment.issuer'),
  column('payment_kind', 'text', 'payment.kind'),
  column('email_domain', 'text', 'email.domain'),
  column('email_pattern', 'text', 'email.pattern'),
  column('phone_prefix', 'text', 'phone.prefix'),
  column('referral', 'text', 'referral'),
  column('verified', 'flag', 'verified'),
  column('status', 'text', 'status'),
];

const release: readonly Column[] = [column('time', 'time', 'time!'), column('model', 'text', 'model!')];

export const COLUMNS: Readonly<Record<RecordType, readonly Column[]>> = { usage, account, release };
export const RECORD_TYPES = Object.keys(COLUMNS) as RecordType[];

/** Beside the record: where in the stream it came from, and the record as JSON where columns cannot hold it exactly. */
export const SHARD = 'shard';
export const SEQUENCE = 'sequence';
export const EXACT = 'exact';

/**
 * The short way from the columns of the archive to rows of exchanges: no record is made, and a text that a column keeps
 * once is checked and hashed once. It takes the records that nearly all are, exactly as `recordOf` and `parseRecord`
 * would, and names the others: a property test holds the two ways together.
 */
import type { AccountCodes } from '../aggregates/account-codes.ts';
import { EMPTY_ROW, ROW, ROW_FIELDS } from '../aggregates/exchange.ts';
import type { TextCell } from '../parquet/column-codecs.ts';
import { FLAGS, MAX_TOPIC, NETWORK_KINDS, STATUSES, TASKS } from '../records/format.ts';
import { EXACT } from './columns.ts';
import { language, name32, print32, print48, refused, wordOf } from './exchange-cells.ts';
import {
  need,
  writeClients,
  writeCounts,
  writeFlags,
  writeIdentities,
  writeLatencies,
  writeMarks,
  writeNetworks,
  writeNumbers,
  writeParams,
  writeSketches,
  writeTimes,
} from './exchange-writers.ts';
import type { Cells, WantedColumn } from './parquet-columns.ts';
import { recordColumns } from './rows.ts';

type Place = Exclude<keyof typeof ROW, 'line'>;

/** Texts that become the number at one place of the row, or at none. */
const TEXTS: readonly [name: string, cell: TextCell, place?: Place][] = [
  ['model', name32, 'model'],
  ['provider', name32],
  ['operation', name32],
  ['status', wordOf(STATUSES), 'status'],
  ['finish', name32],
  ['network_ip', print48, 'ip'],
  ['network_subnet', print48, 'subnet'],
  ['network_kind', wordOf(NETWORK_KINDS), 'networkKind'],
  ['session', print32, 'session'],
  ['prompt_system', print48, 'system'],
  ['prompt_template', print48, 'template'],
  ['prompt_contract', print48, 'contract'],
  ['prompt_task', wordOf(TASKS), 'task'],
  ['prompt_language', language, 'language'],
  // The record is what it says, not what the columns say.
  [EXACT, refused],
];
const COUNTS: readonly [name: string, max: number, place?: Place][] = [
  ['input_tokens', Number.MAX_SAFE_INTEGER, 'input'],
  ['output_tokens', Number.MAX_SAFE_INTEGER, 'output'],
  ['reasoning_tokens', Number.MAX_SAFE_INTEGER, 'reasoning'],
  ['cache_read_tokens', Number.MAX_SAFE_INTEGER, 'cacheRead'],
  ['cache_write_tokens', Number.MAX_SAFE_INTEGER],
  ['prompt_topic', MAX_TOPIC, 'topic'],
];
const CELLS = new Map<string, TextCell>([
  ...TEXTS.map(([name, cell]) => [name, cell] as const),
  ['prompt_flags', wordOf(FLAGS)],
  ['custody_minted', print48],
  ['custody_presented', print48],
]);
const NEEDED_NUMBERS = ['time', 'model', 'input_tokens', 'output_tokens'];

/** What `writeColumns` is to be given of a file. */
export const EXCHANGE_COLUMNS: readonly WantedColumn[] = recordColumns('usage').map(({ name, kind }) => {
  const cell = CELLS.get(name);
  return cell === undefined ? { name, kind } : { name, kind, cell };
});

/**
 * All of `cells` into `rows`, from its beginning: all but the line numbers. Returns the rows that are not for this
 * reader, in their order; what `rows` then has for those is of no use.
 */
export function writeColumns(cells: Cells, codes: AccountCodes, rows: Float64Array): number[] {
  const { count, texts, lists } = cells;
  const into = { rows, odd: new Uint8Array(count) };
  const numbers = (name: string) => cells.numbers.get(name);
  clear(rows, count * ROW_FIELDS);
  for (const name of NEEDED_NUMBERS) need(numbers(name), into);
  for (const [name, , place] of TEXTS) writeNumbers(numbers(name), into, place && ROW[place]);
  for (const [name, max, place] of COUNTS) writeCounts(numbers(name), into, max, place && ROW[place]);
  writeTimes(numbers('time'), into);
  writeLatencies(numbers('latency_ms'), into);
  writeNetworks(numbers('network_asn'), into);
  writeParams(numbers('max_tokens'), numbers('temperature'), numbers('tools'), numbers('stream'), into);
  writeClients(texts.get('client_tls'), texts.get('client_agent'), into);
  writeSketches(texts.get('prompt_sketch'), into);
  writeFlags(lists.get('prompt_flags'), into);
  writeMarks(lists.get('custody_minted'), into, ROW.minted);
  writeMarks(lists.get('custody_presented'), into, ROW.presented);
  writeIdentities(texts.get('account'), texts.get('id'), codes, into);
  return indicesOf(into.odd);
}

function clear(rows: Float64Array, length: number): void {
  rows.set(EMPTY_ROW);
  for (let done = ROW_FIELDS; done < length; done *= 2) rows.copyWithin(done, 0, Math.min(done, length - done));
}

function indicesOf(odd: Uint8Array): number[] {
  const indices: number[] = [];
  for (let i = odd.indexOf(1); i >= 0; i = odd.indexOf(1, i + 1)) indices.push(i);
  return indices;
}

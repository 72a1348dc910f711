/**
 * Everything that a deployment keeps in tables, written through every adapter that writes and read through every one
 * that reads. The names are those of the stack's tables.
 */
import { type DynamoDBClient, PutItemCommand, paginateScan } from '@aws-sdk/client-dynamodb';
import { envelope } from '../../core/messages/envelope.ts';
import { localSettings } from '../../core/messages/settings.ts';
import { pending } from '../../core/outbox/outbox.ts';
import { BridgeTable } from '../../lambdas/adapters/bridge-table.ts';
import { DynamoAggregates } from '../../lambdas/adapters/dynamo-aggregates.ts';
import { DynamoAuditLog } from '../../lambdas/adapters/dynamo-audit-log.ts';
import { DynamoCases } from '../../lambdas/adapters/dynamo-cases.ts';
import { DynamoClaims } from '../../lambdas/adapters/dynamo-claims.ts';
import { DynamoFindings } from '../../lambdas/adapters/dynamo-findings.ts';
import { DynamoIntakeLog } from '../../lambdas/adapters/dynamo-intake-log.ts';
import type { Item } from '../../lambdas/adapters/dynamo-items.ts';
import { DynamoOutbox } from '../../lambdas/adapters/dynamo-outbox.ts';
import { DynamoExplainLog } from '../../lambdas/adapters/explain-log.ts';
import { DynamoCalls } from '../../lambdas/collect/call-table.ts';
import { memory, tracked, transition } from '../contracts/sample-findings.ts';
import { accountRecord, DAY, EVERY_DAY, usage } from '../contracts/sample-records.ts';

export const TABLES = [
  'Aggregates',
  'FindingsTable',
  'NotificationsOutbox',
  'CasesTable',
  'KeysBridge',
  'KeysExplainLog',
  'CollectorsCalls',
] as const;
export type Tables = Record<(typeof TABLES)[number], string>;

const AT = '2026-05-15T00:00:00.000Z';
const NOW = Date.parse(AT);
/** More than an item has room for: the rest lies in a file of ids beside it. */
const MANY = 400;
const PAIR = { kind: 'ip', newer: '92772e1e19b50198', older: '91ffcaf5242cf6a6' } as const;
const CLAIM = { first: { hash: 'aa', figures: { campaigns: '1' }, at: NOW, state: 'sent', run: 'run-1' } } as const;
const CALL = { id: 'req-1', ip: '92772e1e19b50198', subnet: '91ffcaf5242cf6a6', agent: 'aabbccddeeff0011' };
const INTAKE = { records: 5, usage: 4, duplicates: 1, quarantined: 1, late: 0 };
export const busy = {
  account: 'busy',
  day: DAY,
  shard: 'shard-0',
  entries: Array.from({ length: MANY }, (_, i) => ({ sequence: String(i), record: usage('busy', `id-${i}`, 60 + i) })),
};

export function storesOf(client: DynamoDBClient, tables: Tables) {
  return {
    aggregates: new DynamoAggregates({ client, table: tables.Aggregates, retentionDays: 90 }),
    audits: new DynamoAuditLog(client, tables.Aggregates),
    intake: new DynamoIntakeLog(client, tables.Aggregates),
    findings: new DynamoFindings({ client, table: tables.FindingsTable, token: () => 'token' }),
    claims: new DynamoClaims(client, tables.FindingsTable),
    outbox: new DynamoOutbox(client, tables.NotificationsOutbox),
    cases: new DynamoCases(client, tables.CasesTable),
    bridge: new BridgeTable({ client, table: tables.KeysBridge, retentionDays: 90 }),
    explained: new DynamoExplainLog(client, tables.KeysExplainLog),
    calls: new DynamoCalls(client, tables.CollectorsCalls),
  };
}

export type Stores = ReturnType<typeof storesOf>;

export async function writeAll(stores: Stores): Promise<void> {
  const { aggregates, audits, intake, findings, claims, outbox, cases, bridge, explained, calls } = stores;
  // As it comes: what no longer fits into the item moves to the file.
  for (let i = 0; i < MANY; i += 50) await aggregates.foldUsage({ ...busy, entries: busy.entries.slice(i, i + 50) });
  await aggregates.recordAccount(accountRecord('busy', { org: 'org-1', plan: 'pro' }));
  await aggregates.recordRelease({ type: 'release', time: '2026-05-01T00:00:00.000Z', model: 'opus-5' });
  await audits.add(DAY, { audited: 500, drifted: 1 });
  await intake.add(DAY, 'shard-0', INTAKE);
  const told = transition('cmp-1');
  await findings.save(AT, memory(tracked('cmp-1')), [told]);
  await claims.write('report#week#2026-W20', CLAIM, undefined);
  const message = envelope(told, localSettings('prod'));
  const row = pending({ messageId: message.messageId, channel: 'sns', subject: 'cmp-1', severity: 'SEV2' }, NOW);
  await outbox.enrol(message, [row, { ...row, channel: 'mail' }]);
  await outbox.update({ ...row, channel: 'mail', state: 'failed', settled: NOW });
  await outbox.rememberWatch({});
  await cases.append({ at: AT, by: 'ana', finding: 'cmp-1', action: 'ack' }, 0);
  await bridge.note([PAIR], NOW);
  await explained.append({ at: AT, who: 'ana', kind: 'account', fingerprints: [], reason: 'a request' }, 'asked-1');
  await calls.put([CALL], NOW);
}

/** What each reader makes of what is stored, by reader. The log of what was explained has none: people read it. */
export const READERS: Record<string, (stores: Stores) => Promise<unknown>> = {
  accountDay: async ({ aggregates }) => hex(await aggregates.accountDay('busy', DAY)),
  histories: async ({ aggregates }) => {
    const found = [];
    for await (const { account, facts, days } of aggregates.readSegment(0, 1, EVERY_DAY))
      found.push({ account, facts, days: days.map(({ day, packed }) => [day, hex(packed)]) });
    return found;
  },
  repeats: ({ aggregates }) => aggregates.foldUsage(busy),
  releases: ({ aggregates }) => aggregates.releases(),
  audits: ({ audits }) => audits.total(DAY, DAY),
  intake: ({ intake }) => intake.total(DAY, DAY),
  memory: ({ findings }) => findings.load(),
  lastSweep: ({ findings }) => findings.lastSweep(),
  told: ({ findings }) => findings.transitionsSince(0),
  claim: ({ claims }) => claims.read('report#week#2026-W20'),
  pending: ({ outbox }) => outbox.pending(),
  failed: ({ outbox }) => outbox.failed(),
  messages: ({ outbox }) => outbox.messages(),
  watch: ({ outbox }) => outbox.watchMemory(),
  cases: ({ cases }) => cases.read(),
  bridge: async ({ bridge }) =>
    (await bridge.about([{ kind: PAIR.kind, print: PAIR.newer }], NOW)).nameOf(PAIR.kind, PAIR.newer),
  calls: async ({ calls }) => [...(await calls.get([CALL.id])).values()],
};

function hex(bytes: Uint8Array | undefined): string | undefined {
  return bytes && Buffer.from(bytes).toString('hex');
}

export async function itemsOf(client: DynamoDBClient, TableName: string): Promise<Item[]> {
  const items: Item[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName })) items.push(...Items);
  const key = ({ pk, sk }: Item) => `${pk!.S} ${sk!.S}`;
  return items.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

export async function putItems(client: DynamoDBClient, TableName: string, items: readonly Item[]): Promise<void> {
  for (const Item of items) await client.send(new PutItemCommand({ TableName, Item }));
}

/** Items as JSON: bytes in base64, under the name that DynamoDB itself gives them. */
export function toText(items: unknown): string {
  const bytes = (_: string, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;
  return `${JSON.stringify(items, bytes, 1)}\n`;
}

export function fromText(text: string): Record<string, Item[]> {
  const bytes = (name: string, value: unknown) =>
    name === 'B' && typeof value === 'string' ? new Uint8Array(Buffer.from(value, 'base64')) : value;
  return JSON.parse(text, bytes) as Record<string, Item[]>;
}

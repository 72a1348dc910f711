import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FolderPlace, moveLines, timeOf } from '../../cli/adapters/place/folder.ts';
import { MemoryPlace } from '../../cli/adapters/place/memory.ts';
import { StackPlace } from '../../cli/adapters/place/stack.ts';
import { EMPTY_BOOK, findingsOf } from '../../core/cases/book.ts';
import { enrol } from '../../core/outbox/deliver.ts';
import { CHANNELS, channelsFor } from '../../core/outbox/outbox.ts';
import { DynamoDesk } from '../../lambdas/adapters/dynamo-desk.ts';
import { DynamoFindings } from '../../lambdas/adapters/dynamo-findings.ts';
import { DynamoOutbox } from '../../lambdas/adapters/dynamo-outbox.ts';
import { knownKey } from '../../lambdas/sweep/tasks.ts';
import { MemoryObjects } from '../lambdas/support.ts';
import { ndjson, type Scratch } from '../support/cli.ts';
import { createTable, type DynamoServer, startDynalite } from '../support/dynamodb.ts';
import { writtenFolder } from '../support/written-folder.ts';
import { KNOWN, memoryOf, placeContract, WRITTEN, type Written } from './place.ts';

const folders: Scratch[] = [];
let server: DynamoServer;
beforeAll(async () => {
  server = await startDynalite();
});
afterAll(async () => {
  await server.stop();
  for (const folder of folders) folder.remove();
});

function folderOf(written: Written): Scratch {
  const tmp = writtenFolder(written);
  folders.push(tmp);
  return tmp;
}

placeContract('memory', async ({ transitions, findings, messages, book }) => {
  const deliveries = (severity: 'SEV2') =>
    channelsFor(severity, CHANNELS).map((channel) => ({ channel, state: 'written' as const, attempts: 0 }));
  const told = messages.map((message) => ({ at: timeOf(message), message, deliveries: deliveries('SEV2') }));
  return new MemoryPlace({
    transitions,
    members: findings.flatMap(({ members }) => members),
    messages: told,
    moves: findings.flatMap(moveLines),
    desk: { book, findings: findingsOf(findings) },
    known: KNOWN,
  });
});

placeContract('a folder', async (written) => new FolderPlace(folderOf(written).folder));

placeContract('tables', async (written) => {
  const [findings, outbox, cases] = await Promise.all([
    createTable(server, 'FindingsTable'),
    createTable(server, 'NotificationsOutbox'),
    createTable(server, 'CasesTable'),
  ]);
  const store = new DynamoFindings({ client: server.client, table: findings });
  const byTime = Map.groupBy(written.transitions, ({ finding }) => finding.at);
  for (const [at, transitions] of byTime) await store.save(at, memoryOf(written), transitions);
  const senders = new Map(CHANNELS.map((channel) => [channel, async () => 'taken'] as const));
  const delivery = { store: new DynamoOutbox(server.client, outbox), senders, now: () => 0, random: () => 0 };
  for (const message of written.messages) await enrol(message, delivery);
  const objects = new MemoryObjects();
  await objects.put(knownKey(written.transitions.at(-1)!.finding.at), new Uint8Array(KNOWN.buffer));
  await new DynamoDesk(server.client, outbox).save(written.book, EMPTY_BOOK, undefined);
  return new StackPlace('stack:test', server.client, { findings, outbox, cases }, objects);
});

describe('cases.ndjson', () => {
  const ack = { seq: 1, at: '2026-05-15T00:06:00.000Z', by: 'mara', action: 'ack', finding: 'cmp-1' };
  const place = (text: string) => {
    const tmp = folderOf(WRITTEN);
    tmp.file('cases.ndjson', text);
    return new FolderPlace(tmp.folder);
  };

  it.each([
    ['a key that is not known', ndjson([{ ...ack, untill: 'x' }]), /cases.ndjson:1: .*untill/],
    ['a place that is missing', ndjson([ack, { ...ack, seq: 3 }]), /cases.ndjson:2: seq: must be 2, not 3/],
    ['a line that is cut off', `${JSON.stringify(ack)}\n{"seq":2`, /cases.ndjson:2: is not JSON/],
    ['a time that is none', ndjson([{ ...ack, at: 'yesterday' }]), /cases.ndjson:1: at: must be a time/],
  ])('with %s is refused with its line, and nothing is added to it', async (_, text, message) => {
    const { cases, name } = place(text);
    await expect(cases.read()).rejects.toThrow(message);
    const { seq: _seq, ...entry } = ack;
    await expect(cases.append(entry as never, 1)).rejects.toThrow(message);
    expect(readFileSync(`${name}/cases.ndjson`, 'utf8')).toBe(text);
  });

  it('that an editor left without its last line end is added to on a line of its own', async () => {
    const { cases } = place(JSON.stringify(ack));
    const { seq: _, ...entry } = ack;
    await cases.append(entry as never, 1);
    expect(await cases.read()).toHaveLength(2);
  });
});

/** People's decisions by the command line: what is written, what is refused, and what a replay makes of it. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { FolderPlace } from '../../cli/adapters/place/folder.ts';
import { StackPlace } from '../../cli/adapters/place/stack.ts';
import { ackCommand, assignCommand, noteCommand, snoozeCommand, verdictCommand } from '../../cli/commands/cases.ts';
import { listCommand, showCommand } from '../../cli/commands/findings.ts';
import {
  exceptionAddCommand,
  planAddCommand,
  silenceEndCommand,
  silenceListCommand,
} from '../../cli/commands/silences.ts';
import { NO_MEMORY } from '../../core/campaigns/tracked.ts';
import { EMPTY_BOOK } from '../../core/cases/book.ts';
import type { Member } from '../../core/findings/finding.ts';
import type { Place } from '../../core/place.ts';
import { DynamoDesk } from '../../lambdas/adapters/dynamo-desk.ts';
import { DynamoFindings } from '../../lambdas/adapters/dynamo-findings.ts';
import { DynamoOutbox } from '../../lambdas/adapters/dynamo-outbox.ts';
import { knownKey } from '../../lambdas/sweep/tasks.ts';
import { tracked } from '../contracts/sample-findings.ts';
import { MemoryObjects } from '../lambdas/support.ts';
import { ndjson, replay, type Scratch, scratch, simulated } from '../support/cli.ts';
import { createTable, type DynamoServer, startDynalite } from '../support/dynamodb.ts';

let tmp: Scratch;
let world: string;
let id: string;
let opened: string;
let member: string;
let server: DynamoServer;
const open = vi.hoisted(() => ({ place: undefined as Place | undefined }));
vi.mock('../../cli/adapters/place/open.ts', () => ({
  openPlace: async () => open.place!,
  actor: async (_: string, by?: string) => by ?? 'mara',
}));

const out = () => tmp.at('out');
const log = () =>
  existsSync(tmp.at('out', 'cases.ndjson')) ? readFileSync(tmp.at('out', 'cases.ndjson'), 'utf8') : '';
const outbox = () => readdirSync(tmp.at('out', 'outbox')).filter((name) => name.endsWith('.txt'));
const args = { at: 'here' };
const excepted = {
  ...args,
  classification: 'distillation',
  until: '30d',
  reason: 'ours',
  owner: 'lee',
  approvedBy: 'kim',
};

beforeAll(async () => {
  tmp = scratch();
  world = tmp.file('world.ndjson', ndjson(simulated().records));
  await replay([world], out());
  const lines = readFileSync(tmp.at('out', 'findings.ndjson'), 'utf8').trim().split('\n');
  ({ id, at: opened } = JSON.parse(lines[0]!) as { id: string; at: string });
  member = (JSON.parse(readFileSync(tmp.at('out', 'members.ndjson'), 'utf8').split('\n')[0]!) as Member).account;
  server = await startDynalite();
});
afterAll(async () => {
  tmp.remove();
  await server.stop();
});
beforeEach(() => {
  rmSync(tmp.at('out', 'cases.ndjson'), { force: true });
  open.place = new FolderPlace(out());
});

async function printed(command: () => Promise<void>): Promise<string> {
  const seen = vi.spyOn(console, 'log').mockImplementation(() => {});
  try {
    await command();
    return seen.mock.calls.map(([line]) => String(line)).join('\n');
  } finally {
    seen.mockRestore();
  }
}

describe('what is refused', () => {
  it.each<[string, () => Promise<void>, RegExp]>([
    [
      'an exception of 91 days',
      () => exceptionAddCommand({ ...excepted, account: member, until: '91d' }),
      /--until .*within 90 days/,
    ],
    [
      'an exception without a reason',
      () => exceptionAddCommand({ ...excepted, account: member, reason: ' ' }),
      /reason: must not be empty/,
    ],
    [
      'an exception without an owner',
      () => exceptionAddCommand({ ...excepted, account: member, owner: '' }),
      /owner: must not be empty/,
    ],
    [
      'a scope that matches nothing',
      () => exceptionAddCommand({ ...excepted, account: 'nobody' }),
      /--account nobody: matches nothing/,
    ],
    [
      'a template that no member uses',
      () => exceptionAddCommand({ ...excepted, template: 'none' }),
      /--template none: matches nothing/,
    ],
    ['two scopes', () => exceptionAddCommand({ ...excepted, account: member, org: 'o' }), /name one/],
    [
      'a class that is none',
      () => exceptionAddCommand({ ...excepted, account: member, classification: 'spam' }),
      /--classification spam/,
    ],
    [
      'a ceiling without its day',
      () => exceptionAddCommand({ ...excepted, account: member, ceiling: '100' }),
      /--ceiling 100: .*5000\/d/,
    ],
    [
      'a snooze of 91 days',
      () => snoozeCommand(id, { ...args, for: '91d', reason: 'x' }),
      /--for .*within 24 h while SEV1/,
    ],
    ['a snooze without a reason', () => snoozeCommand(id, { ...args, for: '4h' }), /--reason/],
    [
      'a snooze that is over',
      () => snoozeCommand(id, { ...args, for: '2026-01-01T00:00:00Z', reason: 'x' }),
      /is over already/,
    ],
    [
      'a length that is none',
      () => snoozeCommand(id, { ...args, for: 'soon', reason: 'x' }),
      /--for soon: must be a duration/,
    ],
    ['a finding that is not there', () => ackCommand('cmp-00000000', args), /cmp-00000000: no such finding/],
    [
      'a verdict that is none',
      () => verdictCommand(id, 'benign', { ...args, reason: 'x' }),
      /benign: no such verdict; choose one of confirmed/,
    ],
    ['a duplicate of nothing', () => verdictCommand(id, 'duplicate', { ...args, reason: 'x' }), /--of/],
    ['a note that is too long', () => noteCommand(id, 'x'.repeat(4001), args), /text/],
    [
      'an end of an exception that is not there',
      () => silenceEndCommand('exception', 'exc-1', args),
      /exc-1: no such exception/,
    ],
    [
      'a plan with two ceilings',
      () =>
        planAddCommand({
          ...args,
          account: member,
          from: '1d',
          to: '2d',
          maxExchanges: '1',
          maxOutput: '1',
          reason: 'x',
          owner: 'y',
        }),
      /name one of the two/,
    ],
    [
      'a plan that ends before it begins',
      () =>
        planAddCommand({ ...args, account: member, from: '2d', to: '1d', maxExchanges: '1', reason: 'x', owner: 'y' }),
      /must be after --from/,
    ],
  ])('%s: one line, exit 2, and nothing is written', async (_, command, message) => {
    const error = await command().then(
      () => undefined,
      (thrown: Error & { exitCode?: number }) => thrown,
    );
    expect(error?.message).toMatch(message);
    expect(error?.message).not.toContain('\n');
    expect(error?.exitCode).toBe(2);
    expect(log()).toBe('');
  });

  it('who comes second is told what the finding is now, and nothing is written', async () => {
    const place = new FolderPlace(out());
    const raced = vi.spyOn(place, 'knows');
    const append = place.cases.append.bind(place.cases);
    let first = true;
    vi.spyOn(place.cases, 'append').mockImplementation(async (entry, after) => {
      if (first) await append({ action: 'ack', finding: id, at: new Date().toISOString(), by: 'tom' }, after);
      first = false;
      return append(entry, after);
    });
    open.place = place;
    await expect(assignCommand(id, 'lee', args)).rejects.toThrow(
      /somebody was faster: .*tom {2}ack; .* is acked by tom/,
    );
    expect(log().trim().split('\n')).toHaveLength(1);
    expect(raced).not.toHaveBeenCalled();
  });
});

/** Every verb once, and what each prints. */
async function allVerbs(): Promise<string> {
  const said: string[] = [];
  const say = async (command: () => Promise<void>) => said.push(await printed(command));
  await say(() => ackCommand(id, args));
  await say(() => ackCommand(id, { ...args, by: 'tom' }));
  await say(() => assignCommand(id, 'trust-team', args));
  await say(() => noteCommand(id, 'one pool', args));
  await say(() => snoozeCommand(id, { ...args, for: '4h', reason: 'waiting' }));
  await say(() => listCommand({ ...args, ending: '14d' }));
  await say(() => snoozeCommand(id, { ...args, end: true }));
  await say(() => exceptionAddCommand({ ...excepted, account: member, ceiling: '500/d' }));
  await say(() => silenceListCommand('exception', args));
  await say(() =>
    planAddCommand({
      ...args,
      account: member,
      from: '1d',
      to: '9d',
      maxExchanges: '100',
      reason: 'test',
      owner: 'lee',
    }),
  );
  await say(() => silenceListCommand('plan', { ...args, json: true }));
  await say(() => verdictCommand(id, 'confirmed', { ...args, reason: 'seen it' }));
  await say(() => listCommand(args));
  await say(() => listCommand({ ...args, state: 'acked', json: true }));
  await say(() => listCommand({ ...args, unacked: true }));
  await say(() => listCommand({ ...args, undelivered: true }));
  await say(() => showCommand(id, { ...args, why: true, members: true, log: true }));
  await say(() => showCommand(id, { ...args, log: true, json: true }));
  // What differs from run to run: clocks and the ids made by chance.
  return said
    .join('\n')
    .replaceAll(/20\d\d-\d\d-\d\dT[\d:.]+Z?/g, 'TIME')
    .replaceAll(/\b(exc|plan)-[0-9a-f]{6}/g, '$1-ID');
}

/** The same findings, members and messages in tables. */
async function tablesOf(folder: FolderPlace): Promise<StackPlace> {
  const [findings, cases, outboxTable] = await Promise.all([
    createTable(server, 'FindingsTable'),
    createTable(server, 'CasesTable'),
    createTable(server, 'NotificationsOutbox'),
  ]);
  const [transitions, members, { book, findings: held }] = await Promise.all([
    folder.transitions(),
    folder.members(),
    folder.desk(),
  ]);
  const ids = [...new Set(transitions.map(({ finding }) => finding.id))];
  const memory = {
    ...NO_MEMORY,
    tracked: ids.map((each) => {
      const seen = held.get(each)?.seen;
      return {
        ...tracked(each),
        members: members.filter(({ finding }) => finding === each),
        ...(seen ? { seen } : {}),
      };
    }),
  };
  const store = new DynamoFindings({ client: server.client, table: findings });
  for (const [at, own] of Map.groupBy(transitions, ({ finding }) => finding.at)) await store.save(at, memory, own);
  await new DynamoDesk(server.client, outboxTable).save(book, EMPTY_BOOK, undefined);
  for (const { message } of await folder.messages())
    await new DynamoOutbox(server.client, outboxTable).enrol(message, []);
  const objects = new MemoryObjects();
  await objects.put(knownKey(transitions.at(-1)!.finding.at), readFileSync(tmp.at('out', 'known.bin')));
  return new StackPlace('here', server.client, { findings, cases, outbox: outboxTable }, objects);
}

describe('a folder and tables', () => {
  it('answer every command with the same words', async () => {
    const folder = new FolderPlace(out());
    const tables = await tablesOf(folder);
    const inFolder = await allVerbs();
    open.place = tables;
    expect(await allVerbs()).toBe(inFolder);
    expect(inFolder).toContain(`${id} is acked by mara since TIME`);
    expect(inFolder).toContain('it covers 1 of 40 certain accounts');
  });
});

describe('a replay', () => {
  const entry = (seq: number, minutes: number, more: object) => ({
    seq,
    at: new Date(Date.parse(opened) + minutes * 60_000).toISOString(),
    by: 'mara',
    ...more,
  });
  const again = async (entries: readonly object[]) => {
    const text = ndjson(entries);
    writeFileSync(tmp.at('out', 'cases.ndjson'), text);
    await replay([world], out());
    expect(log()).toBe(text);
    return outbox();
  };

  it('takes in each decision at its own time, tells it in the thread, and leaves the log as it is', async () => {
    const names = await again([entry(1, 5, { action: 'ack', finding: id })]);
    expect(names.filter((name) => name.includes('-acked'))).toHaveLength(1);
    expect(names.filter((name) => name.includes('-reminder'))).toEqual([]);
    const acked = names.find((name) => name.includes('-acked'))!.replace('.txt', '');
    const body = (kind: string) => readFileSync(tmp.at('out', 'outbox', `${acked}.${kind}`), 'utf8');
    expect(JSON.parse(body('pagerduty.json'))).toMatchObject({ event_action: 'acknowledge' });
    expect(body('txt')).toContain('CASE  ack by mara');
    expect(existsSync(tmp.at('out', 'outbox', `${acked}.eml`))).toBe(false);
  });

  it('tells nothing of a finding that was excepted whole, and the same figures all the same', async () => {
    const before = readFileSync(tmp.at('out', 'findings.ndjson'), 'utf8');
    const accounts = (await new FolderPlace(out()).members(id)).map(({ account }) => account);
    const names = await again(
      accounts.map((account, i) =>
        entry(i + 1, -60, {
          action: 'exception',
          id: `exc-${i}`,
          scope: { account },
          classifications: ['distillation'],
          until: new Date(Date.parse(opened) + 80 * 86_400_000).toISOString(),
          reason: 'ours',
          owner: 'lee',
          approvedBy: 'kim',
        }),
      ),
    );
    expect(names).toEqual([]);
    expect(readFileSync(tmp.at('out', 'findings.ndjson'), 'utf8')).toBe(before);
  });

  it('stops at a line that it does not understand, and leaves the folder as it was', async () => {
    writeFileSync(tmp.at('out', 'cases.ndjson'), '{"seq":1,"action":"ack","untill":"x"}\n');
    await expect(replay([world], out())).rejects.toThrow(/cases.ndjson:1: /);
    expect(existsSync(tmp.at('out', 'findings.ndjson'))).toBe(true);
  });
});

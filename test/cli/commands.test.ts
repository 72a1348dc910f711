/** What is printed, and where. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { exportsCommand } from '../../cli/commands/exports.ts';
import { listCommand, showCommand } from '../../cli/commands/findings.ts';
import type { WorldTruth } from '../../cli/simulate/truth.ts';
import { type Ended, ndjson, type Scratch, scratch, simulated, start, stillwatch } from '../support/cli.ts';
import { type Results, readResults } from '../support/findings-contract.ts';

let tmp: Scratch;
let truth: WorldTruth;
let json: Ended;
let results: Results;

beforeAll(async () => {
  tmp = scratch();
  const world = simulated();
  truth = world.truth;
  tmp.file('world.ndjson', ndjson(world.records));
  json = await stillwatch(['replay', 'world.ndjson', '--out', 'out', '--json'], tmp.folder);
  results = readResults(tmp.at('out'));
});
afterAll(() => tmp.remove());

/** What a command of this process prints, line by line. */
async function printed(command: () => Promise<void>): Promise<string[]> {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  try {
    await command();
    return log.mock.calls.map(([line]) => String(line));
  } finally {
    log.mockRestore();
  }
}
const at = () => tmp.at('out');
const last = () => results.findings.at(-1)!;

describe('replay without a terminal', () => {
  it('with --json prints one object, the summary, and nothing else', () => {
    expect(json).toMatchObject({ code: 0, stderr: '' });
    expect(json.stdout.trimEnd()).not.toContain('\n');
    expect(JSON.parse(json.stdout)).toEqual(JSON.parse(readFileSync(tmp.at('out', 'summary.json'), 'utf8')));
  });

  it('else prints the counts, the new findings and where the report is, without a control character', async () => {
    const { code, stdout, stderr } = await stillwatch(['replay', 'world.ndjson', '--out', 'plain'], tmp.folder);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`${results.summary.usage.toLocaleString('en-US')} exchanges`);
    expect(stdout).toContain(last().id);
    expect(stdout).toContain('plain/report.html');
    expect([...stdout].every((letter) => letter >= ' ' || letter === '\n')).toBe(true);
  });
});

describe('list', () => {
  it('names every finding once, as it last was', async () => {
    const lines = await printed(() => listCommand({ at: at() }));
    expect(lines).toHaveLength(2);
    for (const cell of [
      last().id,
      last().state,
      last().severity,
      last().classification,
      last().exchanges.toLocaleString('en-US'),
    ])
      expect(lines[1]).toContain(cell);
    expect(JSON.parse((await printed(() => listCommand({ at: at(), json: true }))).join(''))).toMatchObject([last()]);
  });

  it('reads its folder from the environment, as a process', async () => {
    const { child, ended } = start(['list', '--json'], tmp.folder, { STILLWATCH_AT: 'out' });
    child.stdin!.end();
    const { code, stdout, stderr } = await ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject([last()]);
  });
});

describe('show', () => {
  it('gives figures, history and, when asked, evidence and innocent causes', async () => {
    const plain = await printed(() => showCommand(last().id, { at: at() }));
    const why = await printed(() => showCommand(last().id, { at: at(), why: true }));
    expect(plain.join('\n')).toContain(`${last().accounts.certain} certain, ${last().accounts.probable} probable`);
    for (const cause of ['corporate NAT', 'reseller', 'org move']) expect(why.join('\n')).toContain(cause);
    expect(plain.join('\n')).toContain(`${last().window.from} to ${last().window.to}`);
    for (const { at: time, state } of results.findings) expect(plain.join('\n')).toContain(`${time}  ${state}`);
    for (const { unit } of last().evidence) {
      expect(why.join('\n')).toContain(unit);
      expect(plain.join('\n')).not.toContain(unit);
    }
  });

  it('with --members gives one account a line', async () => {
    const lines = await printed(() => showCommand(last().id, { at: at(), members: true }));
    const accounts = lines.map((line) => line.split(' ')[0]!).filter((word) => word.startsWith('k_'));
    expect(accounts).toEqual(results.members.map(({ account }) => account));
    expect(accounts.filter((account) => truth.campaigns[0]!.accounts.includes(account)).length).toBe(accounts.length);
  });

  it('as JSON gives finding, transitions and members as they are in the files', async () => {
    const shown = await printed(() => showCommand(last().id, { at: at(), members: true, json: true }));
    expect(JSON.parse(shown.join(''))).toMatchObject({
      finding: last(),
      transitions: results.findings,
      members: results.members,
    });
  });

  it('with --messages gives each message with its channels, and with --log what was decided', async () => {
    const lines = await printed(() => showCommand(last().id, { at: at(), messages: true, log: true }));
    const titles = lines.filter((line) => line.includes(`[${last().severity}]`));
    const messages = titles.filter((line) => !line.includes('UNACKED'));
    expect(messages).toHaveLength(results.findings.length);
    expect(lines.filter((line) => line === '  webhook: written')).toHaveLength(titles.length);
  });

  it('refuses an id that is not there, and says how to find one', async () => {
    await expect(showCommand('cmp-00000000', { at: at() })).rejects.toThrow(
      /no such finding in .*stillwatch list --at/,
    );
  });
});

describe('export', () => {
  it.each([
    ['nothing', undefined, {}, /name one of ID --as FORMAT, --digest DAY, --weekly WEEK or --undelivered$/],
    ['two at once', undefined, { digest: '2026-05-30', weekly: '2026-W22' }, /not --digest and --weekly$/],
    ['a finding and a period', 'cmp-1', { weekly: '2026-W22' }, /not a finding and --weekly$/],
    ['a finding to be sent', 'cmp-1', { as: 'json', send: true }, /--send goes with .*, not with a finding$/],
    [
      'a format of a report',
      undefined,
      { weekly: '2026-W22', as: 'csv' },
      /--as goes with a finding, not with --weekly$/,
    ],
    [
      'undelivered messages of a folder to be sent',
      undefined,
      { undelivered: true, send: true },
      /a folder sends nothing/,
    ],
  ])('of %s is refused in one line', async (_, id, args, message) => {
    await expect(exportsCommand(id, [], { at: at(), ...args })).rejects.toThrow(message);
  });

  it('of what was not delivered says so where all was', async () => {
    expect(await printed(() => exportsCommand(undefined, [], { at: at(), undelivered: true }))).toEqual([
      'every message is delivered',
    ]);
  });
});

describe('a group of commands', () => {
  it.each([
    ['exception', 'add, list or end'],
    ['plan', 'add, list or end'],
    ['quarantine', 'list or retry'],
  ])('%s names its own where none or a wrong one is given', async (group, verbs) => {
    for (const wrong of [[], ['foo']]) {
      const { code, stderr } = await stillwatch([group, ...wrong], tmp.folder);
      expect({ code, stderr }).toEqual({
        code: 2,
        stderr: `stillwatch: ${[group, ...wrong].join(' ')}: must be ${verbs}\n`,
      });
    }
  });
});

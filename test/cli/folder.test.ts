/** The folder of results: replaced when a run succeeds, untouched when it does not. */
import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesUnder, ndjson, replay, type Scratch, scratch, simulated, start } from '../support/cli.ts';
import { readResults } from '../support/findings-contract.ts';
import { aUsage } from '../support/records.ts';

let tmp: Scratch;
let world: string;
const CASES =
  '{"seq":1,"at":"2026-04-30T08:00:00.000Z","by":"somebody","finding":"cmp-00000000","action":"note","text":"kept"}\n';
const REGISTER = '{"register":"kept"}\n';

beforeAll(async () => {
  tmp = scratch();
  world = ndjson(simulated().records);
  await replay([tmp.file('world.ndjson', world)], tmp.at('out'));
  tmp.file('out/cases.ndjson', CASES);
  tmp.file('out/register.ndjson', REGISTER);
  tmp.file('out/outbox/stale.txt', 'of a run before');
});
afterAll(() => tmp.remove());

const content = () => new Map([...filesUnder(tmp.at('out'))].map(([name, bytes]) => [name, bytes.toString('base64')]));
const idFolders = () => readdirSync(tmpdir()).filter((name) => name.startsWith('stillwatch-ids-'));

/** Waits until `holds`, at most ten seconds. */
async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 500 && !holds(); tries++) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(holds()).toBe(true);
}

describe('a folder that holds an earlier replay', () => {
  it('is as it was after a run whose input is wrong', async () => {
    const before = content();
    await expect(replay([tmp.file('bad.ndjson', '{"a":1}\n')], tmp.at('out'))).rejects.toThrow(/of no known format/);
    expect(content()).toEqual(before);
  });

  it('is as it was after a run that fails half way', async () => {
    const before = content();
    const onProgress = () => {
      expect(existsSync(tmp.at('out', '.replay-in-progress'))).toBe(true);
      throw new Error('the disk is full');
    };
    await expect(replay([tmp.at('world.ndjson')], tmp.at('out'), { onProgress })).rejects.toThrow('the disk is full');
    expect(content()).toEqual(before);
  });

  it('is as it was after Ctrl-C in the middle of a run, which ends with 130 and clears up', async () => {
    const before = content();
    const folders = idFolders();
    const { child, ended } = start(['replay', '-', '--out', tmp.at('out')], tmp.folder);
    child.stdin!.on('error', () => {});
    child.stdin!.write(world);
    await until(() => existsSync(tmp.at('out', '.replay-in-progress')) && idFolders().length > folders.length);
    child.kill('SIGINT');
    const { code, stdout, stderr } = await ended;
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    expect(stderr).toMatch(/^\n?stillwatch: interrupted; [^\n]*\n$/);
    expect(content()).toEqual(before);
    expect(existsSync(tmp.at('out', '.replay-in-progress'))).toBe(false);
    await until(() => idFolders().length <= folders.length);
  });

  it('gets the results of the next run, all of them, and keeps what is not a result', async () => {
    expect(readResults(tmp.at('out')).findings.length).toBeGreaterThan(0);
    await replay([tmp.file('one.ndjson', ndjson([aUsage()]))], tmp.at('out'));
    const { findings, members, quarantine, summary } = readResults(tmp.at('out'));
    expect({ findings, members, quarantine }).toEqual({ findings: [], members: [], quarantine: [] });
    expect(summary).toMatchObject({ usage: 1, sweeps: 1 });
    const files = filesUnder(tmp.at('out'));
    expect([`${files.get('cases.ndjson')}`, `${files.get('register.ndjson')}`]).toEqual([CASES, REGISTER]);
    expect([...files.keys()].filter((name) => name.startsWith('outbox/') && !/-(daily|weekly)/.test(name))).toEqual([]);
  });
});

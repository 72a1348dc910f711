import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { spanOf } from '../../cli/adapters/place/folder-watch.ts';
import { periodsOf } from '../../cli/replay/reports.ts';
import { ndjson, replay, type Scratch, scratch, simulated, stillwatch } from '../support/cli.ts';

let tmp: Scratch;
beforeAll(async () => {
  tmp = scratch();
  await replay([tmp.file('world.ndjson', ndjson(simulated().records))], tmp.at('out'));
});
afterAll(() => tmp.remove());

describe('the mails of a replay', () => {
  it('are a digest for each day with something to say, and a weekly report', () => {
    const names = readdirSync(tmp.at('out', 'outbox')).filter((name) => /-(daily|weekly)\.eml$/.test(name));
    expect(names.filter((name) => name.endsWith('weekly.eml'))).toHaveLength(1);
    const digests = names.filter((name) => name.endsWith('daily.eml'));
    expect(digests.length).toBeGreaterThan(0);
    expect(digests.length).toBeLessThan(4);
    for (const name of digests) {
      const mail = readFileSync(tmp.at('out', 'outbox', name), 'utf8');
      expect(mail).toMatch(/^Subject: \[Stillwatch\] Daily \d+ \w+: \d+ open, \d+ folded changes?, \d+ unacked\r$/m);
    }
  });

  it('are of whole days and weeks, Monday to Sunday, and of the last seven days', () => {
    const to = '2026-06-24T10:00:00.001Z';
    const periods = periodsOf(spanOf({ from: '2026-06-11T05:00:00.000Z', sweeps: [{ at: to }] as never })!);
    expect(periods.filter(({ from, to: end }) => Date.parse(end) - Date.parse(from) === 86_400_000)).toHaveLength(13);
    expect(periods.slice(13)).toEqual([
      expect.objectContaining({ from: '2026-06-15T00:00:00.000Z', to: '2026-06-22T00:00:00.000Z' }),
      { from: '2026-06-18T00:00:00.000Z', to },
    ]);
  });
});

describe('asking for a report', () => {
  const run = (...args: string[]) => stillwatch([...args, '--at', tmp.at('out')], tmp.folder);

  it('report writes the page that the replay wrote', async () => {
    const page = tmp.at('page.html');
    expect((await run('report', '--out', page)).code).toBe(0);
    expect(readFileSync(page, 'utf8')).toBe(readFileSync(tmp.at('out', 'report.html'), 'utf8'));
  });

  it('export prints the mail, or writes it as one file', async () => {
    const day = JSON.parse(readFileSync(tmp.at('out', 'watch.json'), 'utf8')).from.slice(0, 10);
    const printed = await run('export', '--weekly', day);
    expect(printed.code).toBe(0);
    expect(printed.stdout).toMatch(/^Subject: \[Stillwatch\] Weekly /);
    expect(printed.stdout).toContain('BOTTOM LINE');
    const file = tmp.at('week.eml');
    await run('export', '--weekly', day, '--out', file);
    expect(readFileSync(file, 'utf8')).toMatch(/^Subject: \[Stillwatch\] Weekly /m);
  });

  it.each([
    [['export'], /name one of ID --as FORMAT, --digest DAY, --weekly WEEK or --undelivered/],
    [['export', '--digest', 'yesterday'], /--digest yesterday: must be a day/],
    [['export', '--weekly', '2026-W60'], /2026 has no such week/],
    [['export', '--weekly', '2026-W20', '--send'], /a folder sends nothing/],
    [['report', '--out', '/nowhere/page.html'], /--out \/nowhere\/page\.html: cannot be written/],
  ])('a wrong call ends in one line that says what to do: %s', async (args, line) => {
    const { code, stderr } = await run(...args);
    expect(code).toBe(2);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(line);
  });
});

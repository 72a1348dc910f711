/** A detector tried out in shadow by a replay: what its owner reads of it, from the folder that is left. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { showCommand } from '../../cli/commands/findings.ts';
import { exportReportCommand } from '../../cli/commands/report.ts';
import type { Finding } from '../../core/findings/finding.ts';
import { parseSettings } from '../../core/settings.ts';
import { defaultConfig, ndjson, replay, type Scratch, scratch, simulated } from '../support/cli.ts';

let tmp: Scratch;
let at: string;
let finding: Finding;

beforeAll(async () => {
  tmp = scratch();
  at = tmp.at('out');
  const settings = parseSettings({ detection: { shadow: ['reasoning-elicitation', 'cohort-birth'] } });
  await replay([tmp.file('world.ndjson', ndjson(simulated().records))], at, {
    config: { ...defaultConfig(), settings },
  });
  const lines = readFileSync(tmp.at('out', 'findings.ndjson'), 'utf8').trim().split('\n');
  finding = lines.map((line) => JSON.parse(line) as Finding).findLast(({ kind }) => kind === 'campaign')!;
}, 120_000);
afterAll(() => tmp.remove());

async function printed(command: () => Promise<void>): Promise<string> {
  const lines: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  await command().finally(() => log.mockRestore());
  return lines.join('\n');
}

const shown = (options: { json?: boolean } = {}) =>
  printed(() => showCommand(finding.id, { at, why: true, ...options }));

it('is in no finding that is told, and apart from what counts where a person asks why', async () => {
  expect(readFileSync(tmp.at('out', 'findings.ndjson'), 'utf8')).not.toMatch(
    /shadow|reasoning-elicitation|cohort-birth/,
  );
  const text = await shown();
  expect(text).toMatch(/^in shadow +observed/m);
  expect(text).toMatch(/^if counted, it would have \d+\.\d nats instead of \d+\.\d, and be \w+$/m);
  const { shadow } = JSON.parse(await shown({ json: true })) as { shadow: { evidence: { detector: string }[] } };
  expect(shadow.evidence.map(({ detector }) => detector).toSorted()).toEqual(['cohort-birth', 'reasoning-elicitation']);
});

it('is in the weekly report: for how many it speaks, how strongly, and what would have been different', async () => {
  const text = (await printed(() => exportReportCommand({ at, weekly: finding.at.slice(0, 10) }))).replace(/\s+/g, ' ');
  expect(text).toMatch(/in shadow, reasoning-elicitation speaks for 1 of 1 campaign/);
  expect(text).toContain(`if counted, ${finding.id}: `);
});

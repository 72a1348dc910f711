/** Dossiers as the command writes them, of a small world: for the house, and for readers outside. */
import { readFileSync } from 'node:fs';
import { dossierCommand } from '../../cli/commands/dossier.ts';
import type { Finding } from '../../core/findings/finding.ts';
import { ndjson, replay, scratch, simulated } from '../support/cli.ts';
import type { Page } from './pages.ts';

const EDITIONS = ['internal', 'external'] as const;

export async function dossierPages(): Promise<Page[]> {
  const tmp = scratch();
  const { log } = console;
  console.log = () => {};
  try {
    const { records } = simulated({
      seed: 'browser',
      days: 6,
      benign: { accounts: 150, maxPerDay: 80 },
      campaigns: [{ scenario: 'A1', accounts: 70, ratePerDay: 30, start: 1, days: 5 }],
    });
    const at = tmp.at('out');
    await replay([tmp.file('world.ndjson', ndjson(records))], at);
    const config = tmp.file('config.json', JSON.stringify({ listPrices: { 'opus-5': 25 } }));
    const last = readFileSync(tmp.at('out', 'findings.ndjson'), 'utf8').trim().split('\n').at(-1)!;
    const { id } = JSON.parse(last) as Finding;
    const pages: Page[] = [];
    for (const edition of EDITIONS) {
      const out = tmp.at(edition);
      await dossierCommand(id, [], { at, out, edition, config, exchanges: true, population: true });
      pages.push({ name: `dossier-${edition}`, html: readFileSync(`${out}/index.html`, 'utf8') });
    }
    return pages;
  } finally {
    console.log = log;
    tmp.remove();
  }
}

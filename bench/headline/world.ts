/** The world of the headline, made once and kept outside the repository. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { runSimulate } from '../../cli/commands/simulate.ts';
import type { WorldSpec } from '../../cli/simulate/spec.ts';
import type { WorldTruth } from '../../cli/simulate/truth.ts';

/**
 * 25,000 accounts with 25.6 exchanges a day from 22 April to 5 June 2026 make 28.8 million; 200,000 benign accounts have
 * as many or more. A week before the campaign shows what is usual. `scale` takes a part of the accounts of both.
 */
export function headlineSpec(scale: number): WorldSpec {
  return {
    seed: 'headline',
    start: '2026-04-15T00:00:00.000Z',
    days: 52,
    benign: { accounts: Math.round(200_000 * scale), intensity: 0.7 },
    campaigns: [
      { scenario: 'A1', name: 'headline', accounts: Math.round(25_000 * scale), ratePerDay: 25.6, start: 7, days: 45 },
    ],
  };
}

export interface HeadlineWorld {
  file: string;
  truth: WorldTruth;
}

export async function headlineWorld(scale: number): Promise<HeadlineWorld> {
  const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'stillwatch');
  const file = join(folder, `headline-${scale}.ndjson.zst`);
  const truth = `${file}.truth.json`;
  const spec = `${JSON.stringify(headlineSpec(scale))}\n`;
  const specFile = join(folder, `headline-${scale}.json`);
  const isMade = existsSync(file) && existsSync(truth) && readFileSync(specFile, 'utf8') === spec;
  if (!isMade) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(specFile, spec);
    const part = join(folder, `part-${process.pid}.ndjson.zst`);
    const onProgress = (records: number) => {
      if (records % 1_000_000 === 0) console.error(`  ${records / 1_000_000} million records simulated`);
    };
    const { records, seconds } = await runSimulate(specFile, part, { onProgress });
    renameSync(`${part}.truth.json`, truth);
    renameSync(part, file);
    console.log(`simulated ${records.toLocaleString('en')} records in ${seconds.toFixed(0)} s, kept as ${file}`);
  }
  return { file, truth: JSON.parse(readFileSync(truth, 'utf8')) as WorldTruth };
}

/** The same records replayed on the laptop: what the cloud must tell, to the byte. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../cli/config.ts';
import { runReplay } from '../../cli/replay/run.ts';
import type { StillwatchRecord } from '../../core/records/schema.ts';
import { DAY_MS } from '../../core/records/time.ts';

/** Alerts as JSON texts by the stamp of their sweep, as `2026-04-16T00-00-00-000Z`. `deployment`: as the stage is called. */
export async function replayed(records: readonly StillwatchRecord[], deployment: string): Promise<Map<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), 'stillwatch-laptop-'));
  try {
    const input = join(folder, 'world.ndjson');
    writeFileSync(input, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
    const settings = join(folder, 'settings.json');
    writeFileSync(settings, JSON.stringify({ deployment }));
    const out = join(folder, 'out');
    await runReplay({ inputs: [input], out, sweepMs: DAY_MS, config: loadConfig(settings), now: Date.now() });
    const alerts = readdirSync(join(out, 'outbox')).filter((name) => /-cmp-[0-9a-f]+-[a-z]+\.json$/.test(name));
    return new Map(
      alerts.map((name) => [name.slice(0, 24), readFileSync(join(out, 'outbox', name), 'utf8').trimEnd()]),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

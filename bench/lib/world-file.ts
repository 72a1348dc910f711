/** A file of a simulated platform, made larger by repeating its exchanges under other ids. */
import { closeSync, openSync, writeSync } from 'node:fs';
import type { WorldSpec } from '../../cli/simulate/spec.ts';
import { simulateWorld } from '../../cli/simulate/world.ts';

/** About 200,000 records of 3,200 accounts; the campaign keeps the sweeps at work. */
export const PLATFORM: WorldSpec = {
  seed: 'bench',
  days: 10,
  benign: { accounts: 3000, intensity: 1, maxPerDay: 3000 },
  campaigns: [{ scenario: 'A1', name: 'clone', accounts: 200, start: 3, days: 7 }],
};

const CHUNK = 1024 * 1024;

/** Writes each exchange `times` times under ids of its own: times, accounts and days stay the same. Returns the records. */
export function writeWorld(file: string, spec: WorldSpec, times: number): number {
  const to = openSync(file, 'w');
  let [records, chunk] = [0, ''];
  for (const record of simulateWorld(spec)) {
    const copies = record.type === 'usage' ? times : 1;
    for (let copy = 0; copy < copies; copy++) {
      const id = record.type === 'usage' && copy > 0 ? { id: `${record.id}_${copy}` } : {};
      chunk += `${JSON.stringify({ ...record, ...id })}\n`;
      records++;
    }
    if (chunk.length < CHUNK) continue;
    writeSync(to, chunk);
    chunk = '';
  }
  writeSync(to, chunk);
  closeSync(to);
  return records;
}

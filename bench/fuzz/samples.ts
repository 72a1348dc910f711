/** Well-formed values of every format, from the recorded samples of the tests and from the contract itself. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { usageLines } from '../lib/usage-lines.ts';

const FOLDER = join(import.meta.dirname, '../../test/fixtures/sources');

export function samples(): unknown[] {
  const foreign = globSync('*.{json,ndjson}', { cwd: FOLDER }).sort().flatMap(valuesOf);
  const native = usageLines(20, 1).map((line) => JSON.parse(line) as unknown);
  return [...foreign, ...native, ACCOUNT, RELEASE];
}

function valuesOf(name: string): unknown[] {
  const text = readFileSync(join(FOLDER, name), 'utf8');
  const parts = name.endsWith('.ndjson') ? text.trim().split('\n') : [text];
  return parts.map((part) => JSON.parse(part) as unknown);
}

const ACCOUNT = {
  type: 'account',
  time: '2026-04-03T11:02:51.000Z',
  account: 'k_88dc28d0',
  createdAt: '2026-04-03T11:02:51.000Z',
  org: 'o_5521',
  payment: { instrument: 'be01c2d3e4f50617', issuer: '77aa55cc11ee3300', kind: 'virtual' },
  email: { domain: '31c5f0a9e8d7b624', pattern: 'aaaaaa9999' },
  phone: { prefix: '31c5f0a9e8d7b625' },
  verified: false,
  status: 'active',
};
const RELEASE = { type: 'release', time: '2026-05-12T16:00:00.000Z', model: 'opus-5.1' };

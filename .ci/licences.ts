/**
 * The licence of every package in the lockfile, and exit 3 where one is not of the list: what is bundled into functions
 * must be free to pass on without its source, and what only builds and tests must be free to use.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Locked {
  version?: string;
  license?: string;
  dev?: boolean;
  devOptional?: boolean;
}

/** SPDX expressions as the lockfile has them. */
const TO_PASS_ON = new Set(['MIT', 'MIT-0', 'Apache-2.0', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Unlicense']);
const TO_USE = new Set([
  ...TO_PASS_ON,
  'BlueOak-1.0.0',
  'MPL-2.0',
  'MIT OR Apache-2.0',
  '(MIT OR GPL-3.0-or-later)',
  '(MIT OR CC0-1.0)',
]);
const NOT_ALLOWED = 3;

const file = join(import.meta.dirname, '../package-lock.json');
const { packages } = JSON.parse(readFileSync(file, 'utf8')) as { packages: Record<string, Locked> };
const rows = Object.entries(packages).flatMap(
  ([path, { version, license = 'none', dev = false, devOptional = false }]) => {
    if (path === '') return [];
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const builds = dev || devOptional;
    return [{ name: `${name}@${version}`, license, builds, allowed: (builds ? TO_USE : TO_PASS_ON).has(license) }];
  },
);

const counts = new Map<string, number>();
for (const { license, builds } of rows) {
  const key = `${builds ? 'builds' : 'ships'}\t${license}`;
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
for (const [key, count] of [...counts].sort()) process.stdout.write(`${key}\t${count}\n`);
for (const { name, license, allowed } of rows) {
  if (allowed) continue;
  process.stderr.write(`${name}: licence ${license} is not allowed there: replace it, or add it in .ci/licences.ts\n`);
  process.exitCode = NOT_ALLOWED;
}

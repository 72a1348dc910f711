/**
 * Each function as it is deployed: bytes of its package, what takes them, and how long a fresh process takes on one core
 * to import it. `npm run bench -- bundles`. Exit 1 where one is above the limit of either.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle, functionNames, handlerOf, LIMIT_BYTES } from '../lambdas/bundle/bundle.ts';
import { remove } from './lib/remove.ts';

const LIMIT_MS = 300;
const ROUNDS = 9;
/** Shares of a bundle that are named. */
const NAMED = 4;

const taskset = process.platform === 'linux' && spawnSync('taskset', ['--version']).status === 0;
const folder = mkdtempSync(join(tmpdir(), 'stillwatch-bundles-'));
try {
  console.log(
    `Node ${process.version}, median of ${ROUNDS} fresh processes ${taskset ? 'on one core' : 'on any core: no taskset here'}; at most ${LIMIT_BYTES / 1000} KB and ${LIMIT_MS} ms\n`,
  );
  console.log('function             KB   import ms   most of it, KB');
  for (const name of functionNames()) await measure(name);
} finally {
  remove(folder);
}

async function measure(name: string): Promise<void> {
  const file = join(folder, `${name.replaceAll('/', '-')}.mjs`);
  const { metafile } = await bundle(handlerOf(name), file);
  const bytes = statSync(file).size;
  const times = Array.from({ length: ROUNDS }, () => importMs(file)).sort((a, b) => a - b);
  const ms = times[(ROUNDS - 1) / 2]!;
  const over = bytes > LIMIT_BYTES || ms > LIMIT_MS;
  if (over) process.exitCode = 1;
  const [output] = Object.values(metafile.outputs);
  console.log(
    `${name.padEnd(16)}${kb(bytes).padStart(7)}${ms.toFixed(0).padStart(12)}   ${largest(output!.inputs)}${over ? '   TOO LARGE OR TOO SLOW' : ''}`,
  );
}

/** Without the start of Node itself. The environment is empty: a function that reads it on import would fail. */
function importMs(file: string): number {
  const script = `const from = performance.now(); await import(${JSON.stringify(file)}); console.log(performance.now() - from)`;
  const node = [process.execPath, '--input-type=module', '-e', script];
  const [command, ...args] = taskset ? ['taskset', '-c', '0', ...node] : node;
  const { stdout, stderr, status } = spawnSync(command!, args, { env: { PATH: process.env.PATH }, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${file} cannot be imported: ${stderr}`);
  return Number(stdout);
}

/** Bytes by package, or by folder of the sources. */
function largest(inputs: Record<string, { bytesInOutput: number }>): string {
  const parts = new Map<string, number>();
  for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
    const [, inPackage] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path) ?? [];
    const part = inPackage ?? path.split('/').slice(0, 2).join('/');
    parts.set(part, (parts.get(part) ?? 0) + bytesInOutput);
  }
  const sorted = [...parts].sort((a, b) => b[1] - a[1]).slice(0, NAMED);
  return sorted.map(([part, bytes]) => `${part} ${kb(bytes)}`).join(', ');
}

function kb(bytes: number): string {
  return (bytes / 1000).toFixed(0);
}

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, describe, expect, it } from 'vitest';
import { BUNDLING } from '../../cdk/constructs/observed-function.ts';

const folder = mkdtempSync(join(tmpdir(), 'stillwatch-bundle-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Bytes of JavaScript that a cold start reads and compiles. */
const LIMIT = 2_000_000;

describe('a function as it is deployed', () => {
  it.each([
    'ingest',
    'sweep',
    'notify',
    'report',
    'collect/objects',
    'collect/logs',
    'collect/queue',
    'collect/http',
    'collect/calls',
    'collect/held',
    'audit',
    'explain',
    'rotate',
    'rotate/retire',
  ])('starts without its environment and is small enough to start fast: %s', async (name) => {
    const outfile = join(folder, `${name.replace('/', '-')}.mjs`);
    await build({
      entryPoints: [`lambdas/${name}/handler.ts`],
      outfile,
      bundle: true,
      platform: 'node',
      target: 'node24',
      format: 'esm',
      minify: BUNDLING.minify,
      mainFields: BUNDLING.mainFields,
      banner: { js: BUNDLING.banner },
    });
    expect(statSync(outfile).size).toBeLessThan(LIMIT);
    const script = `console.log(typeof (await import(${JSON.stringify(outfile)})).handler)`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
      env: {},
    });
    expect(stdout.trim()).toBe('function');
  });
});

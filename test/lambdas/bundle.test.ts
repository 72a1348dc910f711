import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle, functionNames, handlerOf, LIMIT_BYTES } from '../../lambdas/bundle/bundle.ts';
import { FULL, resourcesOf, templateOf } from '../cdk/support.ts';
import type { Told } from '../support/ask-dynamodb.ts';

const folder = mkdtempSync(join(tmpdir(), 'stillwatch-bundle-'));
afterAll(() => rmSync(folder, { recursive: true }));

const run = (script: string, env: Record<string, string> = {}) =>
  promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { env });

describe('a function as it is deployed', () => {
  it('is among those that are measured', () => {
    const deployed = resourcesOf(templateOf(FULL), 'AWS::Lambda::Function').map(
      ({ Properties }) => Properties.Environment.Variables.POWERTOOLS_SERVICE_NAME as string,
    );
    expect([...new Set(deployed)].sort()).toEqual(functionNames());
  });

  it.each(functionNames())('is small enough to start fast, and starts without its environment: %s', async (name) => {
    const file = join(folder, `${name.replace('/', '-')}.mjs`);
    const { metafile } = await bundle(handlerOf(name), file);
    expect(statSync(file).size).toBeLessThanOrEqual(LIMIT_BYTES);
    const files = Object.keys(Object.values(metafile.outputs)[0]!.inputs);
    expect(files.filter((path) => /credential-provider-(?!env|node)|nested-clients/.test(path))).toEqual([]);
    const { stdout } = await run(`console.log(typeof (await import(${JSON.stringify(file)})).handler)`);
    expect(stdout.trim()).toBe('function');
  });
});

describe('the AWS clients of a bundle', () => {
  const file = join(folder, 'ask-dynamodb.mjs');
  const LAMBDA = { AWS_ACCESS_KEY_ID: 'of-the-role', AWS_SECRET_ACCESS_KEY: 'none' };
  const ask = async (name: string, env: Record<string, string> = LAMBDA) => {
    const script = `const { ask } = await import(${JSON.stringify(file)}); console.log(JSON.stringify(await ask('${name}')))`;
    return JSON.parse((await run(script, env)).stdout) as Told;
  };
  beforeAll(() => bundle('test/support/ask-dynamodb.ts', file));

  it('sign with what Lambda puts into the environment, and tell the errors apart that a function names', async () => {
    const name = 'ConditionalCheckFailedException';
    expect(await ask(name)).toEqual({ name, message: 'no', tries: 1, signed: 'of-the-role', known: true });
  });

  it('keep the name of an error whose class was left out, and try again where it says to', async () => {
    expect(await ask('ResourceInUseException')).toMatchObject({ name: 'ResourceInUseException', tries: 1 });
    const throttled = await ask('ProvisionedThroughputExceededException');
    expect(throttled).toMatchObject({ name: 'ProvisionedThroughputExceededException', message: 'no', known: false });
    expect(throttled.tries).toBe(2);
  });

  it('say what is missing where there are no credentials', async () => {
    expect((await ask('never asked', {})).message).toContain('environment variable credentials');
  });
});

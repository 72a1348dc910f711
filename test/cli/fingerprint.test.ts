/** `stillwatch fingerprint` as somebody at the privacy desk calls it. */
import { createHash, createHmac } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { urlExplainer } from '../../cli/adapters/place/stack-explain.ts';
import { type Send, signedFor } from '../../cli/adapters/place/stack-signed.ts';
import { fingerprintCommand } from '../../cli/commands/fingerprint.ts';
import { createFingerprinter } from '../../core/records/fingerprint.ts';

const KEY = 'ab'.repeat(32);
const PRINT = createFingerprinter(Buffer.from(KEY, 'hex')).fingerprint('account', 'k_anna');
const REASON = { reason: 'TICKET-7' };

let folder: string;
let log: string;
let said: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stillwatch-fingerprint-'));
  mkdirSync(join(folder, 'stillwatch'));
  writeFileSync(join(folder, 'stillwatch', 'fingerprint.key'), `${KEY}\n`);
  log = join(folder, 'stillwatch', 'explained.ndjson');
  vi.stubEnv('XDG_CONFIG_HOME', folder);
  said = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => void said.push(line));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const entries = () =>
  readFileSync(log, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('on a laptop, with the key that replay uses', () => {
  it('a value has the fingerprint that records have it under', async () => {
    await fingerprintCommand('account', 'k_anna', REASON);
    expect(said).toEqual([`${PRINT}  this key`]);
  });

  it('a fingerprint has the one of twelve thousand values that it is of', async () => {
    const among = join(folder, 'accounts');
    writeFileSync(among, `${Array.from({ length: 12_000 }, (_, i) => `k_${i}`).join('\n')}\r\nk_anna\n`);
    await fingerprintCommand('account', undefined, { ...REASON, explain: PRINT, among });
    await fingerprintCommand('account', undefined, { ...REASON, explain: '0'.repeat(16), among, json: true });
    expect(said).toEqual(['k_anna', '{"values":[],"tried":12001}']);
  });

  it('each asking is written down for the owner alone: who, when, what and why, and no value', async () => {
    const among = join(folder, 'accounts');
    writeFileSync(among, 'k_anna\n');
    await fingerprintCommand('account', 'k_anna', REASON);
    await fingerprintCommand('account', undefined, { ...REASON, explain: PRINT, among });
    expect(entries()).toMatchObject([
      { kind: 'account', reason: 'TICKET-7', fingerprints: [{ fingerprint: PRINT }] },
      { kind: 'account', reason: 'TICKET-7', tried: 1, found: 1 },
    ]);
    expect(entries()[0]!.who).toBeTruthy();
    expect(Date.parse(String(entries()[0]!.at))).not.toBeNaN();
    expect(readFileSync(log, 'utf8')).not.toContain('anna');
    expect(statSync(log).mode & 0o777).toBe(0o600);
  });

  it('nothing is told that cannot be written down', async () => {
    mkdirSync(log);
    await expect(fingerprintCommand('account', 'k_anna', REASON)).rejects.toThrow(
      'what is not written down is not told',
    );
    expect(said).toEqual([]);
  });

  it('a machine without a key makes none: it would explain nothing', async () => {
    rmSync(join(folder, 'stillwatch', 'fingerprint.key'));
    await expect(fingerprintCommand('account', 'k_anna', REASON)).rejects.toThrow(
      'no fingerprint key; replay makes one',
    );
    expect(existsSync(join(folder, 'stillwatch', 'fingerprint.key'))).toBe(false);
  });

  it.each([
    [['account', undefined, REASON], 'give a value, or --explain'],
    [['account', 'k', { ...REASON, explain: PRINT, among: 'x' }], 'not both'],
    [['account', undefined, { ...REASON, explain: PRINT }], '--explain needs --among'],
    [
      ['account', undefined, { ...REASON, explain: PRINT, among: '/nowhere' }],
      '--among /nowhere: cannot be read (ENOENT)',
    ],
    [['name', 'k_anna', REASON], 'the kind must be one of account'],
    [['account', 'k_anna', { reason: ' ' }], 'the reason must be one line'],
    [['account', 'k_anna', { reason: 'about k_anna' }], 'the reason holds the value'],
    [['ip', 'k_anna', REASON], 'not of the kind ip'],
  ] as const)('a wrong call is one line with the remedy and without the value: %j', async (call, line) => {
    const [kind, value, options] = call;
    const error = await fingerprintCommand(kind, value, options).catch((thrown: Error) => thrown);
    expect(String((error as Error).message)).toContain(line);
    expect(String((error as Error).message)).not.toMatch(/anna|\n/);
    expect(existsSync(log)).toBe(false);
  });
});

describe('of a deployment', () => {
  const url = new URL('https://abc.lambda-url.eu-west-1.on.aws/');
  const answering =
    (status: number, body: unknown): Send =>
    async () =>
      new Response(JSON.stringify(body), { status });
  const request = { kind: 'account' as const, value: 'k_anna', reason: 'T' };

  it('tells what the function tells, and says what is missing where it does not', async () => {
    const told = { explained: [{ epoch: 'two', fingerprint: PRINT }], names: [] };
    expect(await urlExplainer(url, answering(200, told)).explain(request)).toEqual(told);
    await expect(urlExplainer(url, answering(400, { error: 'the reason…' })).explain(request)).rejects.toThrow(
      'reason',
    );
    await expect(urlExplainer(url, answering(403, { Message: 'Forbidden' })).explain(request)).rejects.toThrow(
      'lambda:InvokeFunctionUrl',
    );
    await expect(urlExplainer(url, answering(503, { error: 'nothing was told' })).explain(request)).rejects.toThrow(
      'nothing was told',
    );
  });

  it('is asked with a signature of the caller over the very body, as version 4 says', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
    vi.stubEnv('AWS_SESSION_TOKEN', '');
    const sent = vi.spyOn(globalThis, 'fetch').mockResolvedValue(new Response('{}'));
    await signedFor('lambda', 'eu-west-1')(url, '{"a":1}');
    const headers = sent.mock.calls[0]![1]!.headers as Record<string, string>;
    const date = headers['x-amz-date']!;
    const [, names, signature] = /SignedHeaders=([^,]+), Signature=(\w+)$/.exec(headers.authorization!)!;
    const canonical = [
      ...['POST', '/', ''],
      ...names!.split(';').map((name) => `${name}:${headers[name]}`),
      ...['', names, createHash('sha256').update('{"a":1}').digest('hex')],
    ].join('\n');
    const scope = `${date.slice(0, 8)}/eu-west-1/lambda/aws4_request`;
    const text = `AWS4-HMAC-SHA256\n${date}\n${scope}\n${createHash('sha256').update(canonical).digest('hex')}`;
    const mac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest();
    const key = scope.split('/').reduce<string | Buffer>((last, part) => mac(last, part), 'AWS4secret');
    expect(signature).toBe(mac(key, text).toString('hex'));
  });
});

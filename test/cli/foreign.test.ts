/** Logs of other systems through the command line: what they say in private stays out of everything written. */
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  defaultConfig,
  type Ended,
  filesUnder,
  ndjson,
  replay,
  type Scratch,
  scratch,
  stillwatch,
} from '../support/cli.ts';
import { readResults } from '../support/findings-contract.ts';
import { bedrockLines, foreignSecrets, litellmLines } from '../support/foreign.ts';
import { aUsage } from '../support/records.ts';

const SPEC = { exchanges: 600, accounts: 30, stepMs: 300_000 };
const KEY = 'ab'.repeat(32);
let tmp: Scratch;
let secrets: string[];

beforeAll(() => {
  tmp = scratch();
  tmp.file('key', KEY);
  secrets = [...foreignSecrets(SPEC), KEY];
});
afterAll(() => tmp.remove());

const config = () => ({ ...defaultConfig(), fingerprintKeyFile: tmp.at('key') });

function leaks(folder: string, ended?: Ended): string[] {
  const written = [...filesUnder(folder)].map(([name, bytes]) => `${name}\n${bytes.toString('latin1')}`);
  const all = [...written, ended?.stdout ?? '', ended?.stderr ?? ''].join('\n');
  // A mail holds its text in base64, line by line.
  const decoded = all.split('\n').map((line) => Buffer.from(line, 'base64').toString('latin1'));
  const haystack = `${all}\n${decoded.join('')}`;
  return secrets.filter((secret) => haystack.includes(secret));
}

/** The folders of a bucket that Bedrock delivers to. */
function bucket(): string {
  const logs = 'bucket/AWSLogs/111122223333/BedrockModelInvocationLogs/eu-west-1/2026/04/15/00';
  mkdirSync(tmp.at(logs, 'data'), { recursive: true });
  const lines = [...bedrockLines(SPEC)];
  const part = (from: number, to: number) => gzipSync(`${lines.slice(from, to).join('\n')}\n`);
  tmp.file(`${logs}/20260415T000000000Z_0a1b.json.gz`, part(0, 200));
  tmp.file(`${logs}/20260415T160000000Z_2c3d.json.gz`, part(200, 600));
  tmp.file(
    `${logs}/data/7f_input.json.gz`,
    gzipSync('{"messages":[{"role":"user","content":"canary in a large body"}]}'),
  );
  tmp.file('bucket/AWSLogs/111122223333/BedrockModelInvocationLogs/amazon-bedrock-logs-permission-check', 'ok');
  return tmp.at('bucket');
}

describe('a bucket of Bedrock invocation logs', () => {
  it('replays whole, large bodies and permission checks left out', async () => {
    const { summary } = await replay([bucket()], tmp.at('bedrock'), { config: config() });
    expect(summary).toMatchObject({ usage: SPEC.exchanges, quarantined: 0, accounts: SPEC.accounts });
    expect(readResults(tmp.at('bedrock')).summary).toEqual(summary);
  });

  it('gives none of its texts and keys to anything written', () => {
    expect(leaks(tmp.at('bedrock'))).toEqual([]);
  });
});

describe('LiteLLM payloads', () => {
  it('replay with their damaged lines in quarantine, and no piece of a line anywhere', async () => {
    const lines = [...litellmLines(SPEC)];
    // Cut short in the middle of a prompt, and one that holds an address where its time should be.
    lines[10] = lines[10]!.slice(0, lines[10]!.indexOf('basalt') + 6);
    lines[20] = lines[20]!.replace(/"startTime":[\d.]+/, '"startTime":"person0.canary@example.org"');
    const input = tmp.file('litellm.ndjson', `${lines.join('\n')}\n`);
    const args = ['replay', input, '--out', tmp.at('litellm'), '--json', '--config'];
    const file = tmp.file('config.json', JSON.stringify({ fingerprintKeyFile: tmp.at('key') }));
    const ended = await stillwatch([...args, file], tmp.folder);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    const { summary, quarantine } = readResults(tmp.at('litellm'));
    expect(quarantine.map(({ line }) => line)).toEqual([11, 21]);
    expect(summary).toMatchObject({ usage: SPEC.exchanges - 2, quarantined: 2 });
    expect(leaks(tmp.at('litellm'), ended)).toEqual([]);
  });

  it('are told apart by the search itself: it finds what is there', () => {
    mkdirSync(tmp.at('leaky'));
    tmp.file('leaky/plain.txt', `x ${secrets[0]} y`);
    tmp.file('leaky/mail.eml', Buffer.from(`x ${secrets[1]} y`).toString('base64'));
    expect(leaks(tmp.at('leaky'))).toEqual(expect.arrayContaining(secrets.slice(0, 2)));
  });
});

describe('the fingerprint key', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('is not made where no input needs one, however many there are', async () => {
    vi.stubEnv('XDG_CONFIG_HOME', tmp.at('settings'));
    const inputs = ['a', 'b'].map((id) => tmp.file(`${id}.ndjson`, ndjson([aUsage({ id })])));
    await replay(inputs, tmp.at('native'));
    expect(existsSync(tmp.at('settings'))).toBe(false);
  });

  it('is made once, for its owner only, where one does', async () => {
    vi.stubEnv('XDG_CONFIG_HOME', tmp.at('settings'));
    const input = tmp.file('few.ndjson', `${[...litellmLines({ exchanges: 5 })].join('\n')}\n`);
    await replay([input], tmp.at('first'));
    const key = tmp.at('settings', 'stillwatch', 'fingerprint.key');
    const made = readFileSync(key, 'utf8');
    expect(made).toMatch(/^[0-9a-f]{64}\n$/);
    expect(statSync(key).mode & 0o777).toBe(0o600);
    await replay([input], tmp.at('second'));
    expect(readFileSync(key, 'utf8')).toBe(made);
  });
});

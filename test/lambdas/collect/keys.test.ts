import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { secretKeys } from '../../../lambdas/adapters/secret-keys.ts';
import { cached } from '../../../lambdas/collect/cached.ts';
import { Collector } from '../../../lambdas/collect/collector.ts';
import { signingSecrets } from '../../../lambdas/collect/http/signature.ts';
import { pieceOfText } from '../../../lambdas/collect/piece.ts';
import { namesUnder, sample, world } from './support.ts';

const secrets = mockClient(SecretsManagerClient);
beforeEach(() => secrets.reset());
const client = () => new SecretsManagerClient({});

describe('a value from afar', () => {
  it('is read once for all who ask at once, and again when it is old', async () => {
    let [reads, now] = [0, 0];
    const get = cached(
      async () => ++reads,
      1000,
      () => now,
    );
    expect(await Promise.all([get(), get(), get()])).toEqual([1, 1, 1]);
    now = 999;
    expect(await get()).toBe(1);
    expect(await get(500)).toBe(2);
    now = 1999;
    expect(await get()).toBe(3);
  });

  it('stays in use for an hour while later reads fail, and no longer: it may have been destroyed; but a first read that fails is an error', async () => {
    let [fails, now] = [true, 0];
    const get = cached(
      async () => {
        if (fails) throw new Error('down');
        return 'key';
      },
      1000,
      () => now,
    );
    await expect(get()).rejects.toThrow('down');
    fails = false;
    expect(await get()).toBe('key');
    [fails, now] = [true, 5000];
    expect(await get()).toBe('key');
    now = 3_600_001 + 5000;
    await expect(get()).rejects.toThrow('down');
  });
});

describe('the fingerprint key', () => {
  it('is the secret, and its version the epoch', async () => {
    secrets.on(GetSecretValueCommand).resolves({ SecretString: `${'ab'.repeat(32)}\n`, VersionId: 'v1' });
    expect(await secretKeys(client(), 's', () => 0).current()).toEqual({
      key: new Uint8Array(32).fill(0xab),
      epoch: 'v1',
    });
  });

  it.each(['', 'password', 'ab'.repeat(16)])(
    'that is no key is refused, and never repeated in the error: %j',
    async (text) => {
      secrets.on(GetSecretValueCommand).resolves({ SecretString: text });
      const error = await secretKeys(client(), 's', () => 0)
        .current()
        .catch(String);
      expect(error).toContain('there is no fingerprint key');
      if (text !== '') expect(error).not.toContain(text);
    },
  );

  it('of a new epoch is used from the next batch on', async () => {
    let epoch = 1;
    const at = world('litellm');
    const collector = new Collector({
      ...at.host,
      names: namesUnder(() => ({ newest: { key: new Uint8Array(32).fill(epoch), epoch: String(epoch) } })),
    });
    const piece = pieceOfText('p', sample('litellm-single.json'));
    await collector.take([piece]);
    await collector.take([piece]);
    epoch = 2;
    await collector.take([piece]);
    const accounts = at.stream.usage.map(({ account }) => account);
    expect(accounts[1]).toBe(accounts[0]);
    expect(accounts[2]).not.toBe(accounts[0]);
    expect(at.stream.records.map(({ type }) => type)).toEqual(['account', 'usage', 'usage', 'account', 'usage']);
  });
});

describe('the secret of signatures', () => {
  const none = new ResourceNotFoundException({ message: 'none', $metadata: {} });
  const long = (letter: string) => letter.repeat(40);

  it('is the current one, and the one before where there is one', async () => {
    secrets.on(GetSecretValueCommand, { VersionStage: 'AWSCURRENT' }).resolves({ SecretString: long('a') });
    secrets.on(GetSecretValueCommand, { VersionStage: 'AWSPREVIOUS' }).rejects(none);
    expect(await signingSecrets(client(), 's', () => 0)()).toEqual([long('a')]);
    secrets.on(GetSecretValueCommand, { VersionStage: 'AWSPREVIOUS' }).resolves({ SecretString: long('b') });
    expect(await signingSecrets(client(), 's', () => 0)()).toEqual([long('a'), long('b')]);
  });

  it('that is missing or short lets nobody in', async () => {
    secrets.on(GetSecretValueCommand).resolves({ SecretString: 'short' });
    await expect(signingSecrets(client(), 's', () => 0)()).rejects.toThrow('under 32 characters');
  });
});

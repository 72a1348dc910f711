/** A key from its first rotation to its destruction, through the functions that do it and the collectors that use it. */
import { beforeEach, describe, expect, it } from 'vitest';
import { Bridge } from '../../../core/keys/bridge.ts';
import { printsOf } from '../../../core/keys/rename.ts';
import type { UsageRecord } from '../../../core/records/schema.ts';
import { BridgedNames } from '../../../lambdas/adapters/bridged-names.ts';
import { secretKeys } from '../../../lambdas/adapters/secret-keys.ts';
import { Collector } from '../../../lambdas/collect/collector.ts';
import { pieceOfText } from '../../../lambdas/collect/piece.ts';
import { type RetireTask, retire } from '../../../lambdas/rotate/retire/retire.ts';
import { type RotateHost, rotate } from '../../../lambdas/rotate/rotate.ts';
import { sample, type World, world } from '../collect/support.ts';
import { type Heard, listening } from '../support.ts';
import { MemorySecrets } from './memory-secrets.ts';

const DAY = 86_400_000;
const START = Date.parse('2026-05-14T10:31:00.000Z');
const HEAD = 'head';
const OVERLAP_DAYS = 30;

let secrets: MemorySecrets;
let bridge: Bridge;
let told: Heard;
let made: number;
let host: RotateHost;

beforeEach(() => {
  secrets = new MemorySecrets();
  secrets.now = START;
  secrets.put(HEAD, 'filler', 'nothing yet');
  bridge = new Bridge();
  told = listening();
  made = 0;
  host = {
    secrets: secrets.client,
    env: { EPOCH_PREFIX: 'epoch/', EPOCH_KMS_KEY: 'default', OVERLAP_DAYS },
    makeKey: () => (++made).toString(16).repeat(64).slice(0, 64),
    now: () => secrets.now,
  };
});

const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;

async function rotateTo(epoch: string): Promise<void> {
  secrets.begin(HEAD, epoch);
  for (const Step of STEPS) await rotate({ Step, SecretId: HEAD, ClientRequestToken: epoch }, host);
}

const daily = (task: RetireTask = {}) =>
  retire(task, {
    secrets: secrets.client,
    head: HEAD,
    bridge: {
      forget: async () => {
        bridge = new Bridge();
        return true;
      },
    },
    told,
    now: () => secrets.now,
    over: () => false,
  });

/** What a collector, started anew as after an hour, puts onto the stream for the same log. */
async function collected(): Promise<{ record: UsageRecord; at: World }> {
  const at = world('litellm');
  const names = new BridgedNames({
    keys: secretKeys(secrets.client, HEAD, () => secrets.now),
    bridge: {
      note: async (pairs) => {
        for (const pair of pairs) bridge.add(pair);
      },
      about: async () => bridge,
    },
    now: () => secrets.now,
  });
  await new Collector({ ...at.host, names }).take([pieceOfText('p', sample('litellm-single.json'))]);
  return { record: at.stream.usage[0]!, at };
}

const printsIn = (record: UsageRecord) => new Set(printsOf([record]).map(({ kind, print }) => `${kind} ${print}`));

describe('the first rotation', () => {
  it('makes the first key; until then a collector takes nothing, and says what to do', async () => {
    await expect(collected()).rejects.toThrow('there is no fingerprint key: rotate its secret once');
    await rotateTo('one');
    expect((await collected()).record.account).toMatch(/^[0-9a-f]{16}$/);
  });

  it('keeps no key in the secret that rotates: it names the secret of the epoch, which alone can be destroyed', async () => {
    await rotateTo('one');
    const texts = secrets.held.get(HEAD)!.map(({ text }) => text);
    expect(texts).toEqual(['nothing yet', '{"epoch":"one","secret":"epoch/one"}']);
    expect(secrets.held.get('epoch/one')![0]!.text).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('a rotation', () => {
  beforeEach(async () => {
    await rotateTo('one');
  });

  it('that is begun again, whole or from any step, changes nothing', async () => {
    secrets.begin(HEAD, 'two');
    for (const Step of STEPS) {
      await rotate({ Step, SecretId: HEAD, ClientRequestToken: 'two' }, host);
      const before = JSON.stringify([...secrets.held]);
      await rotate({ Step, SecretId: HEAD, ClientRequestToken: 'two' }, host);
      expect(JSON.stringify([...secrets.held])).toBe(before);
    }
    expect([...secrets.held.keys()]).toEqual([HEAD, 'epoch/one', 'epoch/two']);
  });

  it('does not change a name for whoever is seen in the overlap, before, within and after it', async () => {
    const before = (await collected()).record;
    secrets.now += 365 * DAY;
    await rotateTo('two');
    secrets.now += 10 * DAY;
    expect((await collected()).record.account).toBe(before.account);
    secrets.now += 21 * DAY;
    const after = (await collected()).record;
    expect(after.account).toBe(before.account);
    expect(after.network).toEqual(before.network);
    expect(after.client).toEqual(before.client);
  });

  it('cuts off whoever is not seen in the overlap', async () => {
    const before = (await collected()).record;
    await rotateTo('two');
    secrets.now += 31 * DAY;
    expect((await collected()).record.account).not.toBe(before.account);
  });

  it('is refused while two keys are in use, and a key that cannot be read is never put in use', async () => {
    await rotateTo('two');
    await expect(rotateTo('three')).rejects.toThrow('not destroyed yet');
    expect(secrets.held.has('epoch/three')).toBe(false);
  });

  it('whose new key is the old one, or none, is stopped before it is used', async () => {
    host.makeKey = () => '1'.repeat(64);
    await expect(rotateTo('two')).rejects.toThrow('the new key is the key in use');
    host.makeKey = () => 'no key';
    secrets.held.delete('epoch/two');
    await expect(rotateTo('three')).rejects.toThrow('not 64 hex digits');
  });
});

describe('destroying a key', () => {
  beforeEach(async () => {
    await rotateTo('one');
  });

  it('happens by itself a day after names changed over, not before, and for good', async () => {
    await rotateTo('two');
    for (const days of [1, 29, 0.9]) {
      secrets.now += days * DAY;
      expect(await daily()).toEqual({});
      expect(secrets.held.has('epoch/one')).toBe(true);
    }
    secrets.now += DAY;
    expect(await daily()).toEqual({ destroyed: 'one' });
    expect([...secrets.held.keys()]).toEqual([HEAD, 'epoch/two']);
    expect(await daily()).toEqual({});
    await rotateTo('three');
  });

  it('makes its epoch unlinkable: the same log has not one name in common with what was stored', async () => {
    const stored = printsIn((await collected()).record);
    expect(stored.size).toBeGreaterThan(5);
    await rotateTo('two');
    expect(await daily({ cut: true })).toEqual({ destroyed: 'one', pairsLeft: false });
    secrets.now += 31 * DAY;
    const now = printsIn((await collected()).record);
    expect(now.size).toBe(stored.size);
    expect([...now].filter((name) => stored.has(name))).toEqual([]);
  });

  it('leaves what was noted in the overlap linked, through the bridge alone, until the bridge is cut too', async () => {
    const stored = (await collected()).record.account;
    await rotateTo('two');
    await collected();
    secrets.now += 32 * DAY;
    expect(await daily()).toEqual({ destroyed: 'one' });
    expect((await collected()).record.account).toBe(stored);
    await daily({ cut: true });
    expect((await collected()).record.account).not.toBe(stored);
  });

  it('at once, after a leak, ends the overlap: names change over though their day has not come', async () => {
    const stored = (await collected()).record.account;
    await rotateTo('two');
    expect(await daily({ endOverlap: true })).toEqual({ destroyed: 'one' });
    expect((await collected()).record.account).not.toBe(stored);
  });

  it('says nothing of a key and nothing of a value in its log', async () => {
    await rotateTo('two');
    await daily({ cut: true });
    expect(told.lines.join()).toContain('"epoch":"one"');
    expect(told.lines.join()).not.toMatch(/[0-9a-f]{32}/);
    expect(told.counts.KeyAgeDays).toBe(0);
  });
});

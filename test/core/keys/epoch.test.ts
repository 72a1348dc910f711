import { describe, expect, it } from 'vitest';
import { type EpochKey, type KeyRing, liveKeys, namingKey, overlaps, ringSource } from '../../../core/keys/epoch.ts';
import { headOf, headText, keyOfHex } from '../../../core/keys/head.ts';
import { isNoted, isSought } from '../../../core/keys/kinds.ts';

const DAY = 86_400_000;
const SWITCH = 1000 * DAY;
const key = (epoch: string): EpochKey => ({ epoch, key: new Uint8Array(32).fill(epoch.charCodeAt(0)) });
const ring: KeyRing = { newest: key('b'), outgoing: key('a'), switchAt: SWITCH };

describe('the names of records', () => {
  it('change over at one moment, so that no two collectors name differently for longer than their clocks differ', () => {
    expect(namingKey(ring, SWITCH - 1).epoch).toBe('a');
    expect(namingKey(ring, SWITCH).epoch).toBe('b');
    expect([overlaps(ring, SWITCH - 1), overlaps(ring, SWITCH)]).toEqual([true, false]);
  });

  it('change over at once where the outgoing key is destroyed before its time', () => {
    const { outgoing: _, ...ended } = ring;
    expect(namingKey(ended, SWITCH - 30 * DAY).epoch).toBe('b');
    expect(isSought('ip', ended, SWITCH - 30 * DAY)).toBe(true);
    expect(isNoted('ip', ended, SWITCH - 30 * DAY)).toBe(false);
  });

  it('have one key in the first epoch, and nothing is looked up', () => {
    expect(liveKeys({ newest: key('a') }, SWITCH).map(({ epoch }) => epoch)).toEqual(['a']);
    expect(isSought('ip', { newest: key('a') }, SWITCH)).toBe(false);
  });

  it('are told of every key that lives, the one in use first, with the time of the question', async () => {
    let now = SWITCH - 1;
    const source = ringSource(
      async () => ring,
      () => now,
    );
    expect((await source.live()).map(({ epoch }) => epoch)).toEqual(['a', 'b']);
    now = SWITCH;
    expect((await source.live()).map(({ epoch }) => epoch)).toEqual(['b', 'a']);
    expect((await source.current()).epoch).toBe('b');
  });
});

describe('what is noted and looked up', () => {
  it('is what lasts during the whole overlap, and what passes at its end only: a bridge is not a log of exchanges', () => {
    expect(isNoted('ip', ring, SWITCH - 80 * DAY)).toBe(true);
    expect(isNoted('custody', ring, SWITCH - 80 * DAY)).toBe(false);
    expect(isNoted('custody', ring, SWITCH - DAY)).toBe(true);
    // The outgoing key may have followed another: its names have older ones.
    expect(isSought('ip', ring, SWITCH - 1)).toBe(true);
    expect(isSought('custody', ring, SWITCH - 1)).toBe(false);
    expect(isSought('custody', ring, SWITCH + DAY)).toBe(true);
    expect(isSought('custody', ring, SWITCH + 8 * DAY)).toBe(false);
    expect(isSought('ip', ring, SWITCH + 800 * DAY)).toBe(true);
  });
});

describe('the head of the keys', () => {
  it('names the secret of the key and is read back as it was written', () => {
    const head = { epoch: 'e', secret: 's/e', switchAt: Date.parse('2026-06-01T00:00:00.000Z') };
    expect(headOf(headText(head))).toEqual(head);
    expect(headOf(headText({ epoch: 'e', secret: 's/e' }))).toEqual({ epoch: 'e', secret: 's/e' });
  });

  it.each(['', 'null', '[]', '"x"', '{"filler":"x"}', '{"epoch":"e"}', '{"epoch":"e","secret":"s","switchAt":"soon"}'])(
    'that is anything else names no key: %s',
    (text) => {
      expect(headOf(text)).toBeUndefined();
    },
  );

  it('may be a key itself, of 64 hex digits and no other length', () => {
    expect(keyOfHex('0aFF'.repeat(16))).toEqual(Uint8Array.from({ length: 32 }, (_, i) => (i % 2 === 0 ? 10 : 255)));
    for (const text of ['0a', 'zz'.repeat(32), `${'00'.repeat(32)}\n`]) expect(keyOfHex(text)).toBeUndefined();
  });
});

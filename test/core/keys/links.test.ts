/** Links over rotations, with real keys and real records: what survives, and what destroying a key cuts off. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Bridge } from '../../../core/keys/bridge.ts';
import type { EpochKey, KeyRing } from '../../../core/keys/epoch.ts';
import { liveKeys } from '../../../core/keys/epoch.ts';
import { isSought } from '../../../core/keys/kinds.ts';
import { namer } from '../../../core/keys/namer.ts';
import { printsOf, renameRecord } from '../../../core/keys/rename.ts';
import { createFingerprinter, type Fingerprinter } from '../../../core/records/fingerprint.ts';
import { usageFromRequest } from '../../../core/records/from-request.ts';
import { accountFromSignup } from '../../../core/records/from-signup.ts';
import type { StillwatchRecord } from '../../../core/records/schema.ts';

const DAY = 86_400_000;
const START = Date.parse('2026-01-01T00:00:00.000Z');
const EVERY = 40 * DAY;
const OVERLAP = 20 * DAY;
const key = (n: number): EpochKey => ({ epoch: `e${n}`, key: new Uint8Array(32).fill(n + 1) });

/** A key every 40 days, each with an overlap of 20; the outgoing key is destroyed when names have changed over. */
function ringAt(now: number): KeyRing {
  const n = Math.floor((now - START) / EVERY);
  if (n <= 0) return { newest: key(0) };
  const switchAt = START + n * EVERY + OVERLAP;
  return { newest: key(n), switchAt, ...(now < switchAt ? { outgoing: key(n - 1) } : {}) };
}

function recordsOf(who: number, at: number, fp: Fingerprinter): StillwatchRecord[] {
  const usage = usageFromRequest(
    {
      id: `exchange of ${who} at ${at}`,
      time: at,
      account: `somebody-${who}`,
      model: 'm',
      tokens: { input: 100, output: 10 },
      system: `You help customer number ${'abcdefgh'[who]}.`,
      messages: [{ role: 'user', content: `Tell me of the ${'abcdefgh'[who]} thing in the house.` }],
      // No two in one subnet, which is a name of its own.
      ip: `198.51.${who}.7`,
      userAgent: `sdk-${who}`,
      session: `conversation ${who}`,
      custody: { presented: { ids: [`call-${who}`] } },
    } as Parameters<typeof usageFromRequest>[0],
    fp,
  );
  const account = accountFromSignup(
    {
      time: at,
      account: `somebody-${who}`,
      org: `org ${who}`,
      email: `a@host${who}.example`,
      phone: `+4930123${who}0000`,
      referral: `r${who}`,
      payment: { instrument: `card ${who}`, issuer: `bank ${who}` },
    },
    fp,
  );
  return [usage, account];
}

/** What lasts: sketches are of their epoch, and the names of an exchange and of a conversation of their days. */
function lasting(record: StillwatchRecord) {
  if (record.type !== 'usage') return record;
  const { id: _, session: __, custody: ___, prompt: { sketch: ____, ...prompt } = {}, ...rest } = record;
  return { ...rest, prompt };
}

/** What collectors keep of the visits (who, when), in that order, and the bridge they leave. */
function collected(visits: readonly [number, number][]) {
  const bridge = new Bridge();
  const kept = visits.map(([who, at]) => {
    const ring = ringAt(at);
    const made = recordsOf(
      who,
      at,
      namer(ring, at, (pair) => bridge.add(pair)),
    );
    return made.map((record) =>
      renameRecord(record, (kind, print) => (isSought(kind, ring, at) ? bridge.nameOf(kind, print) : print)),
    );
  });
  return { bridge, kept };
}

/** Whoever comes in every overlap, once in its last two days, over four rotations. */
const steady = (who: number): [number, number][] =>
  [0, 1, 2, 3, 4].flatMap((n): [number, number][] => [
    [who, START + n * EVERY + DAY],
    [who, START + n * EVERY + OVERLAP - DAY],
    [who, START + n * EVERY + OVERLAP + DAY],
  ]);

describe('over rotations', () => {
  it('whoever is seen in each overlap keeps every lasting name of the first epoch, so that aggregates go on unchanged', () => {
    const only = createFingerprinter(key(0).key);
    const visits = steady(1);
    const { kept } = collected(visits);
    for (const [i, records] of kept.entries()) {
      const [who, at] = visits[i]!;
      expect(records.map(lasting)).toEqual(recordsOf(who, at, only).map(lasting));
    }
  });

  it('an exchange that is delivered again after the change of names still has its id, and counts once', () => {
    const switchAt = START + EVERY + OVERLAP;
    const bridge = new Bridge();
    const at = switchAt - DAY / 2;
    const idAt = (now: number) => {
      const made = recordsOf(
        1,
        at,
        namer(ringAt(now), now, (pair) => bridge.add(pair)),
      )[0]!;
      return renameRecord(made, bridge.nameOf) as { id: string };
    };
    expect(idAt(switchAt + DAY).id).not.toBe(idAt(at).id);
    expect(idAt(switchAt + DAY).id).toBe(idAt(at).id);
  });

  it('two are linked after rotations if they were before, and nobody is linked who was not', () => {
    const visit = fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 190 }));
    fc.assert(
      fc.property(fc.array(visit, { minLength: 2, maxLength: 25 }), (days) => {
        const visits = days.sort((a, b) => a[1] - b[1]).map(([who, day]): [number, number] => [who, START + day * DAY]);
        const { kept } = collected(visits);
        const ips = kept.map(([usage]) => (usage as { network: { ip: string } }).network.ip);
        for (const [i, [who]] of visits.entries()) {
          for (const [j, [other]] of visits.entries()) if (who !== other) expect(ips[i]).not.toBe(ips[j]);
        }
        // Seen in the overlap between two epochs, a value keeps its name from before into after.
        const seenIn = (who: number, n: number) =>
          visits.some(([w, at]) => w === who && at >= START + n * EVERY && at < START + n * EVERY + OVERLAP);
        for (const [i, [who, at]] of visits.entries()) {
          const epochOf = (time: number) => Math.max(0, Math.floor((time - OVERLAP - START) / EVERY));
          for (const [j, [other, later]] of visits.entries()) {
            if (who !== other || j <= i) continue;
            let isBridged = true;
            for (let n = epochOf(at) + 1; n <= epochOf(later); n++) isBridged &&= seenIn(who, n);
            expect(ips[i] === ips[j]).toBe(isBridged);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('makes the same names as one key alone while there is one', () => {
    const notes: unknown[] = [];
    const one = namer({ newest: key(0) }, START, (pair) => notes.push(pair));
    expect(recordsOf(2, START, one)).toEqual(recordsOf(2, START, createFingerprinter(key(0).key)));
    expect(notes).toEqual([]);
  });
});

describe('a destroyed key', () => {
  const before = START + 5 * DAY;
  const after = START + EVERY + OVERLAP + 5 * DAY;

  it('makes its epoch unlinkable: no key that is left gives one of its names, for any field of any record', () => {
    const stored = printsOf(recordsOf(1, before, createFingerprinter(key(0).key)));
    expect(new Set(stored.map(({ kind }) => kind)).size).toBeGreaterThan(12);
    const names = new Set(stored.map(({ print }) => print));
    for (const left of liveKeys(ringAt(after), after)) {
      const now = printsOf(recordsOf(1, before, createFingerprinter(left.key)));
      expect(now.filter(({ print }) => names.has(print))).toEqual([]);
    }
    // With the key itself every one of them is found, so the test can fail.
    const same = printsOf(recordsOf(1, before, createFingerprinter(key(0).key)));
    expect(same.every(({ print }) => names.has(print))).toBe(true);
  });

  it('joins through the bridge only what was noted, and nothing once the bridge is cut', () => {
    const { bridge } = collected(steady(1));
    const stored = new Set(printsOf(recordsOf(1, before, createFingerprinter(key(0).key))).map(({ print }) => print));
    const unnoted = new Set(printsOf(recordsOf(2, before, createFingerprinter(key(0).key))).map(({ print }) => print));
    const found = (who: number, through: Bridge, names: Set<string>) =>
      printsOf(recordsOf(who, after, createFingerprinter(key(1).key))).filter(({ kind, print }) =>
        names.has(through.nameOf(kind, print)),
      ).length;
    expect(found(1, bridge, stored)).toBeGreaterThan(10);
    expect(found(2, bridge, unnoted)).toBe(0);
    expect(found(1, new Bridge(), stored)).toBe(0);
  });

  it('leaves a bridge from which nothing can be read: it holds no value, and no two kinds share a name', () => {
    const { bridge } = collected([...steady(1), ...steady(3)]);
    const text = JSON.stringify(bridge.pairs());
    expect(text).not.toMatch(/somebody|198\.51|example|conversation|sdk-|card|bank|4930|customer/);
    for (const { newer, older } of bridge.pairs()) expect(newer + older).toMatch(/^[0-9a-f]{32}$/);
  });
});

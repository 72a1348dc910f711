import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Bridge, type BridgePair, flattened, joined } from '../../../core/keys/bridge.ts';
import type { BridgeKind } from '../../../core/keys/kinds.ts';

const KINDS: BridgeKind[] = ['ip', 'account', 'system'];
/** Of few letters, so that chains, repetitions, contradictions and circles all come up. */
const anyPair: fc.Arbitrary<BridgePair> = fc.record({
  kind: fc.constantFrom(...KINDS),
  newer: fc.constantFrom(...'abcdefgh'),
  older: fc.constantFrom(...'abcdefgh'),
});
const anyPairs = fc.array(anyPair, { maxLength: 30 });
const everyName = (bridge: Bridge) => KINDS.flatMap((kind) => [...'abcdefgh'].map((name) => bridge.nameOf(kind, name)));

/** Names of values over several rotations; of each rotation only some values were noted. */
const rotations = fc.record({
  values: fc.integer({ min: 1, max: 8 }),
  noted: fc.array(fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }), { minLength: 1, maxLength: 6 }),
});
const nameIn = (epoch: number, value: number) => `epoch-${epoch}-value-${value}`;

describe('the bridge', () => {
  it('gives the same names whatever the order in which pairs arrive, and however often', () => {
    fc.assert(
      fc.property(anyPairs, fc.array(fc.nat()), (pairs, order) => {
        const shuffled = pairs
          .map((pair, i) => [order[i % Math.max(order.length, 1)] ?? 0, pair] as const)
          .sort((a, b) => a[0] - b[0])
          .map(([, pair]) => pair);
        const once = new Bridge(pairs);
        expect(everyName(new Bridge([...shuffled, ...pairs, ...shuffled]))).toEqual(everyName(once));
        expect(new Bridge(shuffled).pairs()).toEqual(once.pairs());
      }),
    );
  });

  it('is joined the same in any grouping: files of many collectors can be read in any order', () => {
    fc.assert(
      fc.property(anyPairs, anyPairs, anyPairs, (a, b, c) => {
        const [x, y, z] = [new Bridge(a), new Bridge(b), new Bridge(c)];
        expect(joined(joined(x, y), z).pairs()).toEqual(joined(x, joined(z, y)).pairs());
        expect(joined(x, x).pairs()).toEqual(x.pairs());
      }),
    );
  });

  it('renames once: a name that is kept is not renamed again, even where pairs contradict each other', () => {
    fc.assert(
      fc.property(anyPairs, fc.constantFrom(...KINDS), fc.constantFrom(...'abcdefgh'), (pairs, kind, name) => {
        const { nameOf } = new Bridge(pairs);
        expect(nameOf(kind, nameOf(kind, name))).toBe(nameOf(kind, name));
      }),
    );
  });

  it('can be written out in one step a name without changing any', () => {
    fc.assert(
      fc.property(anyPairs, (pairs) => {
        const bridge = new Bridge(pairs);
        expect(everyName(flattened(bridge))).toEqual(everyName(bridge));
        expect(flattened(flattened(bridge)).pairs()).toEqual(flattened(bridge).pairs());
      }),
    );
  });

  it('leads over several rotations to the name before the first gap, and joins no two values', () => {
    fc.assert(
      fc.property(rotations, fc.boolean(), ({ values, noted }, isReversed) => {
        const pairs: BridgePair[] = [];
        for (const [epoch, of] of noted.entries()) {
          for (let value = 0; value < values; value++) {
            if (!of[value]) continue;
            pairs.push({ kind: 'ip', newer: nameIn(epoch + 1, value), older: nameIn(epoch, value) });
          }
        }
        const bridge = new Bridge(isReversed ? pairs.reverse() : pairs);
        for (let value = 0; value < values; value++) {
          for (let epoch = 0; epoch <= noted.length; epoch++) {
            let oldest = epoch;
            while (oldest > 0 && noted[oldest - 1]![value]) oldest--;
            expect(bridge.nameOf('ip', nameIn(epoch, value))).toBe(nameIn(oldest, value));
            expect(bridge.nameOf('account', nameIn(epoch, value))).toBe(nameIn(epoch, value));
          }
        }
      }),
    );
  });
});

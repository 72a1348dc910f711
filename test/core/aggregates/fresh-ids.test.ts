import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FreshIds } from '../../../core/aggregates/fresh-ids.ts';

/** Ids that share their low bits, and so their slot. */
const ids = fc.array(fc.tuple(fc.nat(40), fc.nat(3)), { maxLength: 300 });
const batches = fc.array(
  ids.map((list) => list.map(([high, low]) => high * 2 ** 40 + low)),
  { maxLength: 5 },
);

it('holds each id of a batch once, in order, and nothing of the batch before', () => {
  const fresh = new FreshIds();
  fc.assert(
    fc.property(batches, (list) => {
      for (const batch of list) {
        fresh.begin(batch.length);
        const known = new Set<number>();
        for (const id of batch) {
          expect(fresh.add(id)).toBe(!known.has(id));
          known.add(id);
        }
        expect([...fresh.sorted()]).toEqual([...known].sort((a, b) => a - b));
      }
    }),
  );
});

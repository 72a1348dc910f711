import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TimesIn } from '../../../core/detectors/times-in.ts';

it('counts what a map would, and nothing for accounts that are in no set', () => {
  const account = fc.oneof(fc.nat(30), fc.nat(2 ** 24));
  fc.assert(
    fc.property(
      fc.array(fc.array(account, { maxLength: 40 }), { maxLength: 20 }),
      fc.array(account),
      (lists, others) => {
        const expected = new Map<number, number>();
        for (const one of lists.flat()) expected.set(one, (expected.get(one) ?? 0) + 1);
        const times = new TimesIn(lists.map((list) => Int32Array.from(list)));
        for (const one of [...expected.keys(), ...others, 0]) expect(times.of(one)).toBe(expected.get(one) ?? 0);
      },
    ),
  );
});

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteSlabs } from '../../../core/aggregates/byte-slabs.ts';
import { DayShelf } from '../../../core/aggregates/day-shelf.ts';
import { ProfileShelf } from '../../../core/aggregates/profile-shelf.ts';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

const bytes = (length: number, fill: number) => new Uint8Array(length).fill(fill);

describe('strings of bytes in slabs', () => {
  it('come back as they were put, whatever their length and number', () => {
    const slabs = new ByteSlabs();
    const lengths = [0, 1, 3, 4, 5, 1024, 600_000, 600_000, 3_000_000, 7, 0];
    const positions = lengths.map((length, i) => slabs.put(bytes(length, i + 1)));
    expect(positions.map((position) => slabs.at(position))).toEqual(lengths.map((length, i) => bytes(length, i + 1)));
  });

  it('come back as well from memory that held others before', () => {
    const length = fc.oneof(fc.nat(2000), fc.integer({ min: 500_000, max: 3_000_000 }));
    fc.assert(
      fc.property(fc.array(fc.array(length, { maxLength: 8 }), { maxLength: 4 }), (rounds) => {
        const slabs = new ByteSlabs();
        for (const lengths of rounds) {
          slabs.clear();
          const positions = lengths.map((length, i) => slabs.put(bytes(length, i + 1)));
          for (const [i, length] of lengths.entries()) {
            const held = slabs.at(positions[i]!);
            expect([held.length, held[0], held.at(-1)]).toEqual(
              length === 0 ? [0, undefined, undefined] : [length, i + 1, i + 1],
            );
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  it('are written over only where there is room: the neighbour stays', () => {
    const slabs = new ByteSlabs();
    const [first, second] = [slabs.put(bytes(20, 1)), slabs.put(bytes(20, 2))];
    expect(slabs.replace(first, bytes(40, 3))).toBe(false);
    expect(slabs.replace(first, bytes(11, 4))).toBe(true);
    expect([slabs.at(first), slabs.at(second)]).toEqual([bytes(11, 4), bytes(20, 2)]);
  });
});

describe('the shelf of account-days', () => {
  it('holds what a map of maps would, as days grow, move and go', () => {
    const change = fc.tuple(fc.nat(3), fc.nat(2000), fc.nat(1000), fc.integer({ min: 1, max: 255 }));
    fc.assert(
      fc.property(fc.array(change, { maxLength: 80 }), fc.nat(4), (changes, since) => {
        const shelf = new DayShelf();
        const expected = new Map<string, Uint8Array>();
        for (const [day, place, length, fill] of changes) {
          shelf.set(day, place, bytes(length, fill));
          expected.set(`${day} ${place}`, bytes(length, fill));
        }
        const gone = [...expected.keys()].filter((key) => Number(key.split(' ')[0]) < since);
        expect(shelf.expire(since).sort()).toEqual(gone.map((key) => Number(key.split(' ')[1])).sort());
        for (const key of gone) expected.delete(key);
        for (const [day, place] of changes) {
          expect(shelf.get(day, place)).toEqual(expected.get(`${day} ${place}`));
          const days = [0, 1, 2, 3].filter((other) => expected.has(`${other} ${place}`));
          expect(shelf.daysOf(place).sort()).toEqual(days);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('keeps the room for a day that is written again every hour, not for each time', async () => {
    const [shelf, accounts, longest] = [new DayShelf(), 20_000, 960];
    const seen: WeakRef<ArrayBufferLike>[] = [];
    for (let hour = 1; hour <= 24; hour++) {
      const packed = bytes((longest / 24) * hour, hour);
      for (let place = 0; place < accounts; place++) shelf.set(1, place, packed);
      const buffers = new Set<ArrayBufferLike>();
      for (let place = 0; place < accounts; place++) buffers.add(shelf.get(1, place)!.buffer);
      for (const buffer of buffers) seen.push(new WeakRef(buffer));
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
    collectGarbage();
    const held = new Set(seen.map((buffer) => buffer.deref()).filter((buffer) => buffer !== undefined));
    const size = [...held].reduce((sum, buffer) => sum + buffer.byteLength, 0);
    expect(size).toBeGreaterThan(accounts * longest);
    expect(size).toBeLessThan(3 * accounts * longest);
    expect([shelf.get(1, 0), shelf.get(1, 19_999)]).toEqual([bytes(960, 24), bytes(960, 24)]);
  });
});

it('a day of half a million accounts is forgotten as well', () => {
  const shelf = new DayShelf();
  for (let place = 0; place < 500_000; place++) shelf.set(1, place, bytes(1, 1));
  expect(shelf.expire(2)).toHaveLength(500_000);
});

describe('the shelf of profiles', () => {
  it('uses a block again only when all who read it have given it back', () => {
    const shelf = new ProfileShelf();
    shelf.set(0, bytes(10, 1));
    const [a, b] = [shelf.all(), shelf.all()];
    shelf.giveBack(a);
    for (let round = 2; round < 6; round++) {
      shelf.set(0, bytes(10, round));
      shelf.giveBack(shelf.all());
    }
    expect(b.bytes.subarray(0, 10)).toEqual(bytes(10, 1));
    shelf.giveBack(b);
    shelf.set(0, bytes(10, 6));
    expect([...shelf.all().bytes]).toEqual([...bytes(10, 6)]);
    const kept = shelf.all();
    shelf.set(1, bytes(5, 7));
    expect([...shelf.all().bytes]).toEqual([...bytes(10, 6), ...bytes(5, 7)]);
    expect([...kept.bytes]).toEqual([...bytes(10, 6)]);
  });

  it('does not grow by a block a sweep', () => {
    const shelf = new ProfileShelf();
    const buffers = new Set<ArrayBufferLike>();
    for (let sweep = 0; sweep < 20; sweep++) {
      for (let place = 0; place < 100; place++) shelf.set(place, bytes(100, sweep));
      const all = shelf.all();
      buffers.add(all.bytes.buffer);
      shelf.giveBack(all);
    }
    expect(buffers.size).toBeLessThan(4);
  });

  it('does not hold what nobody gives back', async () => {
    const shelf = new ProfileShelf();
    const lent: WeakRef<ArrayBufferLike>[] = [];
    for (let sweep = 0; sweep < 20; sweep++) {
      shelf.set(0, bytes(100, sweep));
      lent.push(new WeakRef(shelf.all().bytes.buffer));
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
    collectGarbage();
    expect(lent.filter((buffer) => buffer.deref() !== undefined).length).toBeLessThan(4);
  });
});

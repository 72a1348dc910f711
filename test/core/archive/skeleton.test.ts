import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { skeletonOf } from '../../../core/archive/skeleton.ts';
import { aUsage } from '../../support/records.ts';

describe('the shape of a payload', () => {
  it('shows what a producer sends wrongly', () => {
    const broken = { ...aUsage(), tokens: { input: '12', output: 3 }, prompt: ['what is it'], junk: null };
    expect(skeletonOf(broken)).toEqual({
      type: 'text of 5',
      id: 'text of 10',
      time: 'text of 24',
      account: 'text of 10',
      model: 'text of 6',
      tokens: { input: 'text of 2', output: 'number' },
      prompt: ['text of 10'],
      'field 8, name of 4': 'null',
    });
  });

  it('holds no text, number or name of the payload, wherever in it they stand', () => {
    const secret = fc.stringMatching(/^[A-Z]{12}$/);
    fc.assert(
      fc.property(secret, fc.integer({ min: 100_000 }), fc.jsonValue({ maxDepth: 8 }), (text, number, other) => {
        const payload = {
          [text]: text,
          [number]: number,
          account: text,
          prompt: { [text]: [text, number, other] },
          other,
        };
        const told = JSON.stringify(skeletonOf(payload));
        expect(told).not.toContain(text);
        expect(told).not.toContain(String(number));
      }),
    );
  });

  it('stays small, whatever the payload', () => {
    let deep: unknown = 'x';
    for (let i = 0; i < 5_000; i++) deep = { detail: deep };
    const wide = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`key${i}`, Array(50).fill(i)]));
    const long = [Array(10_000).fill(wide)];
    for (const payload of [deep, wide, long]) expect(JSON.stringify(skeletonOf(payload)).length).toBeLessThan(8_000);
  });

  it('is an own field even where a payload is named like a part of every object', () => {
    const told = skeletonOf(JSON.parse('{"__proto__":{"admin":true},"constructor":1}'));
    expect(Object.keys(told as object)).toEqual(['field 1, name of 9', 'field 2, name of 11']);
  });
});

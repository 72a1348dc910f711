import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteReader, ByteWriter } from '../../../core/aggregates/bytes.ts';

const written = (write: (out: ByteWriter) => void) => {
  const out = new ByteWriter();
  write(out);
  return out.take();
};

describe('bytes', () => {
  it('read back the whole numbers up to 2^53 - 1 that were written', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.maxSafeNat(), fc.nat(300)), { maxLength: 600 }), (list) => {
        const input = new ByteReader(
          written((out) => {
            for (const value of list) out.varint(value);
          }),
        );
        expect(list.map(() => input.varint())).toEqual(list);
        expect(input.done).toBe(true);
      }),
    );
  });

  it('read back fixed widths, texts and raw runs past the first buffer', () => {
    fc.assert(
      fc.property(
        fc.nat(2 ** 31 - 1),
        fc.string({ unit: 'grapheme' }),
        fc.uint8Array({ maxLength: 9_000 }),
        (n, text, raw) => {
          const packed = written((out) => {
            out.fixed(n * 65_536, 6);
            out.raw(raw);
            out.text(text);
          });
          const input = new ByteReader(packed);
          expect(input.fixed(6)).toBe(n * 65_536);
          expect(input.raw(raw.length)).toEqual(raw);
          expect(input.text()).toBe(text);
        },
      ),
    );
  });

  it('start again after they are taken', () => {
    const out = new ByteWriter();
    out.varint(300);
    const first = out.take();
    out.byte(7);
    expect([...out.take()]).toEqual([7]);
    expect([...first]).toEqual([172, 2]);
  });

  it('that end early are an error, never zeros', () => {
    expect(() => new ByteReader(Uint8Array.of(200)).varint()).toThrow('stored bytes end early');
    expect(() => new ByteReader(Uint8Array.of(1)).raw(2)).toThrow('stored bytes end early');
  });
});

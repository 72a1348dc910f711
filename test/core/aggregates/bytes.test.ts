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
            out.fixed48(n * 65_536 + 300);
            out.fixed(n * 2 + 1, 4);
            out.fixed(n, 2);
            out.raw(raw);
            out.text(text);
          });
          const input = new ByteReader(packed);
          expect(input.fixed48()).toBe(n * 65_536 + 300);
          expect(input.fixed(4)).toBe(n * 2 + 1);
          expect(input.fixed(2)).toBe(n % 65_536);
          expect(input.raw(raw.length)).toEqual(raw);
          expect(input.text()).toBe(text);
        },
      ),
    );
  });

  it('read back sparse counts in their places, and leave their neighbours alone', () => {
    const count = fc.oneof(fc.constant(0), fc.nat(20), fc.nat(4_294_967_295), fc.maxSafeNat());
    const counts = fc.array(count, { minLength: 1, maxLength: 70 });
    fc.assert(
      fc.property(counts, counts, (a, b) => {
        for (const way of ['sparse', 'sparseSmall'] as const) {
          const both = [5, ...a, ...b];
          const packed = written((out) => {
            out[way](both, 1, a.length);
            out[way](both, 1 + a.length, b.length);
          });
          const read = [5, ...both.slice(1).map(() => 0)];
          const input = new ByteReader(packed);
          input[way](read, 1, a.length);
          input[way](read, 1 + a.length, b.length);
          expect(read).toEqual(both);
          expect(input.done).toBe(true);
        }
      }),
    );
  });

  it('take half the room for counts up to 8', () => {
    const counts = Array.from({ length: 64 }, (_, i) => 1 + (i % 8));
    expect(written((out) => out.sparse(counts, 0, 64))).toHaveLength(8 + 64);
    expect(written((out) => out.sparseSmall(counts, 0, 64))).toHaveLength(8 + 32);
  });

  it('start again after they are taken', () => {
    const out = new ByteWriter();
    out.varint(300);
    const first = out.take();
    out.byte(7);
    expect([...out.take()]).toEqual([7]);
    expect([...first]).toEqual([172, 2]);
  });

  it('hand out copies: the reader of a Buffer does not lend its memory', () => {
    const buffer = Buffer.from([1, 2, 3]);
    const raw = new ByteReader(buffer).raw(3);
    buffer.fill(9);
    expect(raw).toEqual(Uint8Array.of(1, 2, 3));
  });

  it('that end early are an error, never zeros', () => {
    expect(() => new ByteReader(Uint8Array.of(200)).varint()).toThrow('stored bytes end early');
    const short = () => new ByteReader(Uint8Array.of(1));
    expect(() => short().raw(2)).toThrow('stored bytes end early');
    expect(() => short().fixed48()).toThrow('stored bytes end early');
    expect(() => short().sparse([], 0, 9)).toThrow('stored bytes end early');
    expect(() => short().sparseSmall([], 0, 8)).toThrow('stored bytes end early');
    expect(() => new ByteReader(new Uint8Array()).byte()).toThrow('stored bytes end early');
  });
});

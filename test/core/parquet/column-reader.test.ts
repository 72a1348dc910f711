/** Pages that other tools write, made by hand where our own writer makes none. */
import fc from 'fast-check';
import type { SchemaElement } from 'hyparquet';
import { DEFAULT_PARSERS } from 'hyparquet/src/convert.js';
import { parquetSchema } from 'hyparquet/src/metadata.js';
import { getTreePath } from 'hyparquet/src/schema.js';
import type { ColumnDecoder } from 'hyparquet/src/types.js';
import { writePageHeader } from 'hyparquet-writer/src/datapage.js';
import { writeRleBitPackedHybrid } from 'hyparquet-writer/src/encoding.js';
import { ByteWriter } from 'hyparquet-writer/src/index.js';
import { describe, expect, it } from 'vitest';
import { cellCodec, NONE, numberCodec, textCodec } from '../../../core/parquet/column-codecs.ts';
import { ColumnReader, ListReader } from '../../../core/parquet/column-reader.ts';
import { readHybrid } from '../../../core/parquet/hybrid.ts';

function hybrid(values: readonly number[], width: number): Uint8Array {
  const writer = new ByteWriter();
  writeRleBitPackedHybrid(writer, [...values], width);
  return writer.getBytes();
}

describe('numbers of a few bits', () => {
  const runs = (width: number) =>
    fc
      .array(fc.tuple(fc.nat(2 ** width - 1), fc.integer({ min: 1, max: 70 })), { maxLength: 12 })
      .map((all) => all.flatMap(([value, count]) => Array.from({ length: count }, () => value)));

  it('are read back as they were written, in runs and one by one', () => {
    const written = fc.integer({ min: 1, max: 24 }).chain((width) => fc.tuple(fc.constant(width), runs(width)));
    fc.assert(
      fc.property(written, ([width, values]) => {
        const into = new Int32Array(values.length);
        readHybrid(Uint8Array.of(9, 9, ...hybrid(values, width)), 2, width, into);
        expect([...into]).toEqual(values);
      }),
      { numRuns: 500 },
    );
  });

  it('are read one by one up to 31 bits wide, wherever in a byte they begin', () => {
    const written = fc.integer({ min: 1, max: 31 }).chain((width) => {
      const values = fc.array(fc.nat(2 ** width - 1), { minLength: 8, maxLength: 8 });
      return fc.tuple(fc.constant(width), values);
    });
    fc.assert(
      fc.property(written, ([width, values]) => {
        const packed = values.reduce((bits, value, i) => bits | (BigInt(value) << BigInt(i * width)), 0n);
        const bytes = Array.from({ length: width }, (_, i) => Number((packed >> BigInt(i * 8)) & 255n));
        const into = new Int32Array(8);
        readHybrid(Uint8Array.of(3, ...bytes), 0, width, into);
        expect([...into]).toEqual(values);
      }),
    );
  });

  it('that end too early are refused, not made up', () => {
    const whole = hybrid([1, 2, 3, 4, 5, 6, 7, 0, 5, 5], 3);
    expect(() => readHybrid(whole.subarray(0, 2), 0, 3, new Int32Array(10))).toThrow(RangeError);
    expect(() => readHybrid(whole, 0, 3, new Int32Array(30))).toThrow(RangeError);
  });
});

interface Levels {
  repeats?: number[];
  depths: number[];
}

/** A page of the first form: its levels after their lengths, then its values. */
function page({ repeats, depths }: Levels, values: Uint8Array, places = depths.length): Uint8Array {
  const body = new ByteWriter();
  for (const levels of repeats === undefined ? [depths] : [repeats, depths]) {
    if (levels.length === 0) continue;
    const packed = hybrid(levels, levels === depths && repeats !== undefined ? 2 : 1);
    body.appendUint32(packed.length);
    body.appendBytes(packed);
  }
  body.appendBytes(values);
  const writer = new ByteWriter();
  const header = { num_values: places, encoding: 'PLAIN', definition_level_encoding: 'RLE' } as const;
  writePageHeader(writer, {
    type: 'DATA_PAGE',
    uncompressed_page_size: body.offset,
    compressed_page_size: body.offset,
    data_page_header: { ...header, repetition_level_encoding: 'RLE' },
  });
  writer.appendBytes(body.getBytes());
  return writer.getBytes();
}

function plain(...texts: string[]): Uint8Array {
  const writer = new ByteWriter();
  for (const text of texts) {
    writer.appendUint32(text.length);
    writer.appendBytes(new TextEncoder().encode(text));
  }
  return writer.getBytes();
}

function decoderOf(schema: SchemaElement[], path: string[]): ColumnDecoder {
  const root: SchemaElement = { name: 'root', num_children: 1 };
  const tree = parquetSchema({ schema: [root, ...schema] });
  const schemaPath = getTreePath(tree, path);
  const { element } = schemaPath.at(-1)!;
  return {
    pathInSchema: path,
    schemaPath,
    element,
    type: element.type!,
    codec: 'UNCOMPRESSED',
    parsers: DEFAULT_PARSERS,
  };
}

const list: SchemaElement[] = [
  { name: 'marks', repetition_type: 'OPTIONAL', converted_type: 'LIST', num_children: 1 },
  { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
  { name: 'element', repetition_type: 'OPTIONAL', type: 'BYTE_ARRAY', converted_type: 'UTF8' },
];
const lengths = cellCodec((_, from, to) => to - from);

describe('a list', () => {
  it('goes on in the next page, is absent, is empty, and holds what is nothing', () => {
    const first = page({ repeats: [0, 1, 0], depths: [3, 3, 3] }, plain('a', 'bb', 'ccc'));
    const second = page({ repeats: [1, 1, 0, 0, 0], depths: [3, 2, 0, 1, 3] }, plain('dddd', 'eeeee'));
    const bytes = Uint8Array.of(...first, ...second);
    const reader = new ListReader(bytes, decoderOf(list, ['marks', 'list', 'element']), lengths, {
      most: 3,
      hasNulls: true,
    });
    const listsOf = (count: number) => {
      const { values, starts } = reader.take(count)!;
      return Array.from({ length: count }, (_, i) => [...values.subarray(starts[i], starts[i + 1])]);
    };
    expect(listsOf(2)).toEqual([
      [1, 2],
      [3, 4, Number.NaN],
    ]);
    expect(listsOf(3)).toEqual([[], [], [5]]);
    expect(reader.take(1)).toBeUndefined();
  });
});

describe('a column', () => {
  const text: SchemaElement = { name: 'id', repetition_type: 'OPTIONAL', type: 'BYTE_ARRAY', converted_type: 'UTF8' };
  const bytes = Uint8Array.of(
    ...page({ depths: [1, 0, 1] }, plain('a', 'bb')),
    ...page({ depths: [0, 1] }, plain('ccc')),
  );

  it('is taken in pieces that are no pages', () => {
    const numbers = new ColumnReader(bytes, decoderOf([text], ['id']), lengths);
    expect([...numbers.take(2)!, ...numbers.take(3)!]).toEqual([1, NONE, 2, NONE, 3]);
    expect(numbers.take(1)).toBeUndefined();
    const texts = new ColumnReader(bytes, decoderOf([text], ['id']), textCodec);
    expect(texts.take(4)!.map((each) => each && String.fromCharCode(...each))).toEqual([
      'a',
      undefined,
      'bb',
      undefined,
    ]);
  });

  it('of numbers keeps what JavaScript can say, and tells what it cannot from what is absent', () => {
    const values = [0n, 2n ** 53n - 1n, 2n ** 53n + 1n, -1n, 2n ** 63n - 1n, -(2n ** 63n)];
    const body = new Uint8Array(new BigInt64Array(values).buffer);
    const count: SchemaElement = { name: 'count', repetition_type: 'REQUIRED', type: 'INT64' };
    const reader = new ColumnReader(page({ depths: [] }, body, 6), decoderOf([count], ['count']), numberCodec('INT64'));
    expect([...reader.take(6)!]).toEqual([0, 2 ** 53 - 1, 2 ** 53, Number.NaN, 2 ** 63, Number.NaN]);
  });

  it.each([
    ['a text is longer than its page', page({ depths: [1] }, Uint8Array.of(9, 0, 0, 0, 65))],
    ['a length has its highest bit', page({ depths: [1] }, Uint8Array.of(0, 0, 0, 255, 65))],
    ['it ends within a page', bytes.subarray(0, bytes.length - 2)],
  ])('is refused where %s', (_, damaged) => {
    const reader = new ColumnReader(damaged, decoderOf([text], ['id']), textCodec);
    expect(() => reader.take(5)).toThrow(RangeError);
  });
});

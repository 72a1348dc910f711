/** The pages of one column in one group of a Parquet file: decompressed, with what says where its values lie. */

import { parquetHeader } from 'hyparquet/src/column.js';
import { decompressPage, readDataPage, readDataPageV2 } from 'hyparquet/src/datapage.js';
import type { ColumnDecoder, DataReader, DecodedArray, PageHeader } from 'hyparquet/src/types.js';
import { readHybrid } from './hybrid.ts';

export interface Page {
  isDictionary: boolean;
  encoding: string | undefined;
  /** Places for values, absent ones too. */
  places: number;
  /** How many of them hold a value. */
  held: number;
  /** By place: whether it goes on with the list of the one before, and how much of the way to its value is there. */
  repeats: Uint8Array | undefined;
  depths: Uint8Array | undefined;
  /** Where the values begin in `bytes`. */
  at: number;
  bytes: Uint8Array;
  /** The values, decoded by the library: for the encodings that are not read here. */
  decoded: () => DecodedArray;
}

/** Of the way from the file to a value: how many steps may be absent, and how many are lists. */
export interface Depth {
  most: number;
  lists: 0 | 1;
}

/**
 * In the order of the file.
 *
 * @throws where a page is damaged, or compressed in a way that is not known
 */
export function* pagesOf(bytes: Uint8Array, decoder: ColumnDecoder, depth: Depth): Generator<Page, void> {
  const reader: DataReader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 };
  // As the library has it: what may follow the last page is shorter than any.
  while (reader.offset < bytes.length - 1) {
    const header = parquetHeader(reader);
    const from = reader.offset;
    reader.offset += header.compressed_page_size;
    if (reader.offset > bytes.length) throw new RangeError('a page beyond its column');
    yield pageOf(header, bytes.subarray(from, reader.offset), decoder, depth);
  }
}

function pageOf(header: PageHeader, compressed: Uint8Array, decoder: ColumnDecoder, depth: Depth): Page {
  if (header.type === 'DATA_PAGE_V2') return pageOfSecond(header, compressed, decoder, depth);
  const bytes = decompressPage(compressed, header.uncompressed_page_size, decoder.codec, decoder.compressors);
  if (header.type === 'DICTIONARY_PAGE') {
    const places = header.dictionary_page_header!.num_values;
    return { ...EMPTY, isDictionary: true, encoding: 'PLAIN', places, held: places, bytes };
  }
  const { num_values: places, encoding } = header.data_page_header!;
  const page: Page = { ...EMPTY, encoding, places, held: places, bytes };
  page.decoded = () => readDataPage(bytes, header.data_page_header!, decoder).dataPage;
  for (const [levels, most] of [
    ['repeats', depth.lists],
    ['depths', depth.most],
  ] as const) {
    if (most === 0) continue;
    const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(page.at, true);
    page[levels] = readLevels(bytes, page.at + 4, most, places);
    page.at += 4 + length;
  }
  return counted(page, depth);
}

/** Its levels lie before what is compressed. */
function pageOfSecond(header: PageHeader, compressed: Uint8Array, decoder: ColumnDecoder, depth: Depth): Page {
  const second = header.data_page_header_v2!;
  const { num_values: places, encoding, repetition_levels_byte_length: repeats } = second;
  const levels = repeats + second.definition_levels_byte_length;
  const size = header.uncompressed_page_size - levels;
  const values = compressed.subarray(levels);
  const isPlain = second.is_compressed === false;
  const bytes = isPlain ? values : decompressPage(values, size, decoder.codec, decoder.compressors);
  const page: Page = { ...EMPTY, encoding, places, held: places, bytes };
  page.decoded = () => readDataPageV2(compressed, header, decoder).dataPage;
  if (depth.lists > 0) page.repeats = readLevels(compressed, 0, depth.lists, places);
  if (depth.most > 0) page.depths = readLevels(compressed, repeats, depth.most, places);
  return counted(page, depth);
}

const EMPTY = { isDictionary: false, repeats: undefined, depths: undefined, at: 0, decoded: () => [] };

function readLevels(bytes: Uint8Array, at: number, most: number, places: number): Uint8Array {
  const levels = new Uint8Array(places);
  readHybrid(bytes, at, 32 - Math.clz32(most), levels);
  return levels;
}

function counted(page: Page, { most }: Depth): Page {
  if (page.depths === undefined) return page;
  let held = 0;
  for (let i = 0; i < page.places; i++) if (page.depths[i] === most) held++;
  page.held = held;
  return page;
}

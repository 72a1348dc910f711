/** One column in one group of a Parquet file, read a few thousand rows at a time. */
import type { ColumnDecoder } from 'hyparquet/src/types.js';
import type { Codec, Texts } from './column-codecs.ts';
import { type Page, pagesOf } from './column-pages.ts';
import { readHybrid } from './hybrid.ts';

/** Reads ahead by a page at most; a dictionary is read once. */
export class ColumnReader<D extends Float64Array | Texts> {
  private readonly codec: Codec<D>;
  private readonly pages: Generator<D, void>;
  private page: D;
  /** How much of the page was taken. */
  private taken = 0;

  constructor(bytes: Uint8Array, decoder: ColumnDecoder, codec: Codec<D>) {
    this.codec = codec;
    this.page = codec.room(0);
    const depth = { most: decoder.element.repetition_type === 'REQUIRED' ? 0 : 1, lists: 0 } as const;
    this.pages = valuesOf(pagesOf(bytes, decoder, depth), codec);
  }

  /** Undefined where there are not as many. */
  take(count: number): D | undefined {
    if (this.taken === this.page.length && !this.turn()) return undefined;
    if (this.taken + count <= this.page.length) {
      this.taken += count;
      return this.codec.part(this.page, this.taken - count, this.taken);
    }
    const values = this.codec.room(count);
    for (let held = 0; held < count; ) {
      if (this.taken === this.page.length && !this.turn()) return undefined;
      const some = Math.min(count - held, this.page.length - this.taken);
      for (let i = 0; i < some; i++) values[held + i] = this.page[this.taken + i];
      this.taken += some;
      held += some;
    }
    return values;
  }

  /** To the next page; false where there is none. */
  private turn(): boolean {
    const { value, done } = this.pages.next();
    if (done) return false;
    this.page = value;
    this.taken = 0;
    return true;
  }
}

/** Lists of numbers one after the other; an absent list is as an empty one. */
export interface Lists {
  values: Float64Array;
  /** Where in `values` each begins; one more for the end. */
  starts: Int32Array;
}

/** Of lists of values. Reads all of the group at once, since a list may go on in the next page. */
export class ListReader {
  private readonly read: () => Lists;
  private lists: Lists | undefined;
  private taken = 0;

  /** `depth`: how many steps of the way to a value may be absent. `hasNulls`: the last of them is the value itself. */
  constructor(
    bytes: Uint8Array,
    decoder: ColumnDecoder,
    codec: Codec<Float64Array>,
    depth: { most: number; hasNulls: boolean },
  ) {
    this.read = () => {
      const pages: [Page, Float64Array][] = [];
      const all = pagesOf(bytes, decoder, { most: depth.most, lists: 1 });
      for (const page of valuesWith(all, codec)) pages.push(page);
      return listsOf(pages, depth);
    };
  }

  /** Undefined where there are not as many. */
  take(count: number): Lists | undefined {
    this.lists ??= this.read();
    const { values, starts } = this.lists;
    const from = this.taken;
    this.taken += count;
    return this.taken < starts.length ? { values, starts: starts.subarray(from, this.taken + 1) } : undefined;
  }
}

function listsOf(
  pages: readonly [Page, Float64Array][],
  { most, hasNulls }: { most: number; hasNulls: boolean },
): Lists {
  const places = pages.reduce((sum, [page]) => sum + page.places, 0);
  const values = new Float64Array(places);
  const starts = new Int32Array(places + 1);
  let lists = 0;
  let held = 0;
  for (const [{ repeats, depths, places: here }, dense] of pages) {
    for (let i = 0, next = 0; i < here; i++) {
      if (repeats![i] === 0) starts[lists++] = held;
      if (depths![i] === most) values[held++] = dense[next++]!;
      else if (hasNulls && depths![i] === most - 1) values[held++] = Number.NaN;
    }
  }
  starts[lists] = held;
  return { values, starts: starts.subarray(0, lists + 1) };
}

/** Places without a value among the others. */
function* valuesOf<D extends Float64Array | Texts>(pages: Iterable<Page>, codec: Codec<D>): Generator<D, void> {
  for (const [page, dense] of valuesWith(pages, codec)) {
    if (page.held === page.places) {
      yield dense;
      continue;
    }
    const values = codec.room(page.places);
    for (let i = 0, next = 0; i < page.places; i++) values[i] = page.depths![i] === 1 ? dense[next++] : codec.none;
    yield values;
  }
}

/** The pages of values, each with those that it holds. */
function* valuesWith<D extends Float64Array | Texts>(
  pages: Iterable<Page>,
  codec: Codec<D>,
): Generator<[Page, D], void> {
  let dictionary: D | undefined;
  for (const page of pages) {
    if (page.isDictionary) dictionary = codec.plain(page.bytes, page.at, page.places);
    else if (page.encoding === 'PLAIN') yield [page, codec.plain(page.bytes, page.at, page.held)];
    else if (dictionary !== undefined && page.encoding?.endsWith('_DICTIONARY')) {
      yield [page, looked(page, dictionary, codec)];
    } else yield [page, codec.of(page.decoded())];
  }
}

/** Places in a dictionary, of one page at a time. */
let scratch = new Int32Array(0);

function looked<D extends Float64Array | Texts>({ bytes, at, held }: Page, dictionary: D, codec: Codec<D>): D {
  if (scratch.length < held) scratch = new Int32Array(held);
  const places = scratch.subarray(0, held);
  const width = bytes[at] ?? 0;
  if (width > 0) readHybrid(bytes, at + 1, width, places);
  else places.fill(0);
  const values = codec.room(held);
  for (let i = 0; i < held; i++) values[i] = dictionary[places[i]!];
  return values;
}

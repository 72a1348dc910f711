/** How a column of a kind may be kept, and what reads it then. */
import type { Compressors, SchemaElement, SchemaTree } from 'hyparquet';
import { DEFAULT_PARSERS } from 'hyparquet/src/convert.js';
import { getMaxDefinitionLevel, getTreePath } from 'hyparquet/src/schema.js';
import type { ColumnDecoder, ColumnMetaData } from 'hyparquet/src/types.js';
import {
  type Codec,
  cellCodec,
  flagOf,
  libraryCodec,
  NUMBER_TYPES,
  numberCodec,
  numberOf,
  type TextCell,
  type Texts,
  textCodec,
} from './column-codecs.ts';
import { ColumnReader, ListReader, type Lists } from './column-reader.ts';

/** `time` is given in ms since 1970, `flag` as 1 or 0, `texts` as lists. */
export type ColumnKind = 'text' | 'time' | 'count' | 'number' | 'flag' | 'texts';

/** Gives the next values of a column; undefined where it has not as many. */
export type ColumnTaker =
  | { as: 'numbers'; take: (count: number) => Float64Array | undefined }
  | { as: 'texts'; take: (count: number) => Texts | undefined }
  | { as: 'lists'; take: (count: number) => Lists | undefined };

/** Whether texts lie as texts, lists as lists, and all others flat. */
export function isKeptAs(kind: ColumnKind, column: SchemaTree): boolean {
  if (kind === 'texts') return isTexts(column);
  return kind === 'text' ? isText(column) : isFlat(column);
}

/** Of a column that `isKeptAs` its kind; `bytes` are what the file has of it in one group. */
export function openColumn(
  bytes: Uint8Array,
  schema: SchemaTree,
  metadata: ColumnMetaData,
  { kind, cell }: { kind: ColumnKind; cell?: TextCell },
  compressors: Compressors | undefined,
): ColumnTaker {
  const { path_in_schema: pathInSchema, type, codec } = metadata;
  const schemaPath = getTreePath(schema, pathInSchema);
  const { element } = schemaPath.at(-1)!;
  const parsers = kind === 'time' ? { ...DEFAULT_PARSERS, ...AS_MS } : DEFAULT_PARSERS;
  const beside = compressors ? { compressors } : {};
  const decoder: ColumnDecoder = { pathInSchema, schemaPath, element, type, codec, parsers, ...beside };
  if (kind === 'texts') {
    const depth = { most: getMaxDefinitionLevel(schemaPath), hasNulls: element.repetition_type !== 'REQUIRED' };
    const reader = new ListReader(bytes, decoder, cellCodec(cell!), depth);
    return { as: 'lists', take: (count) => reader.take(count) };
  }
  if (kind === 'text' && cell === undefined) {
    const reader = new ColumnReader(bytes, decoder, textCodec);
    return { as: 'texts', take: (count) => reader.take(count) };
  }
  const reader = new ColumnReader(bytes, decoder, cell === undefined ? codecOf(kind, decoder) : cellCodec(cell));
  return { as: 'numbers', take: (count) => reader.take(count) };
}

const AS_MS = {
  timestampFromMilliseconds: Number,
  timestampFromMicroseconds: (micros: bigint) => Number(micros / 1000n),
  timestampFromNanoseconds: (nanos: bigint) => Number(nanos / 1_000_000n),
  dateFromDays: (days: number) => days * 86_400_000,
};

function codecOf(kind: ColumnKind, decoder: ColumnDecoder): Codec<Float64Array> {
  const { type, element } = decoder;
  if (kind === 'flag') return libraryCodec(decoder, flagOf);
  const { converted_type: converted, logical_type: logical } = element;
  const isPlain = converted === undefined && logical === undefined;
  const isMillis = kind === 'time' && converted === 'TIMESTAMP_MILLIS' && type === 'INT64';
  const known = NUMBER_TYPES.find((each) => each === type);
  return known !== undefined && (isPlain || isMillis) ? numberCodec(known) : libraryCodec(decoder, numberOf);
}

function isFlat({ element, children }: SchemaTree): boolean {
  return children.length === 0 && element.repetition_type !== 'REPEATED';
}

function isText(column: SchemaTree): boolean {
  return isFlat(column) && holdsText(column.element);
}

/** A list of three levels, as the format has had it since 2014. */
function isTexts({ element, children: [list, ...others] }: SchemaTree): boolean {
  if (element.converted_type !== 'LIST' || element.repetition_type === 'REPEATED') return false;
  if (list === undefined || others.length > 0 || list.element.repetition_type !== 'REPEATED') return false;
  return list.children.length === 1 && isText(list.children[0]!);
}

function holdsText({ type, converted_type: converted = 'UTF8', logical_type: logical }: SchemaElement): boolean {
  const plain = logical === undefined || logical.type === 'STRING' || logical.type === 'ENUM';
  return type === 'BYTE_ARRAY' && plain && (converted === 'UTF8' || converted === 'ENUM');
}

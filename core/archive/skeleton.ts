/**
 * The shape of a payload without a byte of what it says: types, lengths, and the names of the contract's own fields.
 * Any other name may itself be private, so it is told by its length. Enough to see what a producer sends wrongly.
 */
import { isObject } from '../records/values.ts';
import { COLUMNS, RECORD_TYPES } from './columns.ts';

export type Skeleton = string | Skeleton[] | { [name: string]: Skeleton };

const MOST_DEEP = 6;
/** Values told of one payload, so that no entry is larger than a few KB. */
const MOST_VALUES = 120;
const MOST_OF_A_LIST = 4;
/** Envelopes in which a record may come. */
const ENVELOPES = ['type', 'detail', 'detail-type', 'source', 'specversion', 'data', 'datacontenttype', 'subject'];
const KNOWN = new Set([...RECORD_TYPES.flatMap((type) => COLUMNS[type].flatMap(({ path }) => path)), ...ENVELOPES]);

/** Of any JSON value. */
export function skeletonOf(value: unknown): Skeleton {
  return shape(value, { left: MOST_VALUES }, 0);
}

function shape(value: unknown, told: { left: number }, depth: number): Skeleton {
  told.left--;
  if (typeof value === 'string') return `text of ${value.length}`;
  if (Array.isArray(value)) return depth < MOST_DEEP ? listShape(value, told, depth) : `list of ${value.length}`;
  if (isObject(value)) return depth < MOST_DEEP ? objectShape(value, told, depth) : 'object';
  return value === null ? 'null' : typeof value;
}

function listShape(list: readonly unknown[], told: { left: number }, depth: number): Skeleton {
  const shapes: Skeleton[] = [];
  for (const value of list) {
    if (shapes.length === MOST_OF_A_LIST || told.left <= 0) break;
    shapes.push(shape(value, told, depth + 1));
  }
  const more = list.length - shapes.length;
  return more > 0 ? [...shapes, `${more} more`] : shapes;
}

function objectShape(object: Record<string, unknown>, told: { left: number }, depth: number): Skeleton {
  const shapes: [string, Skeleton][] = [];
  const names = Object.keys(object);
  for (const name of names) {
    if (told.left <= 0) break;
    const inner = shape(object[name], told, depth + 1);
    shapes.push([KNOWN.has(name) ? name : `field ${shapes.length + 1}, name of ${name.length}`, inner]);
  }
  const more = names.length - shapes.length;
  return Object.fromEntries(more > 0 ? [...shapes, ['others', `${more} more`]] : shapes);
}

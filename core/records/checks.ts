/**
 * Checks that say where a record breaks the contract and why: each looks at one value and allocates only when it finds a
 * fault. They agree with the zod schema, and no reason ever repeats the value: it may hold private text.
 */

import { isInteger, isNumber, isObject, isText } from './values.ts';

export interface Fault {
  /** `tokens.input`, `custody.minted.3`; empty for the value itself. */
  path: string;
  reason: string;
}

/** Valid, but it holds fields that the contract does not know. */
export const EXTRA = 'extra';
/** `undefined`: valid as it stands. */
export type Outcome = undefined | typeof EXTRA | Fault;
export type Check = (value: unknown) => Outcome;

export interface Shape {
  fields: ReadonlyMap<string, Check>;
  /** Names of the fields that must be there. */
  needed: readonly string[];
  /** The shapes of those fields that are objects. */
  nested: ReadonlyMap<string, Shape>;
}

export function shape(fields: Record<string, Check | Shape>, needed: readonly string[] = []): Shape {
  const entries = Object.entries(fields);
  const nested = new Map(entries.filter((entry): entry is [string, Shape] => typeof entry[1] !== 'function'));
  const checks = entries.map(([name, field]) => [name, typeof field === 'function' ? field : object(field)] as const);
  return { fields: new Map(checks), needed, nested };
}

export function checkObject(value: Record<string, unknown>, { fields, needed }: Shape): Outcome {
  let outcome: Outcome;
  for (const key in value) {
    const field = value[key];
    if (field === undefined) continue;
    const check = fields.get(key);
    const found = check === undefined ? EXTRA : check(field);
    if (typeof found === 'object') return under(key, found);
    outcome ??= found;
  }
  for (const key of needed) if (value[key] === undefined) return { path: key, reason: 'missing' };
  return outcome;
}

/** A copy that holds only what the contract knows; `value` must have passed `checkObject`. */
export function known(value: Record<string, unknown>, { fields, nested }: Shape): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const key of fields.keys()) {
    const field = value[key];
    const inner = nested.get(key);
    if (field !== undefined) copy[key] = inner && isObject(field) ? known(field, inner) : field;
  }
  return copy;
}

export function text(max: number): Check {
  return matching(`not a text of 1 to ${max} characters`, (value) => isText(value, max));
}

export function integer(max: number): Check {
  return matching(`not a whole number from 0 to ${max}`, (value) => isInteger(value, max));
}

export function number(max: number): Check {
  return matching(`not a number from 0 to ${max}`, (value) => isNumber(value, max));
}

export function oneOf(values: readonly string[]): Check {
  return matching(`not one of ${values.join(', ')}`, (value) => (values as readonly unknown[]).includes(value));
}

export function matching(reason: string, holds: (value: unknown) => boolean): Check {
  const fault = plain(reason);
  return (value) => (holds(value) ? undefined : fault);
}

export function list(check: Check, max: number): Check {
  const fault = plain(`not a list of at most ${max}`);
  return (value) => {
    if (!Array.isArray(value) || value.length > max) return fault;
    for (let i = 0; i < value.length; i++) {
      const found = check(value[i]);
      if (typeof found === 'object') return under(String(i), found);
    }
    return undefined;
  };
}

const NOT_OBJECT = plain('not an object');

function object(inner: Shape): Check {
  return (value) => (isObject(value) ? checkObject(value, inner) : NOT_OBJECT);
}

function plain(reason: string): Fault {
  return { path: '', reason };
}

function under(key: string, { path, reason }: Fault): Fault {
  return { path: path === '' ? key : `${key}.${path}`, reason };
}

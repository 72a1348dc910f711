/** Reading values of any shape without throwing: what is absent or of the wrong kind is `undefined`. */

export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a path of own properties. */
export function at(value: unknown, ...path: string[]): unknown {
  let current = value;
  for (const name of path) {
    if (!isObject(current) || !Object.hasOwn(current, name)) return undefined;
    current = current[name];
  }
  return current;
}

/** The first of `values` that is neither absent nor null. */
export function first(...values: unknown[]): unknown {
  return values.find((value) => value !== undefined && value !== null);
}

export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Text that says something: empty and blank strings count as absent. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** As `text`, and numbers as their decimal form: tenants and users are often numbered. */
export function identifier(value: unknown): string | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : text(value);
}

/** A finite number, or its decimal form in a string (OTLP writes 64-bit integers so). */
export function number(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  return typeof value === 'string' && DECIMAL.test(value) ? Number(value) : undefined;
}

const DECIMAL = /^-?\d{1,15}(?:\.\d{1,15})?$/;

/** A non-negative whole number that a double holds exactly. */
export function count(value: unknown): number | undefined {
  const n = number(value);
  return n !== undefined && n >= 0 && Number.isSafeInteger(n) ? n : undefined;
}

/** Text that is itself JSON, parsed; any other value as it is. Some exporters write structures as strings. */
export function parsed(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** The object without its undefined fields, or undefined when none is left. */
export function compact<T extends object>(fields: { [K in keyof T]: T[K] | undefined }): T | undefined {
  const kept = Object.entries(fields).filter(([, value]) => value !== undefined);
  return kept.length > 0 ? (Object.fromEntries(kept) as T) : undefined;
}

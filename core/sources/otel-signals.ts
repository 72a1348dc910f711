/** OTLP JSON taken apart: every span and log record with its attributes as plain values. */
import { at, isObject, list, number, text } from './json.ts';

/** A span or log record. Attributes of the resource are behind its own. */
export interface Signal {
  /** Where it was found, for rejections. */
  path: string;
  value: unknown;
  isLog: boolean;
  attributes: Map<string, unknown>;
}

export function signalsOf(value: unknown): Signal[] {
  return [
    ...signals(value, 'resourceSpans', ['scopeSpans', 'instrumentationLibrarySpans'], 'spans'),
    ...signals(value, 'resourceLogs', ['scopeLogs', 'instrumentationLibraryLogs'], 'logRecords'),
  ];
}

function signals(value: unknown, resources: string, scopes: string[], leaves: string): Signal[] {
  return list(at(value, resources)).flatMap((resource, r) => {
    const shared = list(at(resource, 'resource', 'attributes'));
    return scopes.flatMap((scopeName) =>
      list(at(resource, scopeName)).flatMap((scope, s) =>
        list(at(scope, leaves)).map((leaf, i) => ({
          path: `${resources}[${r}].${scopeName}[${s}].${leaves}[${i}]`,
          value: leaf,
          isLog: leaves === 'logRecords',
          attributes: attributesOf([...shared, ...list(at(leaf, 'attributes'))]),
        })),
      ),
    );
  });
}

/** `{key, value}` pairs as plain values by name; of a name that is there twice, the last. */
export function attributesOf(pairs: unknown[]): Map<string, unknown> {
  const attributes = new Map<string, unknown>();
  for (const pair of pairs) {
    const key = text(at(pair, 'key'));
    if (key !== undefined) attributes.set(key, plainValue(at(pair, 'value'), 0));
  }
  return attributes;
}

/** Nesting of structured attributes; deeper parts are left unread. */
const MAX_DEPTH = 12;

/** `{stringValue}`, `{intValue}` (string or number) and so on to the value itself. */
function plainValue(any: unknown, depth: number): unknown {
  if (!isObject(any) || depth > MAX_DEPTH) return undefined;
  if ('stringValue' in any) return any.stringValue;
  if ('boolValue' in any) return any.boolValue;
  if ('intValue' in any) return number(any.intValue);
  if ('doubleValue' in any) return number(any.doubleValue);
  if ('arrayValue' in any) return list(at(any, 'arrayValue', 'values')).map((inner) => plainValue(inner, depth + 1));
  const pairs = list(at(any, 'kvlistValue', 'values'));
  return Object.fromEntries(
    pairs.map((pair) => [text(at(pair, 'key')) ?? '', plainValue(at(pair, 'value'), depth + 1)]),
  );
}

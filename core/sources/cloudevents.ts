/** CloudEvents 1.0, structured: the record is in `data`. */
import { at, isObject, text } from './json.ts';
import { looksPersonal } from './names.ts';

export function isCloudEvent(value: unknown): boolean {
  return at(value, 'specversion') !== undefined && at(value, 'data') !== undefined;
}

/**
 * What the event carries. A usage record without `id` gets the event's (`source` + `/` + `id`), which CloudEvents
 * makes unique; `idOf` shortens one that is too long, or looks like an address.
 */
export function cloudEventData(value: unknown, idOf: (long: string) => string): unknown {
  const data = at(value, 'data');
  if (!isObject(data) || data.type !== 'usage' || data.id !== undefined) return data;
  const [source, id] = [text(at(value, 'source')), text(at(value, 'id'))];
  if (source === undefined || id === undefined) return data;
  const joined = `${source}/${id}`;
  return { ...data, id: joined.length <= 128 && !looksPersonal(joined) ? joined : idOf(joined) };
}

/** Messages that tell of new objects: S3's own notifications, EventBridge's, and either inside an SNS message. */
import { at, isObject, list, text } from '../../core/sources/json.ts';
import { jsonOf } from '../../core/sources/split-body.ts';
import type { ObjectPlace } from './log-objects.ts';

/** Undefined where the message tells of no objects and is no test either. */
export function objectsIn(body: string): ObjectPlace[] | undefined {
  const value = jsonOf(body);
  const carried = text(at(value, 'Message'));
  return placesOf(carried === undefined ? value : jsonOf(carried));
}

function placesOf(value: unknown): ObjectPlace[] | undefined {
  if (!isObject(value)) return undefined;
  if (value.Event === 's3:TestEvent') return [];
  const places = isObject(value.detail)
    ? [place(at(value, 'detail', 'bucket', 'name'), at(value, 'detail', 'object', 'key'))]
    : list(value.Records).map((record) =>
        place(at(record, 's3', 'bucket', 'name'), decoded(at(record, 's3', 'object', 'key'))),
      );
  const known = places.filter((found) => found !== undefined);
  return known.length > 0 ? known : undefined;
}

function place(bucket: unknown, key: unknown): ObjectPlace | undefined {
  const [name, path] = [text(bucket), text(key)];
  return name === undefined || path === undefined ? undefined : { bucket: name, key: path };
}

/** S3's own notifications have keys as in a form: percent signs, and `+` for a space. EventBridge's are plain. */
function decoded(key: unknown): unknown {
  if (typeof key !== 'string') return undefined;
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    return key;
  }
}

/**
 * Bodies that Bedrock keeps out of its log: those over 100 KB, and binary ones, lie in objects of their own, named in
 * the record by `inputBodyS3Path` and `outputBodyS3Path` (Amazon Bedrock User Guide, "Monitor model invocation").
 */
import { at, isObject, text } from './json.ts';

export type BodySide = 'input' | 'output';

/** An object as the log names it. */
export interface BodyPlace {
  side: BodySide;
  bucket: string;
  key: string;
}

const S3_PATH = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/(.{1,1024})$/s;

/** Where the bodies are that a record names and does not hold. A path of another form is left out. */
export function bodiesElsewhere(value: unknown): BodyPlace[] {
  return (['input', 'output'] as const).flatMap((side) => {
    if (at(value, side, `${side}BodyJson`) !== undefined) return [];
    const [, bucket, key] = S3_PATH.exec(text(at(value, side, `${side}BodyS3Path`)) ?? '') ?? [];
    return bucket === undefined || key === undefined ? [] : [{ side, bucket, key }];
  });
}

/** The record as it would have been with the body inside. */
export function withBody(value: unknown, side: BodySide, body: unknown): unknown {
  const part = at(value, side);
  if (!isObject(value) || !isObject(part)) return value;
  return { ...value, [side]: { ...part, [`${side}BodyJson`]: body } };
}

/**
 * Whether an object of the log bucket holds records. Bodies lie below `/data/`; the check of the permission, which
 * Bedrock writes once when logging is turned on, is no log.
 */
export function isInvocationLog(key: string): boolean {
  return /\.json(?:\.gz)?$/.test(key) && !/(?:^|\/)data\//.test(key) && !/permission-?check/i.test(key);
}

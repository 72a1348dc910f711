/**
 * The value behind a fingerprint, for a person who may know. A keyed hash cannot be undone, and Stillwatch keeps no
 * values: whoever asks brings the values that it may be, the accounts of their platform say, and is told which it is.
 */
import type { FingerprintKind } from '../records/fingerprint.ts';
import type { NameOf } from './bridge.ts';
import type { EpochKey } from './epoch.ts';
import { checkKind, checkReason, checkTells, ExplainError, printerOf } from './explain.ts';
import { bridgeKind } from './kinds.ts';
import type { Print } from './rename.ts';

export interface FindRequest {
  kind: FingerprintKind;
  fingerprint: string;
  among: string[];
  reason: string;
}

/** Values of one request. More are asked in parts. */
export const MAX_AMONG = 5000;
const MAX_CHARACTERS = 2048;

/** Of anything that came in as JSON. */
export function checkFind(request: { [K in keyof FindRequest]?: unknown }): asserts request is FindRequest {
  const { kind, fingerprint, among, reason } = request;
  checkKind(kind);
  if (typeof fingerprint !== 'string' || !/^[0-9a-f]{16}$/.test(fingerprint)) {
    throw new ExplainError('a fingerprint is 16 hex digits, as records and findings have it');
  }
  const isText = (value: unknown) => typeof value === 'string' && value !== '' && value.length <= MAX_CHARACTERS;
  if (!Array.isArray(among) || among.length === 0 || among.length > MAX_AMONG || !among.every(isText)) {
    throw new ExplainError(`the values to seek among must be 1 to ${MAX_AMONG} texts of at most ${MAX_CHARACTERS}`);
  }
  checkReason(reason);
}

/** A value and one of its fingerprints. */
export interface Candidate extends Print {
  value: string;
}

/** Each value under each key; those that are none of the kind are left out. */
export function candidatesOf({ kind, among }: Omit<FindRequest, 'reason'>, keys: readonly EpochKey[]): Candidate[] {
  return keys.flatMap(({ key }) => {
    const print = printerOf(kind, key);
    return among.flatMap((value) => {
      const made = print(value);
      return made === undefined ? [] : [{ kind: bridgeKind(kind), print: made, value }];
    });
  });
}

/**
 * The values that have the fingerprint now, or are kept under it since before a rotation.
 *
 * @throws ExplainError where the reason holds one of them: it is kept in the log
 */
export function valuesBehind(
  { fingerprint, reason }: Pick<FindRequest, 'fingerprint' | 'reason'>,
  candidates: readonly Candidate[],
  nameOf: NameOf,
): string[] {
  const found = candidates.filter(({ kind, print }) => print === fingerprint || nameOf(kind, print) === fingerprint);
  const values = [...new Set(found.map(({ value }) => value))];
  for (const value of values) checkTells(reason, value);
  return values;
}

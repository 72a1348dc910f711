/** Which format a value is of, judged by its content, and reading it accordingly. */
import { bedrock } from './bedrock.ts';
import { isCloudEvent } from './cloudevents.ts';
import { isBedrockCall } from './cloudtrail.ts';
import { at, isObject, list } from './json.ts';
import { litellm, litellmEncrypted } from './litellm.ts';
import { otel } from './otel.ts';
import { rejected, type Source, type SourceContext, type SourceItem } from './source.ts';
import { stillwatch } from './stillwatch.ts';
import { unwrap } from './wrappers.ts';

export const FORMATS = ['stillwatch', 'bedrock', 'litellm', 'otel', 'cloudevents'] as const;
export type Format = (typeof FORMATS)[number];

/** `format`: what the value is. `coarse`: a provider's totals. `unknown`: its shape in words, never a piece of it. */
export type Detection = { format: Format } | { coarse: string } | { unknown: string };

export const COARSE = "coarse totals, not exchanges: a provider's usage export has no accounts or exchanges to watch";

/** Calls as the audit log has them: no token counts, so no exchange. */
const cloudTrail: Source = {
  name: 'bedrock',
  matches: (value) => isBedrockCall(value) || list(at(value, 'Records')).some(isBedrockCall),
  read: (value) => {
    const skip: SourceItem = { skip: 'CloudTrail event, which has no token counts' };
    return list(at(value, 'Records')).length > 0 ? list(at(value, 'Records')).map(() => skip) : [skip];
  },
};

const coarse: Source = {
  name: 'coarse',
  matches: (value) => at(value, 'object') === 'page' || Array.isArray(at(list(at(value, 'data'))[0], 'results')),
  read: () => [rejected('', COARSE)],
};

/** In the order of the tests: the first that matches wins. */
const SOURCES: readonly Source[] = [stillwatch, bedrock, otel, cloudTrail, litellmEncrypted, litellm, coarse];

const BY_FORMAT: Record<Exclude<Format, 'cloudevents'>, Source> = { stillwatch, bedrock, litellm, otel };

/** The format of a bare or wrapped value; of an array or envelope with several values, that of the first known one. */
export function detect(value: unknown, context: SourceContext): Detection {
  if (isCloudEvent(value)) return { format: 'cloudevents' };
  const bare = unwrap(value, context);
  const known = bare.flatMap((item) => ('value' in item ? (sourceOf(item.value) ?? []) : []))[0];
  if (known === coarse) return { coarse: COARSE };
  if (known !== undefined) return { format: known.name as Format };
  return bare.some((item) => 'skip' in item) ? { format: 'bedrock' } : { unknown: shapeOf(value) };
}

function sourceOf(value: unknown): Source | undefined {
  return SOURCES.find((source) => source.matches(value));
}

/**
 * Reads a value of any format, or of `forced` alone. Never throws; a value of no known format is rejected.
 */
export function readValue(value: unknown, context: SourceContext, forced?: Format): SourceItem[] {
  if (forced === 'cloudevents' && !list(Array.isArray(value) ? value : [value]).every(isCloudEvent)) {
    return [rejected('', 'not a CloudEvent: specversion and data are needed')];
  }
  const only = forced === undefined || forced === 'cloudevents' ? undefined : BY_FORMAT[forced];
  const items = unwrap(value, context).flatMap((item) => {
    if (!('value' in item)) return [item];
    const source = only ?? sourceOf(item.value);
    return source?.read(item.value, context) ?? [rejected('', `of no known format: ${shapeOf(item.value)}`)];
  });
  return items.length > 0 || isNothing(value) ? items : [rejected('', NOTHING)];
}

const NOTHING = 'an envelope in which nothing can be read';

/** Lists of nothing but empty lists; what else gives no item, as a damaged envelope, must not vanish without a word. */
function isNothing(value: unknown): boolean {
  return Array.isArray(value) && value.every(isNothing);
}

/** The shape of a value in words. Names of unknown fields may be private too, so only their number is told. */
export function shapeOf(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : `an array of ${value.length}`;
  if (!isObject(value)) return value === null ? 'null' : `a bare ${typeof value}`;
  const fields = Object.keys(value).length;
  const type = 'type' in value ? ', whose type is none of usage, account and release' : '';
  return `an object of ${fields} ${fields === 1 ? 'field' : 'fields'}${type}`;
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordSchema } from '../../../core/records/schema.ts';
import { FORMATS, readValue } from '../../../core/sources/detect.ts';
import { context, fixture, type PartialSettings } from './context.ts';

const SAMPLES = [
  'bedrock-converse.ndjson',
  'bedrock-mixed.ndjson',
  'litellm.ndjson',
  'litellm-array.json',
  'otel-spans.json',
  'otel-logs.ndjson',
  'otel-old-spans.json',
  'bedrock-large.ndjson',
  'cloudevents.ndjson',
  'cloudwatch-logs.ndjson',
].flatMap(fixture);

type Place = (string | number)[];

/** Every place of a value, leaves and branches. */
function places(value: unknown, here: Place = []): Place[] {
  const inner =
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, child]) =>
          places(child, [...here, Array.isArray(value) ? Number(key) : key]),
        )
      : [];
  return here.length === 0 ? inner : [here, ...inner];
}

function replaced(value: unknown, place: Place, by: unknown): unknown {
  const copy = structuredClone(value) as Record<string | number, unknown>;
  const parent = place.slice(0, -1).reduce<Record<string | number, unknown>>((at, key) => at[key] as typeof copy, copy);
  parent[place.at(-1)!] = by;
  return copy;
}

/** JSON, now and then of the kind that breaks what turns values into strings or walks them by name. */
const anyJson = fc.oneof(
  { weight: 6, arbitrary: fc.jsonValue() },
  { weight: 1, arbitrary: fc.constant({ toString: 1, valueOf: 1 }) },
  { weight: 1, arbitrary: fc.constant(JSON.parse('{"__proto__":{"id":1},"constructor":null,"hasOwnProperty":0}')) },
);

/** A sample with a few places overwritten by any JSON. */
const damaged = fc
  .tuple(fc.constantFrom(...SAMPLES), fc.array(fc.tuple(fc.nat(), anyJson), { minLength: 1, maxLength: 4 }))
  .map(([sample, damages]) =>
    damages.reduce<unknown>((value, [pick, by]) => {
      const all = places(value);
      return all.length === 0 ? value : replaced(value, all[pick % all.length]!, by);
    }, sample),
  );

const settings = fc.constantFrom<PartialSettings[]>(
  {},
  {
    bedrock: { account: 'tenant', session: 'conversation', org: 'tenant', plain: ['tenant', 'identity.arn'] },
    litellm: { account: 'user_api_key_user_id', plain: ['user_api_key_user_id', 'user_api_key_org_id'] },
    otel: { org: ['service.name'], plain: ['user.id', 'enduser.id', 'service.name'] },
  },
);

describe('whatever a source is given', () => {
  it('it gives records of the contract, rejections and skips, and never throws', () => {
    const forced = fc.option(fc.constantFrom(...FORMATS), { nil: undefined });
    fc.assert(
      fc.property(fc.oneof(damaged, anyJson), settings, forced, (value, chosen, format) => {
        for (const item of readValue(value, context(chosen), format)) {
          if ('record' in item) expect(recordSchema.parse(item.record)).toEqual(item.record);
          else if ('rejection' in item) expect(item.rejection.reason).not.toBe('');
          else expect(item.skip).not.toBe('');
        }
      }),
      { numRuns: 1500 },
    );
  });
});

/** Strings only: the places where a person, an address or a prompt could stand. */
const STRINGS = SAMPLES.flatMap((sample) =>
  places(sample)
    .filter(
      (place) => typeof place.reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], sample) === 'string',
    )
    .map((place) => ({ sample, place })),
);

/** A name of a model or provider, an operation or an id is kept by design; no address is, even there. */
const KEPT = /model|provider|operation|requestId|call_id|call_type|^id$|data\.|specversion|source|schema|detail/i;

describe('no text, name or address gets out', () => {
  it.each([
    '203.0.113.77',
    '2001:db8:85a3::8a2e:370:7334',
    'kim.canary@mail.example',
    'ask <kim.canary@mail.example> now',
  ])('%s does not, wherever it stands in the input', (canary) => {
    for (const { sample, place } of STRINGS) {
      // Records in CloudEvents are native: their sender answers for them.
      if (place[0] === 'data') continue;
      for (const chosen of fc.sample(settings, 2)) {
        const out = JSON.stringify(readValue(replaced(sample, place, canary), context(chosen)));
        expect(out, `at ${place.join('.')}`).not.toContain(canary);
      }
    }
  });

  it('words of a prompt, a name or a key do not, in any place but the names that are kept by design', () => {
    const canary = 'canaryWords are sung here 4711';
    for (const { sample, place } of STRINGS.filter((found) => !KEPT.test(found.place.join('.')))) {
      const out = JSON.stringify(readValue(replaced(sample, place, canary), context()));
      for (let i = 0; i + 8 <= canary.length; i++) {
        expect(out, `at ${place.join('.')}`).not.toContain(canary.slice(i, i + 8));
      }
    }
  });

  it('rejections hold no piece of the value', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...SAMPLES),
        fc.nat(),
        fc.stringMatching(/^[a-z]{12,20}$/),
        (sample, pick, canary) => {
          const all = places(sample);
          const value = replaced(sample, all[pick % all.length]!, canary);
          const rejected = readValue(value, context()).filter((item) => 'rejection' in item);
          expect(JSON.stringify(rejected)).not.toContain(canary);
        },
      ),
      { numRuns: 300 },
    );
  });
});

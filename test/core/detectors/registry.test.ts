import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parameter } from '../../../core/detectors/detector.ts';
import { CAMPAIGN_DETECTORS, DETECTORS } from '../../../core/detectors/index.ts';
import { DETECTOR_SLUGS, EVIDENCE_GROUPS } from '../../../core/findings/finding.ts';
import { NETWORK_KINDS } from '../../../core/records/format.ts';

const SOURCE = join(import.meta.dirname, '../../../core');
const TEXTS = ['title', 'threat', 'statistic', 'nullModel', 'blindSpot', 'lookAlike'] as const;

describe.each(DETECTORS.map((meta) => [meta.slug, meta] as const))('%s', (slug, meta) => {
  test('tells a reader what it sees, what it misses and what looks like it', () => {
    for (const text of TEXTS) expect(meta[text].trim().length, text).toBeGreaterThan(10 - (text === 'title' ? 2 : 0));
    expect(meta.inputs.length).toBeGreaterThan(0);
    expect(meta.groups.length).toBeGreaterThan(0);
    for (const group of meta.groups) expect(EVIDENCE_GROUPS).toContain(group);
  });

  test('names every parameter with its unit and where the number comes from', () => {
    expect(meta.parameters.length).toBeGreaterThan(0);
    for (const { name, value, unit, source } of meta.parameters) {
      expect(Number.isFinite(value), name).toBe(true);
      expect(unit.length, `unit of ${name}`).toBeGreaterThan(3);
      expect(source.length, `source of ${name}`).toBeGreaterThan(3);
      expect(parameter(meta, name)).toBe(value);
    }
    expect(() => parameter(meta, 'no such')).toThrow(`${slug} has no parameter no such`);
  });

  test('has a share of its group and a ceiling that no group exceeds', () => {
    expect(meta.weight).toBeGreaterThan(0);
    expect(meta.weight).toBeLessThanOrEqual(1);
    expect(meta.capNats).toBeGreaterThan(0);
    expect(meta.capNats).toBeLessThanOrEqual(6);
  });

  test('has a test of a hit, of a look-alike and of absent fields', () => {
    const file = join(import.meta.dirname, `${slug}.test.ts`);
    expect(existsSync(file), file).toBe(true);
    const text = readFileSync(file, 'utf8');
    expect(text).toMatch(/test\('hit: /);
    expect(text).toMatch(/test\('no hit: /);
    expect(text).toMatch(/no evidence|no data|too spread|without a usual/);
  });
});

test('slugs are unique and of the public list', () => {
  const slugs = DETECTORS.map(({ slug }) => slug);
  expect(new Set(slugs).size).toBe(slugs.length);
  for (const slug of slugs) expect(DETECTOR_SLUGS).toContain(slug);
});

test('the weights of a group never exceed the whole', () => {
  for (const group of EVIDENCE_GROUPS) {
    const sum = CAMPAIGN_DETECTORS.filter(({ meta }) => meta.groups.includes(group)).reduce(
      (total, { meta }) => total + meta.weight,
      0,
    );
    expect(sum, group).toBeLessThanOrEqual(1);
  }
});

/** Code without its comments and documentation texts. */
function codeOf(folder: string, file: string): string {
  return readFileSync(join(SOURCE, folder, file), 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\/\/.*$/gm, '');
}

const judging = ['detectors', 'population', 'campaigns', 'findings'].flatMap((folder) =>
  readdirSync(join(SOURCE, folder)).map((file) => [folder, file] as const),
);

test.each(judging.filter(([, file]) => !file.startsWith('benign')))(
  '%s/%s never asks which kind of network, language or country an account has',
  (folder, file) => {
    // How many languages may be asked, never which.
    const code = codeOf(folder, file)
      .replace("eachValue(total, 'language', () => languages++)", '')
      .replace("'prompt.language'", '');
    expect(code).not.toMatch(/NETWORK_KINDS|COUNTER\.networks|\.networks\b/);
    expect(code).not.toMatch(/'language'|\.language\b|country|nationality/i);
    for (const kind of NETWORK_KINDS) expect(code).not.toContain(`'${kind}'`);
    expect(code).not.toMatch(/asn\s*[=!]==?\s*['"\d]|\[\s*'?asn'?\s*\]/);
  },
);

test('the checks of innocent causes are the one place that reads the kind of network', () => {
  expect(codeOf('campaigns', 'benign-profiles.ts')).toMatch(/COUNTER\.networks/);
});

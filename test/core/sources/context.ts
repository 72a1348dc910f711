import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { createFingerprinter } from '../../../core/records/fingerprint.ts';
import type { UsageRecord } from '../../../core/records/schema.ts';
import { type SourceSettings, sourceSettingsSchema } from '../../../core/sources/settings.ts';
import { type SourceContext, type SourceItem, sourceContext } from '../../../core/sources/source.ts';

export const fingerprinter = createFingerprinter(new Uint8Array(32));
export const fp = fingerprinter.fingerprint;

export type PartialSettings = { [K in keyof SourceSettings]?: Partial<SourceSettings[K]> };

export function context(settings: PartialSettings = {}): SourceContext {
  return sourceContext(fingerprinter, sourceSettingsSchema.parse(settings), (base64) =>
    gunzipSync(Buffer.from(base64, 'base64')).toString('utf8'),
  );
}

const FOLDER = new URL('../../fixtures/sources/', import.meta.url);

/** Values of a fixture: one, or one a line. */
export function fixture(name: string): unknown[] {
  const text = readFileSync(new URL(name, FOLDER), 'utf8');
  return name.endsWith('.json')
    ? [JSON.parse(text)]
    : text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
}

export function usages(items: SourceItem[]): UsageRecord[] {
  return items.flatMap((item) => ('record' in item && item.record.type === 'usage' ? [item.record] : []));
}

export function rejections(items: SourceItem[]) {
  return items.flatMap((item) => ('rejection' in item ? [item.rejection] : []));
}

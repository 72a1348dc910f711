import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recordSchemas } from '../../cli/docs/record-schemas.ts';
import { staleDocuments, writeDocuments } from '../../cli/generate-docs.ts';

describe('generated documents', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'stillwatch-docs-'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('are stale before they are written, and never after', () => {
    expect(staleDocuments(root, recordSchemas)).toEqual(recordSchemas.map(({ path }) => path));
    writeDocuments(root, recordSchemas);
    expect(staleDocuments(root, recordSchemas)).toEqual([]);
  });

  it('are named when someone edits them by hand', () => {
    writeDocuments(root, recordSchemas);
    writeFileSync(join(root, 'docs/schema/usage.schema.json'), '{}');
    expect(staleDocuments(root, recordSchemas)).toEqual(['docs/schema/usage.schema.json']);
  });

  it('describe every field and allow unknown ones, as readers of records do', () => {
    writeDocuments(root, recordSchemas);
    const schema = JSON.parse(readFileSync(join(root, 'docs/schema/usage.schema.json'), 'utf8'));
    expect(schema.required).toEqual(['type', 'id', 'time', 'account', 'model', 'tokens']);
    expect(Object.keys(schema.properties.prompt.properties)).toContain('sketch');
    expect(schema.additionalProperties).toBeUndefined();
  });
});

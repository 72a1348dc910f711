/** The record format as JSON Schema (draft 2020-12), one file for each type of record. */
import * as z from 'zod';
import { accountSchema, releaseSchema, usageSchema } from '../../core/records/schema.ts';
import type { GeneratedDocument } from './document.ts';

const TITLES = { usage: usageSchema, account: accountSchema, release: releaseSchema };

export const recordSchemas: readonly GeneratedDocument[] = Object.entries(TITLES).map(([type, schema]) => ({
  path: `docs/schema/${type}.schema.json`,
  render: () => `${JSON.stringify({ title: `Stillwatch ${type} record`, ...jsonSchema(schema) }, null, 2)}\n`,
}));

/** As input: fields that the format does not know are allowed, for readers leave them out. */
function jsonSchema(schema: z.ZodType): object {
  return z.toJSONSchema(schema, { io: 'input' });
}

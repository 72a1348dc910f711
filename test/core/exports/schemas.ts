/** The published schemas that exports are held against. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

const FOLDER = join(import.meta.dirname, '../../fixtures/schemas');

/** The patterns of STIX escape more than a Unicode expression allows; its schemas name no format. */
const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false, unicodeRegExp: false });

const read = (path: string) => JSON.parse(readFileSync(join(FOLDER, path), 'utf8')) as { $id: string };

const stixIds = new Map<string, string>();
for (const path of globSync('stix-2.1/{common,sdos,sros}/*.json', { cwd: FOLDER })) {
  const schema = read(path);
  ajv.addSchema(schema);
  stixIds.set(path.split('/').at(-1)!.replace('.json', ''), schema.$id);
}
const ocsfSchema = ajv.compile(read('ocsf-1.8.0-detection-finding.json'));

export function ocsfFaults(value: unknown): string[] {
  return faultsOf(ocsfSchema, value);
}

/** Every object of a bundle against the schema of its type, and what a schema cannot say: references that resolve. */
export function stixFaults(bundle: { type: string; id: string; objects: Record<string, unknown>[] }): string[] {
  const ids = new Set(bundle.objects.map(({ id }) => id));
  const faults = bundle.objects.flatMap((object) => {
    const id = stixIds.get(object.type as string);
    const schemas = id === undefined ? ownSchemas(object, bundle.objects) : [ajv.getSchema(id)!];
    if (schemas.length === 0) return [`${object.type}: no schema`];
    return schemas.flatMap((schema) => faultsOf(schema, object).map((fault) => `${object.type}${fault}`));
  });
  const dangling = bundle.objects
    .flatMap(({ source_ref, target_ref, created_by_ref, campaign_ref, object_refs, object_marking_refs }) => [
      ...[source_ref, target_ref, created_by_ref, campaign_ref].filter((ref) => ref !== undefined),
      ...((object_refs ?? []) as string[]),
      ...((object_marking_refs ?? []) as string[]),
    ])
    .filter((ref) => !ids.has(ref));
  const twice = bundle.objects.length === ids.size ? [] : ['an id occurs twice'];
  const named = /^bundle--[0-9a-f-]{36}$/.test(bundle.id) && bundle.type === 'bundle' ? [] : ['not a bundle'];
  return [...faults, ...dangling.map((ref) => `${ref}: not in the bundle`), ...twice, ...named];
}

/** Of an object that is not in the standard: what is common to all, and what the extension it names says of it. */
function ownSchemas(object: Record<string, unknown>, among: readonly Record<string, unknown>[]): ValidateFunction[] {
  const [name, extension] = Object.entries(object.extensions ?? {})[0] ?? [];
  const definition = among.find(({ id }) => id === name);
  const types = (definition?.extension_types ?? []) as string[];
  if (definition === undefined || extension.extension_type !== 'new-sdo' || !types.includes('new-sdo')) return [];
  return [ajv.getSchema(stixIds.get('core')!)!, ajv.compile(JSON.parse(definition.schema as string) as object)];
}

function faultsOf(validate: ValidateFunction, value: unknown): string[] {
  if (validate(value)) return [];
  return validate.errors!.map(({ instancePath, message }) => `${instancePath} ${message}`);
}

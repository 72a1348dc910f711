/**
 * `docs/settings.md`: every setting of a deployment: names and values from the schemas that parse them, meaning from the
 * comment above each in the source.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stageSchema } from '../../cdk/config.ts';
import { settingsSchema } from '../../core/settings.ts';
import { isObject, type Kind, kindOf, type ObjectSchema, type Schema, whole } from './schema-in-words.ts';

interface Group {
  title: string;
  file: string;
  /** The constant that holds the schema. */
  constant: string;
  schema: ObjectSchema;
}

interface Setting extends Kind {
  /** Within its group, as `mail.sender`. */
  path: string;
  means: string;
}

const ROOT = join(import.meta.dirname, '../..');
const STAGES = 'cdk/config.ts';
const SOURCES = 'core/sources/settings.ts';

const stage = whole(stageSchema);
const part = (of: ObjectSchema, name: string) => whole(of._zod.def.shape[name]!);
const collectors = part(stage, 'collectors');
const sources = part(collectors, 'sources');
const bucket = part(collectors, 'litellmBucket');

const GROUPS: readonly Group[] = [
  { title: 'A stage', file: STAGES, constant: 'stageSchema', schema: stage },
  { title: 'channels', file: STAGES, constant: 'channelsSchema', schema: part(stage, 'channels') },
  { title: 'existing', file: STAGES, constant: 'existingSchema', schema: part(stage, 'existing') },
  { title: 'keys', file: STAGES, constant: 'keysSchema', schema: part(stage, 'keys') },
  { title: 'collectors', file: STAGES, constant: 'collectorsSchema', schema: collectors },
  { title: 'A bucket that is read', file: STAGES, constant: 'bucketOf', schema: bucket },
  ...['bedrock', 'litellm', 'otel'].map((name) => {
    return { title: `collectors.sources.${name}`, file: SOURCES, constant: name, schema: part(sources, name) };
  }),
  { title: 'settings', file: 'core/settings.ts', constant: 'settingsSchema', schema: whole(settingsSchema) },
];

export function settingsPage(): string {
  return `# Settings

Made from the code; do not edit. A stage is set in \`cdk/config.ts\`; detection, lifecycle and messages in \`settings\` of the
stage, or for \`replay\` in the file of \`--config\`. What to change when: [tune](tune.md).
${GROUPS.map(section).join('')}`;
}

function section({ title, file, constant, schema }: Group): string {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const settings = settingsOf(schema, new Source(text, constant), '');
  const rows = settings.map(({ path, values, left, means }) => `| \`${path}\` | ${values} | ${left} | ${means} |`);
  return `
## ${title}

From \`${file}\`.

| setting | may be | left out | means |
| --- | --- | --- | --- |
${rows.join('\n')}
`;
}

function settingsOf(schema: ObjectSchema, source: Source, prefix: string): Setting[] {
  return Object.entries(schema._zod.def.shape).flatMap(([name, field]) => {
    const means = source.commentOn(name);
    const settings = [{ path: `${prefix}${name}`, means, ...described(field, name, source) }];
    const inner = below(field, source, name);
    return inner ? [...settings, ...settingsOf(inner.schema, inner.source, `${prefix}${name}.`)] : settings;
  });
}

/** A nested object whose settings are listed with it: one with lines of its own. */
function below(field: Schema, source: Source, name: string): { schema: ObjectSchema; source: Source } | undefined {
  const schema = whole(field);
  if (!isObject(schema) || hasOwnTable(schema) || isBucket(schema)) return undefined;
  const apart = source.constant(name);
  if (apart) return { schema, source: apart };
  const [first = ''] = Object.keys(schema._zod.def.shape);
  return source.hasLine(first) ? { schema, source } : undefined;
}

function described(field: Schema, name: string, source: Source): Kind {
  const schema = whole(field);
  const kind = kindOf(field);
  if (!isObject(schema)) return kind;
  const names = Object.keys(schema._zod.def.shape).map((each) => `\`${each}\``);
  if (name === 'sources' || hasOwnTable(schema)) return { ...kind, values: 'the settings of its own table below' };
  if (isBucket(schema)) {
    const more = names.filter((each) => !['`name`', '`prefix`', '`kmsKeyArn`'].includes(each));
    return { ...kind, values: ['a bucket', ...more].join(', and ') };
  }
  return { ...kind, values: below(field, source, name) ? 'the settings below it' : names.join(' and ') };
}

function hasOwnTable(schema: ObjectSchema): boolean {
  return schema === sources || GROUPS.some((group) => group.schema === schema && group.constant !== 'bucketOf');
}

/** Also one with a field more, or less. */
function isBucket(schema: ObjectSchema): boolean {
  return schema._zod.def.shape.name === bucket._zod.def.shape.name;
}

/** The text of one constant, read from its begin to its end: fields stand in it in the order of the schema. */
class Source {
  private readonly file: string;
  private readonly lines: string[];
  private at = 0;

  constructor(file: string, constant: string) {
    this.file = file;
    const all = file.split('\n');
    const from = all.findIndex((line) => new RegExp(`^(?:export )?const ${constant} = `).test(line));
    if (from < 0) throw new Error(`there is no constant ${constant} to read comments from`);
    const length = all.slice(from + 1).findIndex((line) => /^\S/.test(line)) + 1;
    this.lines = all.slice(from, from + length);
  }

  /** Another constant of the same file, where there is one of that name. */
  constant(name: string): Source | undefined {
    return new RegExp(`^const ${name} = z`, 'm').test(this.file) ? new Source(this.file, name) : undefined;
  }

  /** Whether the field is the next that stands on a line of its own. */
  hasLine(name: string): boolean {
    const next = this.lines.slice(this.at).find((line) => /^ +\w+(?::|,$)/.test(line) && !/^ +\*/.test(line));
    return next !== undefined && this.isField(next, name);
  }

  /** What stands above the field. */
  commentOn(name: string): string {
    const found = this.lines.findIndex((line, at) => at >= this.at && this.isField(line, name));
    if (found < 0) throw new Error(`${name}: not found in the source after what stands before it in the schema`);
    this.at = found + 1;
    const comment: string[] = [];
    for (let line = found - 1; /^ +(\/\*\*|\*)/.test(this.lines[line] ?? ''); line--) {
      comment.unshift(this.lines[line]!.replace(/^ +\/?\*+\/? ?| ?\*\/$/g, ''));
      if (this.lines[line]!.trimStart().startsWith('/**')) break;
    }
    return comment.join(' ').trim().replaceAll('|', '\\|');
  }

  private isField(line: string, name: string): boolean {
    return new RegExp(`^ +${name}(?::|,$)`).test(line);
  }
}

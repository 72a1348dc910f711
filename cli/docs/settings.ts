/**
 * `docs/settings.md`: every setting of a deployment, read from the files that define them: names and values from the
 * schemas, meaning from the comment above each. It reads them as text, because infrastructure is not the command line's
 * to import; the formatter's indentation says what belongs to what.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Setting {
  /** Within its group, as `mail.sender`. */
  path: string;
  /** What may stand there, and what stands there if it is left out. */
  values: string;
  left: string;
  means: string;
}

interface Group {
  title: string;
  file: string;
  /** The constant that holds the schema. */
  schema: string;
}

const GROUPS: readonly Group[] = [
  { title: 'A stage', file: 'cdk/config.ts', schema: 'stageSchema' },
  { title: 'channels', file: 'cdk/config.ts', schema: 'channelsSchema' },
  { title: 'existing', file: 'cdk/config.ts', schema: 'existingSchema' },
  { title: 'keys', file: 'cdk/config.ts', schema: 'keysSchema' },
  { title: 'collectors', file: 'cdk/config.ts', schema: 'collectorsSchema' },
  { title: 'A bucket that is read', file: 'cdk/config.ts', schema: 'bucketOf' },
  { title: 'collectors.sources.bedrock', file: 'core/sources/settings.ts', schema: 'bedrock' },
  { title: 'collectors.sources.litellm', file: 'core/sources/settings.ts', schema: 'litellm' },
  { title: 'collectors.sources.otel', file: 'core/sources/settings.ts', schema: 'otel' },
  { title: 'settings', file: 'core/settings.ts', schema: 'settingsSchema' },
];

const ROOT = join(import.meta.dirname, '../..');

export function settingsPage(): string {
  const groups = GROUPS.map((group) => ({ ...group, settings: settingsOf(group) })).filter(
    ({ settings }) => settings.length > 0,
  );
  return `# Settings

Made from the code; do not edit. A stage is set in \`cdk/config.ts\`; detection, lifecycle and messages in \`settings\` of the
stage, or for \`replay\` in the file of \`--config\`. What to change when: [tune](tune.md).
${groups.map(({ title, file, settings }) => section(title, file, settings)).join('')}`;
}

function section(title: string, file: string, settings: Setting[]): string {
  const rows = settings.map(({ path, values, left, means }) => `| \`${path}\` | ${values} | ${left} | ${means} |`);
  return `
## ${title}

From \`${file}\`.

| setting | may be | left out | means |
| --- | --- | --- | --- |
${rows.join('\n')}
`;
}

const FIELD = /^( +)(\w+)(?::\s*(.*?))?,?$/;

export function settingsOf({ file, schema }: Pick<Group, 'file' | 'schema'>): Setting[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const lists = new Map([...text.matchAll(/^const (\w+) = \[([^\]]+)\] as const;/gm)].map((m) => [m[1]!, m[2]!]));
  const settings: Setting[] = [];
  const parents: { indent: number; name: string; setting: Setting }[] = [];
  let comment: string[] = [];
  let open: { indent: number; setting: Setting; code: string } | undefined;
  const close = () => {
    if (open)
      Object.assign(open.setting, described(open.code, lists), open.setting.left ? { left: open.setting.left } : {});
  };
  for (const line of body(text, schema)) {
    const said = /^\s*(?:\/\*\*|\*)(?!\/) ?(.*?)(?: ?\*\/)?$/.exec(line);
    if (said !== null && /^\s*(\/\*\*|\* |\*$)/.test(line)) {
      if (line.trimStart().startsWith('/**')) comment = [];
      if (said[1]) comment.push(said[1]);
      continue;
    }
    if (/^\s*(\*\/|\/\/)/.test(line)) continue;
    const field = FIELD.exec(line);
    const isField = field !== null && (line.includes(':') || /^ +(plain),$/.test(line)) && !/^\s*[.)\]}]/.test(line);
    if (!isField || (open && field[1]!.length > open.indent && !/strictObject\(\{$/.test(open.code.trim()))) {
      if (open) open.code += ` ${line.trim()}`;
      const ends = /^( +)(\}\))?\.(optional|prefault)\(/.exec(line);
      const owner = ends && parents.findLast(({ indent }) => indent < ends[1]!.length + (ends[2] ? 1 : 0));
      if (owner && owner.setting !== open?.setting) owner.setting.left = 'none';
      continue;
    }
    close();
    const indent = field[1]!.length;
    while (parents.length > 0 && parents.at(-1)!.indent >= indent) parents.pop();
    const path = [...parents.map(({ name }) => name), field[2]!].join('.');
    const setting: Setting = { path, values: '', left: '', means: comment.join(' ').replaceAll('|', '\\|') };
    comment = [];
    settings.push(setting);
    parents.push({ indent, name: field[2]!, setting });
    open = { indent, setting, code: field[3] ?? field[2]! };
  }
  close();
  return settings;
}

/** Lines between the braces of the constant's first object. */
function body(text: string, schema: string): string[] {
  const lines = text.split('\n');
  const from = lines.findIndex((line) => new RegExp(`^(?:export )?const ${schema} = z`).test(line));
  if (from < 0) return [];
  const to = lines.findIndex((line, at) => at > from && /^\S/.test(line));
  const all = lines.slice(from, to < 0 ? undefined : to + 1);
  return all.slice(all.findIndex((line) => line.endsWith('({')) + 1);
}

/** The names in an object that stands on one line. */
function inner(code: string): string | undefined {
  const within = /strictObject\(\{ (.*?) \}\)\s*(?:\.optional\(\))?,?(?: \}\);)?$/.exec(code)?.[1];
  if (within === undefined) return undefined;
  const outermost = within.replace(/\([^()]*(?:\([^()]*\)[^()]*)*\)/g, '');
  return [...outermost.matchAll(/(\w+):/g)].map((match) => `\`${match[1]}\``).join(' and ');
}

/** A schema in words; a name that is not known is printed as it is. */
function described(code: string, lists: ReadonlyMap<string, string>): Pick<Setting, 'values' | 'left'> {
  const [own] = code.split(/ [})\]]+(?:,| |$)/) as [string];
  const fallback = /\.default\((.*?)\)(?:[,.\s]|$)/.exec(code)?.[1];
  if (/^bucketOf/.test(own) || own === 'plain')
    return { values: kindOf(own, lists), left: own === 'plain' ? '`[]`' : 'none' };
  const opens = /strictObject\(\{$/.test(own.trim());
  const left = opens
    ? 'must be given'
    : fallback !== undefined
      ? `\`${fallback}\``
      : /\.(optional|prefault)\(/.test(code)
        ? 'none'
        : 'must be given';
  const values = /strictObject/.test(own) ? (inner(code) ?? 'the settings below it') : kindOf(own.trim(), lists);
  return { values, left };
}

function kindOf(code: string, lists: ReadonlyMap<string, string>): string {
  const bound = (name: string) => new RegExp(`\\.${name}\\(([\\d_.]+)\\)`).exec(code)?.[1]?.replaceAll('_', ',');
  const options = (text: string) =>
    text
      .split(',')
      .flatMap((each) => (each.trim() ? [`\`${each.trim()}\``] : []))
      .join(', ');
  if (/^bucketOf/.test(code)) return code.includes('.extend(') ? 'a bucket, and `waitMinutes`' : 'a bucket';
  const [min, max] = [bound('min') ?? bound('gt'), bound('max')];
  const range = min && max ? ` from ${min} to ${max}` : min ? ` from ${min}` : max ? ` to ${max}` : '';
  const list = /z\s*\.literal\((\w+)\)/.exec(code)?.[1];
  const choice = /\.enum\(\[([^\]]*)\]/.exec(code)?.[1];
  const alternatives = [...code.matchAll(/z\.literal\(([^)]+)\)/g)].map((match) => `\`${match[1]}\``);
  if (/z\s*\.union\(/.test(code)) return `${alternatives.join(', ')}, or a whole number${range}`;
  if (list) return options(lists.get(list) ?? list);
  if (choice) return options(choice);
  if (/z\s*\.boolean\(/.test(code)) return '`true`, `false`';
  if (/z\s*\.number\(/.test(code)) return `${code.includes('.int()') ? 'a whole number' : 'a number'}${range}`;
  if (/^share/.test(code)) return 'a share, 0 to 1';
  if (/z\s*\.array\(address/.test(code)) return 'e-mail addresses';
  if (/z\s*\.array\(/.test(code) || code === 'plain') return 'a list of names';
  if (/^address/.test(code)) return 'an e-mail address';
  if (/^(secretArn|keyArn|arnOf)/.test(code) || code.includes("startsWith('arn:'")) return 'an ARN';
  if (/^(\w+)Schema/.test(code)) return 'the settings of its own table below';
  if (/z\s*\.url\(/.test(code)) return 'an https address';
  if (/z\s*\.custom/.test(code)) return 'the settings of `core/settings.ts`';
  return 'text';
}

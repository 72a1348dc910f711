/** What a schema of zod takes, in words; of both of its dialects, which share their definitions. */

interface Check {
  _zod: { def: { check: string; value?: number; inclusive?: boolean; error?: (issue: object) => unknown } };
}

interface Definition {
  type: string;
  format?: string;
  checks?: Check[];
  shape?: Record<string, Schema>;
  innerType?: Schema;
  element?: Schema;
  valueType?: Schema;
  options?: readonly Schema[];
  values?: readonly unknown[];
  entries?: Record<string, string>;
  defaultValue?: unknown;
}

export interface Schema {
  _zod: { def: Definition };
}

export interface ObjectSchema {
  _zod: { def: Definition & { shape: Record<string, Schema> } };
}

export interface Kind {
  /** What may stand there. */
  values: string;
  /** What stands there if it is left out. */
  left: string;
}

const AROUND = ['optional', 'default', 'prefault', 'readonly'];

/** What is left of a schema without what says that it may be left out. */
export function whole(schema: unknown): ObjectSchema {
  let { def } = (schema as Schema)._zod;
  let inner = schema as Schema;
  while (AROUND.includes(def.type)) {
    inner = def.innerType!;
    def = inner._zod.def;
  }
  return inner as ObjectSchema;
}

export function isObject(schema: Schema | ObjectSchema): schema is ObjectSchema {
  return schema._zod.def.type === 'object';
}

export function kindOf(schema: Schema): Kind {
  return { values: valuesOf(whole(schema)), left: leftOut(schema) };
}

function leftOut({ _zod: { def } }: Schema): string {
  if (def.type === 'default') return `\`${code(def.defaultValue)}\``;
  return AROUND.includes(def.type) ? 'none' : 'must be given';
}

function valuesOf(schema: Schema): string {
  const { def } = schema._zod;
  switch (def.type) {
    case 'boolean':
      return '`true`, `false`';
    case 'literal':
      return listed(def.values!);
    case 'enum':
      return listed(Object.values(def.entries!));
    case 'union':
      return def.options!.map((option) => valuesOf(whole(option))).join(', or ');
    case 'number':
      return numbers(def);
    case 'array':
      return list(whole(def.element!));
    case 'record':
      return `for each name, ${valuesOf(whole(def.valueType!))}`;
    case 'object':
      return Object.keys(def.shape!)
        .map((name) => `\`${name}\``)
        .join(' and ');
    case 'custom':
      return 'the settings of `core/settings.ts`';
    default:
      return text(def);
  }
}

function list(element: Schema): string {
  if (element._zod.def.type === 'enum') return `a list of ${valuesOf(element)}`;
  const each = valuesOf(element);
  return each === 'text' ? 'a list of names' : `a list, each ${each}`;
}

function numbers({ format, checks = [] }: Definition): string {
  const isWhole = [format, ...checks.map(({ _zod }) => (_zod.def as { format?: string }).format)].includes('safeint');
  const bound = (kind: string) => checks.findLast(({ _zod }) => _zod.def.check === kind)?._zod.def;
  const [least, most] = [bound('greater_than'), bound('less_than')];
  const from = least ? ` ${least.inclusive ? 'from' : 'above'} ${least.value!.toLocaleString('en')}` : '';
  const to = most ? ` ${least?.inclusive === false ? 'and at most' : 'to'} ${most.value!.toLocaleString('en')}` : '';
  return `a${isWhole ? ' whole' : ''} number${from}${to}`;
}

/** By the message of its check: what is `not an ARN` must be an ARN. */
function text({ format, checks = [] }: Definition): string {
  if (format === 'url') return 'an https address';
  const messages = checks.flatMap(({ _zod }) => {
    const said = _zod.def.check === 'string_format' ? _zod.def.error?.({}) : undefined;
    return typeof said === 'string' ? [said.replace(/^(not|must be) /, '')] : [];
  });
  return messages[0] ?? 'text';
}

function listed(values: readonly unknown[]): string {
  return values.map((value) => `\`${code(value)}\``).join(', ');
}

function code(value: unknown): string {
  return JSON.stringify(value).replaceAll('"', "'").replaceAll(',', ', ');
}

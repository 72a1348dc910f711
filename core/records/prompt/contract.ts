/**
 * The form of the output that a prompt demands: tags, headings, labels, JSON keys, kinds of list. Wording varies from
 * prompt to prompt where the form may not, for a program reads the answers. Only text near a demand ("respond with",
 * "format") is looked at, so that tags and keys of a pasted document rarely count.
 */
import { MAX_TEXT } from './mask.ts';

/** The skeleton as canonical text, `undefined` where the prompt demands no form. `schema` is a JSON schema, if one came. */
export function outputContract(texts: readonly string[], schema?: unknown): string | undefined {
  const demands = texts.map(demandedPart);
  const parts = [
    ...FEATURES.map(({ name, find }) => [name, demands.flatMap(find)] as const),
    ['schema', schemaPaths(schema)] as const,
  ];
  const lines = parts.flatMap(([name, found]) => (found.length > 0 ? [`${name}:${distinct(found).join(',')}`] : []));
  return lines.length > 0 ? lines.join('\n') : undefined;
}

const CUE =
  /\b(?:respond|reply|answer|output|return|format|formatted|structure[ds]?|wrap|enclose|surround|inside|schema|template|sections?|must (?:contain|include|have)|responde|formato|réponds|réponse|antworte|ausgabe|responda)\b|输出|格式|返回|回答|标签|出力|形式/giu;
/** Characters before and after a cue that belong to its demand. */
const BEFORE = 120;
const AFTER = 600;
/** Of each feature, so that a pasted table of contents does not become the skeleton's bulk. */
const MAX_ITEMS = 24;

/** The parts of a text near its demands, in lower case, in order and each once. */
function demandedPart(text: string): string {
  const lower = text.slice(0, MAX_TEXT).toLowerCase();
  let kept = '';
  let end = 0;
  for (const { index } of lower.matchAll(CUE)) {
    const from = Math.max(end, index - BEFORE);
    const to = Math.min(lower.length, index + AFTER);
    if (from > end) kept += '\n';
    if (to > end) kept += lower.slice(from, to);
    end = Math.max(end, to);
  }
  return kept;
}

const FEATURES: readonly { name: string; find: (text: string) => string[] }[] = [
  { name: 'tags', find: (text) => captures(text, /<([a-z][\w-]{0,40})>/g).filter((tag) => !HTML.has(tag)) },
  { name: 'keys', find: (text) => captures(text, /["']([a-z_][\w -]{0,40})["']\s{0,4}:/g) },
  { name: 'headings', find: (text) => captures(text, /^[ \t]{0,3}#{1,6}[ \t]+([^\n]{1,60})$/gm).map(words) },
  {
    name: 'labels',
    find: (text) => captures(text, /^[ \t]{0,3}(?:[-*] )?\**([a-z][a-z ]{1,30}):\**[ \t]?(?:<|\[|\{|\.\.\.|…)/gm),
  },
  { name: 'forms', find: (text) => FORMS.flatMap(({ form, pattern }) => (pattern.test(text) ? [form] : [])) },
];

/** Marks of documents, not of demands. */
const HTML = new Set(
  'a b i p br hr li ol ul td th tr div pre img span body head html link meta code table script style'.split(' '),
);

const FORMS: readonly { form: string; pattern: RegExp }[] = [
  { form: 'json', pattern: /\bjson\b/ },
  { form: 'xml', pattern: /\bxml\b/ },
  { form: 'yaml', pattern: /\byaml\b/ },
  { form: 'csv', pattern: /\bcsv\b|comma[- ]separated/ },
  { form: 'table', pattern: /\btable\b|\|\s?-{3,}/ },
  { form: 'numbered', pattern: /numbered (?:list|steps|points)|^[ \t]{0,3}1[.)] .{0,400}\n[ \t]{0,3}2[.)] /m },
  { form: 'bullets', pattern: /\bbullet(?:ed|s)?\b/ },
  { form: 'boxed', pattern: /\\boxed/ },
  { form: 'diff', pattern: /\b(?:unified )?diff\b/ },
  { form: 'score', pattern: /\b(?:single|one) (?:number|integer|score|digit)\b|\bonly (?:a|the) (?:number|score)\b/ },
  { form: 'choice', pattern: /\b(?:only|single|one) (?:letter|word)\b|\b(?:yes or no|true or false)\b/ },
];

/** Levels and keys of a schema that are read; no schema that a model is held to comes near. */
const MAX_DEPTH = 12;
const MAX_KEYS = 200;

/** `verdict`, `steps[].text`: the paths of a JSON schema's properties. */
function schemaPaths(schema: unknown): string[] {
  const paths: string[] = [];
  walk(schema, '', 0, paths);
  return paths;
}

function walk(node: unknown, path: string, depth: number, paths: string[]): void {
  if (typeof node !== 'object' || node === null || depth > MAX_DEPTH || paths.length >= MAX_KEYS) return;
  const { properties, items } = node as { properties?: unknown; items?: unknown };
  if (items !== undefined) walk(items, `${path}[]`, depth + 1, paths);
  if (typeof properties !== 'object' || properties === null) return;
  for (const [key, inner] of Object.entries(properties)) {
    const at = path === '' ? key : `${path}.${key}`;
    paths.push(at);
    walk(inner, at, depth + 1, paths);
  }
}

function captures(text: string, pattern: RegExp): string[] {
  return Array.from(text.matchAll(pattern), (match) => match[1]!.trim()).slice(0, MAX_ITEMS);
}

function words(text: string): string {
  return text.replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
}

/** Sorted, so that a demand put in another order stays the same demand. */
function distinct(found: readonly string[]): string[] {
  return [...new Set(found)].sort();
}

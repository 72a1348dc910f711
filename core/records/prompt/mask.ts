/**
 * Prompts without what changes from one use to the next, so that the same template is found again. Words are kept: a
 * topic that is written out in words stays in the mask, and only the sketch shows such prompts to be alike.
 */

/** Characters looked at; longer prompts are cut. A template shows itself in its first pages. */
export const MAX_TEXT = 32_768;

interface Rule {
  /** Must run in linear time: prompts are written by adversaries. */
  pattern: RegExp;
  mask: string;
}

const MONTHS =
  '(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)';

/** In order: what a rule replaces, later rules do not see. Text is in lower case. */
const RULES: readonly Rule[] = [
  { pattern: /```[\s\S]*?```|~~~[\s\S]*?~~~/g, mask: '<code>' },
  { pattern: /`[^`\n]{1,200}`/g, mask: '<code>' },
  { pattern: /\b(?:https?|ftp|s3|file):\/\/[^\s<>"'`)\]]+/g, mask: '<url>' },
  { pattern: /\bwww\.[a-z0-9-]+\.[^\s<>"'`)\]]+/g, mask: '<url>' },
  { pattern: /(?<![\w.+-])[\w.+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}/g, mask: '<email>' },
  { pattern: /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, mask: '<id>' },
  {
    pattern: /\b\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:[t ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)?(?:z|[+-]\d{2}:?\d{2})?\b/g,
    mask: '<date>',
  },
  { pattern: /\b\d{1,2}[/.]\d{1,2}[/.]\d{2,4}\b/g, mask: '<date>' },
  { pattern: new RegExp(`\\b${MONTHS} \\d{1,2}(?:st|nd|rd|th)?(?:,? \\d{4})?\\b`, 'g'), mask: '<date>' },
  { pattern: new RegExp(`\\b\\d{1,2}(?:st|nd|rd|th)?(?: of)? ${MONTHS}(?:,? \\d{4})?\\b`, 'g'), mask: '<date>' },
  { pattern: /\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b/g, mask: '<date>' },
  { pattern: /\b\d{1,2}:\d{2}(?::\d{2})?(?: ?[ap]m)?\b/g, mask: '<date>' },
  { pattern: /(?<![\w"“«])(?:"[^"\n]{1,400}"|“[^“”\n]{1,400}”|«[^«»\n]{1,400}»)/g, mask: '<text>' },
  { pattern: /(?<![\w'‘])(?:'[^'\n]{2,400}'|‘[^‘’\n]{2,400}’)(?!\w)/g, mask: '<text>' },
  { pattern: /(?<![\w/.])(?:~|\.{1,2}|[a-z]:)?(?:[/\\][\w.@+-]{1,100}){2,}[/\\]?/g, mask: '<file>' },
  {
    pattern:
      /(?<![\w.-])[\w-]{1,100}(?:[./][\w-]{1,100}){0,8}\.(?:[cm]?[jt]sx?|py|go|rs|java|rb|php|cs|cpp|cc|hpp|[ch]|sh|sql|json|ya?ml|toml|xml|html?|css|md|txt|csv|pdf|docx?|xlsx?|pptx?|png|jpe?g|gif|svg|zip|log)(?![\w-])/g,
    mask: '<file>',
  },
  { pattern: /(?<![\w-])(?=[a-z_-]{0,64}\d)(?=[\d_-]{0,64}[a-z])[a-z0-9_-]{6,}(?![\w-])/g, mask: '<id>' },
  { pattern: /\p{N}+(?:[.,]\p{N}+)*/gu, mask: '<n>' },
];

/** Lower case, variable parts as `<n>`, `<id>`, `<date>`, `<url>`, `<email>`, `<file>`, `<text>` or `<code>`, single spaces. */
export function maskPrompt(text: string): string {
  let masked = text
    .slice(0, MAX_TEXT)
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\S\n]+/g, ' ');
  for (const { pattern, mask } of RULES) masked = masked.replace(pattern, mask);
  return masked.replace(/\s+/g, ' ').trim();
}

/**
 * A system prompt as it is fingerprinted: masked, since many carry the date, a request id or the user's plan, which
 * would make every day another prompt.
 */
export function canonicalSystem(text: string): string {
  return maskPrompt(text);
}

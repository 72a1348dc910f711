/**
 * A coarse topic, 0 to 63, by vocabulary. 0 to 47 are the named topics of `topics.ts`, known by English words (and by
 * the names of technologies anywhere); 48 to 63 are buckets of a hash of the most frequent long word, so text without
 * known vocabulary still spreads and equal themes still meet. It tells broad traffic from narrow, not what a prompt means.
 */
import { TOPIC_WORDS } from './topics.ts';

/** Characters of a masked prompt looked at. */
const MAX_SAMPLE = 8000;
const BUCKETS = 64 - TOPIC_WORDS.length;
/** Letters that make a word carry a theme; fewer in scripts that write without spaces, where a run is a phrase. */
const LONG_WORD = 5;

/** `undefined` where the text has neither a known nor a long word. Equal text gives the same topic in every deployment. */
export function topicOf(masked: string): number | undefined {
  const words = masked.slice(0, MAX_SAMPLE).match(/(?<!<)[\p{L}\p{M}][\p{L}\p{M}+#-]*(?!>)/gu) ?? [];
  return named(words) ?? hashed(words);
}

/** Which topics a word speaks for: most for one, a few for two or three. */
const TOPICS_OF = new Map<string, number[]>();
TOPIC_WORDS.forEach((line, topic) => {
  for (const word of line.split(' ')) TOPICS_OF.set(word, [...(TOPICS_OF.get(word) ?? []), topic]);
});

/** The topic with the greatest sum; a word that several topics share is split between them. */
function named(words: readonly string[]): number | undefined {
  const scores = new Float64Array(TOPIC_WORDS.length);
  for (const word of words) {
    const topics = TOPICS_OF.get(word) ?? TOPICS_OF.get(singular(word)) ?? [];
    for (const topic of topics) scores[topic]! += 1 / topics.length;
  }
  const most = scores.reduce((top, score) => Math.max(top, score), 0);
  return most > 0 ? scores.indexOf(most) : undefined;
}

function singular(word: string): string {
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  if (/(?:s|x|ch|sh)es$/.test(word)) return word.slice(0, -2);
  return word.endsWith('s') ? word.slice(0, -1) : word;
}

function hashed(words: readonly string[]): number | undefined {
  const counts = new Map<string, number>();
  for (const word of words) if (isLong(word)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const [top] = [...counts].sort(([a, n], [b, m]) => m - n || b.length - a.length || (a < b ? -1 : 1));
  return top && TOPIC_WORDS.length + (fnv1a(top[0]) % BUCKETS);
}

function isLong(word: string): boolean {
  return (
    word.length >= LONG_WORD || /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]{2}/u.test(word)
  );
}

/** Fowler, Noll and Vo's hash over code units; keyless, since a number of 64 says nothing about a text. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskPrompt } from '../../../../core/records/prompt/mask.ts';
import { topicOf } from '../../../../core/records/prompt/topic.ts';
import { TOPIC_WORDS } from '../../../../core/records/prompt/topics.ts';

describe('the topic of a prompt', () => {
  it('is the same for prompts about the same thing, in other words', () => {
    const cooking = ['What sauce goes with baked chicken?', 'A vegetarian dish with garlic and butter for dinner'];
    const stars = ['How far is the nearest galaxy from our solar system?', 'Which planets can a small telescope show?'];
    expect(new Set(cooking.map(topicOf)).size).toBe(1);
    expect(new Set(stars.map(topicOf)).size).toBe(1);
    expect(topicOf(cooking[0]!)).not.toBe(topicOf(stars[0]!));
  });

  it('reaches every named topic', () => {
    expect(TOPIC_WORDS.map((line) => topicOf(line))).toEqual(TOPIC_WORDS.map((_, topic) => topic));
  });

  it('spreads text without known words over the upper buckets, the same word to the same one', () => {
    const odd = Array.from(
      { length: 400 },
      (_, i) => `zyxwv${'abcdefghij'[i % 10]}${'klmnopqrst'[Math.floor(i / 10) % 10]}${'uvxyz'[i % 5]}`,
    );
    const buckets = odd.map((word) => topicOf(`${word} ${word}`)!);
    expect(Math.min(...buckets)).toBeGreaterThanOrEqual(TOPIC_WORDS.length);
    expect(new Set(buckets).size).toBe(64 - TOPIC_WORDS.length);
    expect(topicOf(`the ${odd[0]} of ${odd[0]}`)).toBe(buckets[0]);
  });

  it('is absent for text without words, and within the format for any other', () => {
    expect(topicOf('<n> <code> 12 ok')).toBeUndefined();
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
        const topic = topicOf(maskPrompt(text));
        if (topic !== undefined) expect(Number.isInteger(topic) && topic >= 0 && topic < 64).toBe(true);
      }),
    );
  });
});

/** Task and flags of a prompt by tables of cues: fast, explainable, and right on average rather than every time. */
import type { Flag, Task } from '../schema.ts';
import { FLAG_CUES } from './flag-cues.ts';
import { TASK_CUES } from './task-cues.ts';

export interface Classified {
  system?: string;
  /** The user's latest text. */
  user: string;
  logprobs?: boolean;
  /** A JSON schema that the output is held to. */
  schema?: unknown;
  /** Whether the prompt carries images. */
  images?: boolean;
}

/** Instructions stand at the two ends of a prompt; what lies between is mostly the document they speak of. */
const HEAD = 6000;
const TAIL = 2000;

/** A task is named above this sum: a question word alone ("what is") says too little. */
const MIN_SCORE = 2;
/** Words up to which an unclear prompt counts as small talk. */
const CHAT_WORDS = 12;

/**
 * The task with the greatest sum of weights; at equal sums the one listed first. `other` where nothing speaks. The
 * user's words count twice: a system prompt says what an assistant is for, not what it was asked.
 */
export function taskOf({ system, user, images }: Classified): Task {
  if (images) return 'vision';
  const asked = ends(user);
  const frame = ends(system ?? '');
  const scores = new Map<Task, number>();
  for (const { task, weight, pattern } of TASK_CUES) {
    const found = (pattern.test(asked) ? 2 : 0) + (pattern.test(frame) ? 1 : 0);
    if (found > 0) scores.set(task, (scores.get(task) ?? 0) + found * weight);
  }
  return best(scores) ?? (isSmallTalk(asked) ? 'conversation' : 'other');
}

/** Every flag that a cue raises, in the order of the cues, each once. */
export function flagsOf({ system, user, logprobs, schema }: Classified): Flag[] {
  const text = `${ends(system ?? '')}\n${ends(user)}`;
  const flags = new Set<Flag>();
  for (const { flag, pattern } of FLAG_CUES) if (!flags.has(flag) && pattern.test(text)) flags.add(flag);
  if (schema !== undefined) flags.add('format_forced');
  if (logprobs) flags.add('logprobs');
  return [...flags];
}

function ends(text: string): string {
  const part = text.length > HEAD + TAIL ? `${text.slice(0, HEAD)}\n${text.slice(-TAIL)}` : text;
  return part.toLowerCase().trim().replaceAll('’', "'");
}

function best(scores: ReadonlyMap<Task, number>): Task | undefined {
  let winner: Task | undefined;
  for (const [task, score] of scores) if (score > (winner ? scores.get(winner)! : MIN_SCORE)) winner = task;
  return winner;
}

function isSmallTalk(text: string): boolean {
  return text !== '' && text.split(/\s+/, CHAT_WORDS + 1).length <= CHAT_WORDS;
}

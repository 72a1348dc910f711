/** The prompt of a usage line, from its opening brace to past its end, into the row at `at`. */
import { FLAGS, MAX_FLAGS, MAX_TOPIC, TASKS } from '../records/format.ts';
import { END, type LineCursor } from '../records/line-cursor.ts';
import { Words } from '../records/words.ts';
import { SKETCH_LETTERS } from './decode-sketch.ts';
import { ROW, writeSketch } from './exchange.ts';
import { hashedFingerprint } from './exchange-parts.ts';
import { hashBytes, lanes } from './hash.ts';

const PROMPT = { system: 0, template: 1, sketch: 2, contract: 3, topic: 4, task: 5, language: 6, flags: 7 } as const;

const prompt = Words.of(PROMPT);
const tasks = new Words(TASKS);
const flags = new Words(FLAGS);

export function readPrompt(cursor: LineCursor, rows: Float64Array, at: number): void {
  for (let key = cursor.first(prompt); key !== END; key = cursor.next(prompt)) {
    switch (key) {
      case PROMPT.system:
        rows[at + ROW.system] = hashedFingerprint(cursor);
        break;
      case PROMPT.template:
        rows[at + ROW.template] = hashedFingerprint(cursor);
        break;
      case PROMPT.contract:
        rows[at + ROW.contract] = hashedFingerprint(cursor);
        break;
      case PROMPT.sketch:
        readSketch(cursor, rows, at);
        break;
      case PROMPT.topic:
        rows[at + ROW.topic] = cursor.whole(MAX_TOPIC);
        break;
      case PROMPT.task:
        rows[at + ROW.task] = cursor.word(tasks);
        break;
      case PROMPT.language:
        rows[at + ROW.language] = languageAt(cursor);
        break;
      case PROMPT.flags:
        rows[at + ROW.flags] = flagsAt(cursor);
    }
  }
}

function flagsAt(cursor: LineCursor): number {
  if (!cursor.openList()) return 0;
  let found = 0;
  let held = 0;
  do {
    if (held++ === MAX_FLAGS) {
      cursor.miss();
      break;
    }
    found |= 1 << cursor.word(flags);
  } while (cursor.moreList());
  return found;
}

/** Two to eight letters; only small ones, since the hash is of small letters. */
function languageAt(cursor: LineCursor): number {
  cursor.text(8);
  const { bytes, from, to } = cursor;
  if (to - from < 2) cursor.miss();
  for (let i = from; i < to; i++) if (bytes[i]! < 97 || bytes[i]! > 122) cursor.miss();
  hashBytes(bytes, from, to);
  return lanes.low & 0xffff;
}

function readSketch(cursor: LineCursor, rows: Float64Array, at: number): void {
  cursor.text(SKETCH_LETTERS);
  const { bytes, from, to } = cursor;
  if (to - from !== SKETCH_LETTERS || !writeSketch(bytes, from, rows, at)) cursor.miss();
}

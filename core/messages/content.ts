/** The shape of an alert before it becomes text, mail or chat: every channel prints the same blocks. */
/** A sentence, or part of one. Where space is short, the clause with the highest `drop` goes first; 0 always stays. */
export interface Clause {
  text: string;
  drop: number;
  /** Begins a line of its own. */
  fresh?: boolean;
}

/** One labelled paragraph of the first screen. */
export interface Block {
  label: string;
  clauses: Clause[];
}

export interface Step {
  text: string;
  note?: string;
}

/** What is read first, at most 900 characters as text. */
export interface FirstScreen {
  title: string;
  blocks: Block[];
  runbook: string;
  steps: Step[];
}

/** What follows below the rule. */
export interface Section {
  label: string;
  /** A paragraph, or the heading words of a table. */
  text?: string;
  table?: Table;
  /** A list to be searched, not a sentence to be read: it may be as wide as a table. */
  wide?: boolean;
}

export interface Table {
  /** Empty where the columns need no heading. */
  head: string[];
  rows: string[][];
  /** Columns from this one on hold figures and are set flush right. */
  figuresFrom: number;
  /** Fewest characters of each column of text in plain text, so that alerts line up with each other. */
  least?: number[];
}

export function clause(text: string, drop = 0): Clause {
  return { text, drop };
}

/** Clauses as sentences, one line for each that begins afresh; the last one ends without a full stop. */
export function paragraphs(block: Block): string[] {
  const lines: string[] = [];
  for (const { text, fresh } of block.clauses) {
    const sentence = text.replace(/\.$/, '');
    const held = lines.pop();
    if (held === undefined) lines.push(sentence);
    else if (fresh) lines.push(`${held}.`, sentence);
    else lines.push(`${held}. ${sentence}`);
  }
  return lines;
}

export function paragraph(block: Block): string {
  return paragraphs(block).join(' ');
}

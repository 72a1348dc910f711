/** The shape of an alert before it becomes text, mail or chat: every channel prints the same blocks. */
import type { MemberChange, Transition } from '../findings/transition.ts';

/** A transition as it is told. Members are used for the one account of a consumer finding and for nothing else. */
export type Told = Transition & { readonly members?: readonly MemberChange[] };

/** A sentence, or part of one. Where space is short, the clause with the highest `drop` goes first; 0 always stays. */
export interface Clause {
  text: string;
  drop: number;
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
}

export interface Table {
  /** Empty where the columns need no heading. */
  head: string[];
  rows: string[][];
  /** Columns from this one on hold figures and are set flush right. */
  figuresFrom: number;
}

export function clause(text: string, drop = 0): Clause {
  return { text, drop };
}

/** Clauses as sentences; the last one ends without a full stop. */
export function paragraph(block: Block): string {
  return block.clauses.map((each) => each.text.replace(/\.$/, '')).join('. ');
}

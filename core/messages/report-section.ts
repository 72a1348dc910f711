/** A section of a report mail, as words and tables: text and HTML print the same cells. */
import type { Table } from './content.ts';

/** A section names at most this many findings; the attached files have them all. */
export const SHOWN = 3;

export interface Section {
  title: string;
  table?: Table;
  lines?: string[];
  /** Begins with the picture of the trend. */
  chart?: 'share';
}

/** The first few, and how many there are beside them. */
export function listLines(all: string[]): string[] {
  return all.length > SHOWN ? [...all.slice(0, SHOWN), `and ${all.length - SHOWN} more`] : all;
}

/** Where the rest of a list stands. */
export function more(count: number, file: string): string[] {
  return count > SHOWN ? [`and ${count - SHOWN} more in ${file}`] : [];
}

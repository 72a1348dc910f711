/**
 * What happens to a case, as one table: for each event and state the state it goes to and what is said. A cell reads
 * `next/said`; `same` is the state it is in, `before` the one in which it was snoozed. `-`: nothing happens. `x`: refused.
 */
export const STATES = ['new', 'acked', 'snoozed', 'covered', 'judged', 'cleared', 'archived'] as const;
export type StateName = (typeof STATES)[number];

/**
 * O opened, U updated, R reopened, C cleared, M reminder: messages. l: a line in the thread, which pages nobody. d: the
 * daily digest only. -: nothing.
 */
export type Said = 'O' | 'U' | 'R' | 'C' | 'M' | 'l' | 'd' | '-';

export type Cell = 'x' | '-' | { next: StateName | 'same' | 'before'; said: Said };

// biome-ignore format: a table is read by its columns
const ROWS = {
  //                         new        acked      snoozed    covered    judged     cleared    archived
  'updated, grave':        ['new/U',    'acked/U', 'new/U',   'new/U',   'new/U',   '-',       '-'],
  'updated, grave but covered':
                           ['-',        '-',       '-',       'covered/d', '-',     '-',       '-'],
  'updated':               ['new/U',    'acked/U', 'snoozed/d', 'covered/d', 'judged/d', '-',  '-'],
  'cleared':               ['cleared/C', 'cleared/C', 'cleared/C', 'cleared/d', 'cleared/d', '-', '-'],
  'returns':               ['-',        '-',       '-',       '-',       '-',       'new/R',   '-'],
  'returns, covered':      ['-',        '-',       '-',       '-',       '-',       'covered/d', '-'],
  'returns, judged benign and not grave':
                           ['-',        '-',       '-',       '-',       '-',       'judged/d', '-'],
  'ack':                   ['acked/l',  'acked/-', 'acked/l', 'covered/-', 'x',     'x',       'x'],
  'assign':                ['new/l',    'acked/l', 'snoozed/l', 'covered/l', 'judged/l', 'cleared/-', 'x'],
  'note':                  ['same/-',   'same/-',  'same/-',  'same/-',  'same/-',  'same/-',  'same/-'],
  'snooze':                ['snoozed/l', 'snoozed/l', 'snoozed/l', 'x',   'x',      'x',       'x'],
  'snooze ends':           ['-',        '-',       'before/l', '-',      '-',       '-',       '-'],
  'snooze ends, material meanwhile':
                           ['-',        '-',       'before/U', '-',      '-',       '-',       '-'],
  'verdict confirmed':     ['acked/l',  'acked/l', 'acked/l', 'acked/l', 'acked/l', 'cleared/-', 'archived/-'],
  'verdict other':         ['judged/l', 'judged/l', 'judged/l', 'judged/l', 'judged/l', 'cleared/-', 'archived/-'],
  'cover complete':        ['covered/l', 'covered/l', 'covered/l', 'covered/-', 'judged/-', '-', '-'],
  'cover ends':            ['-',        '-',       '-',       'new/U',   '-',       '-',       '-'],
  'cover ends, never messaged':
                           ['-',        '-',       '-',       'new/O',   '-',       '-',       '-'],
  'escalation':            ['new/M',    '-',       '-',       '-',       '-',       '-',       '-'],
  'escalation, two sent':  ['new/d',    '-',       '-',       '-',       '-',       '-',       '-'],
  'below material':        ['same/d',   'same/d',  'same/d',  'same/d',  'same/d',  '-',       '-'],
  'fourteen days':         ['-',        '-',       '-',       '-',       '-',       'archived/-', '-'],
} as const;

export type CaseEvent = keyof typeof ROWS;
export const CASE_EVENTS = Object.keys(ROWS) as CaseEvent[];

/** How a finding begins. */
export const BEGINS = { open: 'new/O', covered: 'covered/d' } as const;

export function cellOf(event: CaseEvent, state: StateName): Cell {
  return parse(ROWS[event][STATES.indexOf(state)]!);
}

function parse(cell: string): Cell {
  if (cell === 'x' || cell === '-') return cell;
  const [next, said] = cell.split('/') as [StateName | 'same' | 'before', Said];
  return { next, said };
}

/** What people have decided about a finding, as far as a message tells it: no note, and no name but the handler's. */
export interface CaseView {
  state: 'new' | 'acked' | 'snoozed' | 'covered' | 'judged' | 'cleared' | 'archived';
  assignee: string | null;
  ackedBy: string | null;
  /** RFC 3339. */
  ackedAt: string | null;
  verdict: string | null;
  /** Exceptions that cover certain accounts of the finding. */
  exceptions: { id: string; accounts: number; until: string }[];
}

/** A finding that nobody has touched yet. */
export const UNTOUCHED: CaseView = {
  state: 'new',
  assignee: null,
  ackedBy: null,
  ackedAt: null,
  verdict: null,
  exceptions: [],
};

/** Whoever can tell what values and fingerprints are: the key of this machine, or the function of a deployment. */
import type { Explained, ExplainRequest } from './explain.ts';
import type { FindRequest } from './find.ts';

export interface Explanation {
  /** Under each key, the one in use first. */
  explained: Explained[];
  /** What it was called before, where everything of it is kept under another name. */
  names: Explained[];
}

/** Nothing is told before it is written down: who, when, of what kind, why. */
export interface Explainer {
  explain(request: ExplainRequest): Promise<Explanation>;
  /** Of the values, those that have the fingerprint. At most `MAX_AMONG` values. */
  find(request: FindRequest): Promise<string[]>;
}

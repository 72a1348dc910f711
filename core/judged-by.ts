/** What a sweep judged by: program, settings and detectors. Two of them tell what changed between two sweeps. */
import { createHash } from 'node:crypto';
import type { DetectorMeta } from './detectors/detector.ts';
import type { Settings } from './settings.ts';

/** The version of the program, and the first eight hex digits of the settings' SHA-256. */
export interface Build {
  version: string;
  config: string;
}

/** Plain JSON: it is kept with each sweep. */
export interface JudgedBy extends Build {
  settings: Settings;
  /** Parameters of each detector, by its slug. */
  detectors: Record<string, Record<string, number>>;
}

export interface Change {
  /** `version`, `settings.alerts.fold`, `detectors.entity-links.hub cap`. */
  what: string;
  /** As JSON; absent where there was, or is, no such thing. */
  was?: string;
  is?: string;
}

export function buildOf(settings: Settings, version: string): Build {
  const config = createHash('sha256').update(JSON.stringify(settings), 'utf8').digest('hex').slice(0, 8);
  return { version, config };
}

export function judgedBy(settings: Settings, version: string, by: readonly DetectorMeta[]): JudgedBy {
  const parameters = by.map(({ slug, parameters: all, weight, capNats }) => {
    const named = all.map(({ name, value }) => [name, value] as const);
    return [slug, { ...Object.fromEntries(named), weight, capNats }] as const;
  });
  return { ...buildOf(settings, version), settings, detectors: Object.fromEntries(parameters) };
}

/** In the order of their names; the hash of the settings is none beside the settings themselves. */
export function changesBetween(was: JudgedBy, is: JudgedBy): Change[] {
  const [before, after] = [leaves(was), leaves(is)];
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((what) => before.get(what) !== after.get(what))
    .toSorted()
    .map((what) => {
      const [old, now] = [before.get(what), after.get(what)];
      return { what, ...(old === undefined ? {} : { was: old }), ...(now === undefined ? {} : { is: now }) };
    });
}

function leaves({ version, settings, detectors }: JudgedBy): Map<string, string> {
  const found = new Map<string, string>();
  const walk = (path: string, value: unknown): void => {
    const inner = value !== null && typeof value === 'object' && !Array.isArray(value) ? Object.entries(value) : [];
    if (inner.length === 0 && value !== undefined) found.set(path, JSON.stringify(value));
    for (const [name, each] of inner) walk(`${path}.${name}`, each);
  };
  walk('version', version);
  walk('settings', settings);
  walk('detectors', detectors);
  return found;
}

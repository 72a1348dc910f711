/**
 * Where seeds come from. Those of the report are used by nothing but the run that writes the page: whoever changes a
 * detector looks at the others.
 */
export const NAMESPACES = {
  /** Of the page. A new page after a look at these takes a new name. */
  report: 'report-2026-11-28-b',
  /** Looked at while detectors are built. */
  development: 'evaluation',
  /** Worlds on which the thresholds of the simple rules are set. */
  calibration: 'calibration',
} as const;
export type Namespace = keyof typeof NAMESPACES;

export function seedOf(namespace: Namespace, id: string, index: number): string {
  return `${NAMESPACES[namespace]}-${id}-${index + 1}`;
}

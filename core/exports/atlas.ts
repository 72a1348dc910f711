/** MITRE ATLAS names of what findings are, version 5.6. */
import type { Classification } from '../findings/finding.ts';
import { ATLAS } from '../messages/words.ts';

export const ATLAS_VERSION = '5.6';

interface Named {
  uid: string;
  name: string;
}

export interface Technique {
  tactic: Named;
  technique: Named;
  sub?: Named;
}

const TACTICS = {
  resources: { uid: 'AML.TA0003', name: 'Resource Development' },
  access: { uid: 'AML.TA0004', name: 'Initial Access' },
  exfiltration: { uid: 'AML.TA0010', name: 'Exfiltration' },
  impact: { uid: 'AML.TA0011', name: 'Impact' },
} as const;

const KNOWN: Record<string, Technique> = {
  'AML.T0024.002': {
    tactic: TACTICS.exfiltration,
    technique: { uid: 'AML.T0024', name: 'Exfiltration via AI Inference API' },
    sub: { uid: 'AML.T0024.002', name: 'Extract AI Model' },
  },
  'AML.T0008.005': {
    tactic: TACTICS.resources,
    technique: { uid: 'AML.T0008', name: 'Acquire Infrastructure' },
    sub: { uid: 'AML.T0008.005', name: 'AI Service Proxies' },
  },
  'AML.T0012': { tactic: TACTICS.access, technique: { uid: 'AML.T0012', name: 'Valid Accounts' } },
  'AML.T0034': { tactic: TACTICS.impact, technique: { uid: 'AML.T0034', name: 'Cost Harvesting' } },
};

export function technique(classification: Classification): Technique {
  return KNOWN[ATLAS[classification]]!;
}

/** The most exact name there is. */
export function techniqueName(classification: Classification): Named {
  const { technique: parent, sub } = technique(classification);
  return sub ?? parent;
}

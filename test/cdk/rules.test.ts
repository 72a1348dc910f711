import { describe, expect, it } from 'vitest';
import { STAGES, type StageInput } from '../../cdk/config.ts';
import { checkRules } from '../../cdk/rules.ts';
import { appOf, FULL } from './support.ts';

// Seconds of work, and minutes on a machine that is busy.
describe('the rule packs find nothing that is not answered with a reason', { timeout: 300_000 }, () => {
  const stages: [string, StageInput][] = [
    ['dev', STAGES.dev!],
    ['prod with everything on', FULL],
    ['prod with a customer-managed key', { ...FULL, customerKey: true }],
  ];
  it.each(stages)('%s', (_name, input) => {
    const { app } = appOf(input, { '@aws-cdk/core:validateAgainstDefaultRules': true });
    checkRules(app);
    expect(() => app.synth()).not.toThrow();
  });
});

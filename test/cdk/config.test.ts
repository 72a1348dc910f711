import { describe, expect, it } from 'vitest';
import { STAGES, type StageInput, stageConfig } from '../../cdk/config.ts';

const prod = STAGES.prod!;
const failing = (more: object) => () => stageConfig('prod', { prod: { ...prod, ...more } as StageInput });

describe('a wrong setting stops synthesis with one line that names it', () => {
  it.each([
    [{ segments: 0 }, /^cdk\/config\.ts: prod\.segments: /],
    [{ sweepEveryHours: 5 }, /^cdk\/config\.ts: prod\.sweepEveryHours: /],
    [{ alertEmails: ['nobody'] }, /^cdk\/config\.ts: prod\.alertEmails\.0: not an e-mail address$/],
    [{ sweepEvery: 6 }, /^cdk\/config\.ts: prod: .*sweepEvery/],
    [{ settings: { retentionDays: 1 } }, /^cdk\/config\.ts: prod\.settings\.retentionDays: /],
    [
      { report: { every: 'week', sender: 'a@example.com', recipients: [] } },
      /^cdk\/config\.ts: prod\.report\.recipients: /,
    ],
  ])('%j', (more, line) => {
    expect(failing(more)).toThrow(line);
    expect(failing(more)).not.toThrow(/\n/);
  });

  it('names the stages there are when asked for another', () => {
    expect(() => stageConfig('staging')).toThrow('stage: "staging" is not in cdk/config.ts; choose one of dev, prod');
  });
});

describe('a stage', () => {
  it('is the name of the deployment in messages unless the settings say otherwise', () => {
    expect(stageConfig('prod').settings.deployment).toBe('prod');
    const named = stageConfig('prod', { prod: { ...prod, settings: { deployment: 'eu' } } });
    expect(named.settings.deployment).toBe('eu');
  });
});

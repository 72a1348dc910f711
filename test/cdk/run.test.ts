import { describe, expect, it } from 'vitest';
import { STAGES } from '../../cdk/config.ts';
import { cdkCall } from '../../cdk/run.ts';

const prod = STAGES.prod!;
const told = { ...prod, alertEmails: ['soc@example.com'], alarmEmails: [] };

describe('npm run deploy -- --stage prod', () => {
  it.each([
    [
      ['deploy', '--stage', 'prod'],
      ['deploy', '--all', '--context', 'stage=prod'],
    ],
    [
      ['deploy', '--stage=prod'],
      ['deploy', '--all', '--context', 'stage=prod'],
    ],
    [
      ['deploy', '-c', 'stage=prod'],
      ['deploy', '--all', '--context', 'stage=prod'],
    ],
    [['diff'], ['diff', '--context', 'stage=dev']],
    [
      ['deploy', '--require-approval', 'never', '--stage', 'prod', '-c', 'other=1'],
      ['deploy', '--all', '--context', 'stage=prod', '--require-approval', 'never', '-c', 'other=1'],
    ],
  ])('%j is the call of the CDK %j', (args, call) => {
    expect(cdkCall(args, { ...STAGES, prod: told })).toEqual(call);
  });

  it('is refused before anything starts where nobody would be told, by the name of the setting', () => {
    const deploy = (stage: object) => () => cdkCall(['deploy', '--stage', 'prod'], { prod: { ...prod, ...stage } });
    expect(deploy({})).toThrow('cdk/config.ts: prod.alertEmails: missing: nobody would be told');
    expect(deploy({ alertEmails: [] })).toThrow('cdk/config.ts: prod.alarmEmails: missing: nobody would be told');
    expect(deploy({ channels: { chat: true }, alarmEmails: ['a@example.com'] })).not.toThrow();
    expect(() => cdkCall(['diff', '--stage', 'prod'], { prod })).not.toThrow();
    expect(() => cdkCall(['deploy'], STAGES)).not.toThrow();
  });

  it.each([
    [['deploy', '--stage', 'staging'], /^stage: "staging" is not in cdk\/config\.ts/],
    [['deploy', '--stage'], /^deploy: --stage needs a name/],
    [['deploy', '--stage', 'prod', '-c', 'stage=dev'], /^deploy: two stages, prod and dev; name one$/],
    [['deplyo', '--stage', 'prod'], /^cdk: unknown command "deplyo"; one of synth, diff, deploy, destroy$/],
  ])('a wrong call says what is wrong: %j', (args, line) => {
    expect(() => cdkCall(args)).toThrow(line);
  });
});

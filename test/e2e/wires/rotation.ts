/**
 * What Secrets Manager does to rotate the secret of the template: it names the version that is to be made, and calls the
 * function step by step. Emulators take the version to be made for current at once, so that answer is amended here.
 */
import { DescribeSecretCommand } from '@aws-sdk/client-secrets-manager';
import type { Deployment } from '../deployment.ts';

const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;

/** `token`: names the version, at least 32 characters. */
export async function rotate(deployment: Deployment, token: string): Promise<void> {
  const { template, functions, gateway, operator } = deployment;
  const [schedule] = template.ofType('AWS::SecretsManager::RotationSchedule');
  const { SecretId: secret, RotationLambdaARN } = schedule![1].Properties;
  const SecretId = template.resolve<string>(secret);
  const [id = ''] = template.references(RotationLambdaARN);
  mustBePermitted(deployment, id);
  for (const Step of STEPS) {
    const known = await operator.secrets.send(new DescribeSecretCommand({ SecretId }));
    const VersionIdsToStages = { [token]: ['AWSPENDING'], ...known.VersionIdsToStages };
    const body = JSON.stringify({ ARN: known.ARN, Name: known.Name, RotationEnabled: true, VersionIdsToStages });
    gateway.fault = ({ calls }) =>
      calls.some(({ action }) => action === 'secretsmanager:DescribeSecret')
        ? { status: 200, headers: { 'content-type': 'application/x-amz-json-1.1' }, body }
        : undefined;
    await functions.invoke(id, { Step, SecretId, ClientRequestToken: token });
  }
  gateway.fault = () => undefined;
}

function mustBePermitted({ template }: Deployment, id: string): void {
  const permitted = template
    .ofType('AWS::Lambda::Permission')
    .some(
      ([, { Properties }]) =>
        template.references(Properties.FunctionName).includes(id) &&
        Properties.Principal === 'secretsmanager.amazonaws.com',
    );
  if (!permitted) throw new Error(`Secrets Manager may not invoke ${id}: the template has no permission for it`);
}

/** Roles that a service takes for us are taken for this account alone, whoever asks the service. */
import type { Stack } from 'aws-cdk-lib';
import { CfnRole } from 'aws-cdk-lib/aws-iam';

/** Those that say for whom they act. Lambda's own roles are named in the function and cannot be asked for. */
const DEPUTIES = ['events.amazonaws.com', 'states.amazonaws.com'];

interface Trust {
  Statement: { Principal: { Service?: unknown } }[];
}

/** Set on the template: the CDK makes these roles itself, without a condition. Called last. */
export function guardEvery(stack: Stack): void {
  for (const role of stack.node.findAll()) {
    if (!(role instanceof CfnRole)) continue;
    const { Statement } = stack.resolve(role.assumeRolePolicyDocument) as Trust;
    for (const [at, { Principal }] of Statement.entries()) {
      if (!DEPUTIES.includes(String(Principal.Service))) continue;
      role.addPropertyOverride(`AssumeRolePolicyDocument.Statement.${at}.Condition`, {
        StringEquals: { 'aws:SourceAccount': stack.account },
      });
    }
  }
}

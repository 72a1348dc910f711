/** The rule packs every synthesis is checked against, and the way to say why a rule is not followed somewhere. */
import { type App, type CfnElement, Stack, Validations } from 'aws-cdk-lib';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';

export function checkRules(app: App): void {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
}

/** `ids` as the report prints them, pack included. */
export function acknowledge(scope: IConstruct, reason: string, ...ids: string[]): void {
  Validations.of(scope).acknowledge(...ids.map((id) => ({ id, reason })));
}

/** The ARN as the report prints it: of a resource of the stack, or of a bucket that was there before. */
function arnIn(resource: IConstruct): string {
  const made = resource.node.defaultChild as CfnElement | undefined;
  if (made === undefined) return `arn:<AWS::Partition>:s3:::${(resource as IBucket).bucketName}`;
  return `<${Stack.of(resource).getLogicalId(made)}.Arn>`;
}

/** A policy of `scope` that ends in a wildcard below one resource of this stack: objects of a bucket, say. */
export function acknowledgeBelow(scope: IConstruct, reason: string, resource: IConstruct, ...suffixes: string[]): void {
  const ids = suffixes.map((suffix) => `AwsSolutions::AwsSolutions-IAM5[Resource::${arnIn(resource)}${suffix}]`);
  acknowledge(scope, reason, ...ids);
}

/** What the CDK allows a machine whose maps are distributed: each item is an execution of the machine itself. */
export function acknowledgeExecutions(machine: StateMachine): void {
  const name = `{"Fn::Select":[6,{"Fn::Split":[":",{"Ref":"${Stack.of(machine).getLogicalId(machine.node.defaultChild as CfnElement)}"}]}]}`;
  const executions = `arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:${name}`;
  const ids = [`${executions}:*`, `${executions}/*:*`].map(
    (arn) => `AwsSolutions::AwsSolutions-IAM5[Resource::${arn}]`,
  );
  acknowledge(machine, 'The executions of this one machine, for the items of its map.', ...ids);
}

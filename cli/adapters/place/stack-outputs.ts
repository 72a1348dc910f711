/** What a deployed stack says of itself: names of its tables, buckets, queues and functions. */
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { InputError } from '../input/input-error.ts';

export type Outputs = ReadonlyMap<string, string>;

/** @throws InputError where there is no such stack, or the caller may not see it */
export async function outputsOf(StackName: string, cloudFormation = new CloudFormationClient()): Promise<Outputs> {
  try {
    const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName }));
    return new Map((Stacks?.[0]?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey!, OutputValue!]));
  } catch (error) {
    const { name, message } = error as Error;
    if (message === 'Region is missing')
      throw new InputError(`--at stack:${StackName}: no Region is set; name it, as AWS_REGION=eu-central-1`);
    throw new InputError(`--at stack:${StackName}: ${name}: ${message.split('\n')[0]}`);
  }
}

/** @throws InputError where the stack is of a version without this output, or without the part that it names */
export function required(stack: string, outputs: Outputs, output: string): string {
  const value = outputs.get(output);
  if (value === undefined)
    throw new InputError(`--at stack:${stack}: the stack has no output ${output}; deploy this version`);
  return value;
}

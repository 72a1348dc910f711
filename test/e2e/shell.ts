/** Who operates a deployment from a shell: the command line in a process of its own, and the API of Lambda beside it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { OPERATOR } from './clients.ts';
import type { Deployment } from './deployment.ts';
import { ACCOUNT, REGION } from './template/template.ts';

const ROOT = join(import.meta.dirname, '../..');
/** As IAM names the person; their key is `OPERATOR`. */
export const PERSON = `arn:aws:iam::${ACCOUNT}:user/an-operator`;

export interface Printed {
  status: number | null;
  out: string;
  err: string;
}

export class Shell {
  private readonly deployment: Deployment;
  private readonly stack: string;
  private readonly lambda: Server;

  private constructor(deployment: Deployment, stack: string) {
    this.deployment = deployment;
    this.stack = stack;
    this.lambda = createServer(async (from, to) => {
      const { status, body } = await this.invoked(from);
      to.writeHead(status, { 'content-type': 'application/json' }).end(body);
    });
  }

  /** Tells the emulator's CloudFormation the outputs of the stack, by which the commands find everything. */
  static async open(deployment: Deployment, assembly: string, stack: string): Promise<Shell> {
    const shell = new Shell(deployment, stack);
    shell.lambda.listen(0, '127.0.0.1');
    await once(shell.lambda, 'listening');
    const client = new CloudFormationClient({ ...shell.aws, endpoint: deployment.gateway.url });
    await client.send(new CreateStackCommand({ StackName: stack, TemplateBody: shell.outputs(assembly) }));
    return shell;
  }

  close(): void {
    this.lambda.closeAllConnections();
    this.lambda.close();
  }

  /** `stillwatch ARGS --at stack:NAME`. */
  async stillwatch(...args: string[]): Promise<Printed> {
    const child = spawn(process.execPath, ['cli/main.ts', ...args, '--at', `stack:${this.stack}`], {
      cwd: ROOT,
      env: {
        PATH: process.env.PATH,
        AWS_REGION: REGION,
        AWS_ACCESS_KEY_ID: OPERATOR,
        AWS_SECRET_ACCESS_KEY: 'none',
        AWS_ENDPOINT_URL: this.deployment.gateway.url,
        AWS_ENDPOINT_URL_LAMBDA: this.url,
      },
    });
    const text = async (stream: NodeJS.ReadableStream) => Buffer.concat(await (stream as IncomingMessage).toArray());
    const [out, err, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    return { status: status as number | null, out: out.toString(), err: err.toString() };
  }

  private get aws() {
    return { region: REGION, credentials: { accessKeyId: OPERATOR, secretAccessKey: 'none' } };
  }

  private get url(): string {
    return `http://127.0.0.1:${(this.lambda.address() as AddressInfo).port}`;
  }

  /** A template that makes nothing to speak of: the emulator's CloudFormation is asked for the outputs alone. */
  private outputs(assembly: string): string {
    const { template } = this.deployment;
    const path = join(assembly, 'Stillwatch-test.template.json');
    const { Outputs } = JSON.parse(readFileSync(path, 'utf8')) as { Outputs: Record<string, { Value: unknown }> };
    const made = Object.entries(Outputs).filter(([, { Value }]) =>
      template.references(Value).every((id) => template.made.has(id)),
    );
    const resolved = made.map(([name, { Value }]) => {
      const [id = ''] = template.references(Value);
      const isUrl = template.resources.get(id)?.Type === 'AWS::Lambda::Url';
      return [name, { Value: isUrl ? `${this.url}/url/${id}` : template.resolve(Value) }];
    });
    const Resources = { Nothing: { Type: 'AWS::CloudFormation::WaitConditionHandle' } };
    return JSON.stringify({ Resources, Outputs: Object.fromEntries(resolved) });
  }

  /** By name, as the API does, or by the URL of a function, which only signed requests get through. */
  private async invoked(from: IncomingMessage): Promise<{ status: number; body: string }> {
    const { template, functions } = this.deployment;
    const body = Buffer.concat(await from.toArray()).toString();
    const [, , second = '', name = ''] = from.url!.split('/');
    if (from.url!.startsWith('/url/')) {
      const [id = ''] = template.references(template.resources.get(second)!.Properties.TargetFunctionArn);
      const signed = String(from.headers.authorization).includes(`Credential=${OPERATOR}/`);
      const requestContext = {
        requestId: `url-${Date.now()}`,
        ...(signed ? { authorizer: { iam: { userArn: PERSON } } } : {}),
      };
      const answer = await functions.invoke(id, { body, isBase64Encoded: false, requestContext });
      const { statusCode, body: text } = answer as { statusCode: number; body: string };
      return { status: statusCode, body: text };
    }
    const [id = ''] = [...template.made].find(([, { ref }]) => ref === name) ?? [];
    return { status: 200, body: JSON.stringify(await functions.invoke(id, JSON.parse(body))) };
  }
}

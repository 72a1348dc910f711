/** Judges calls by the policies of the template's roles, and remembers what each statement was needed for. */
import type { Template } from '../template/template.ts';

export interface Call {
  /** As `dynamodb:PutItem`. */
  action: string;
  /** ARN. */
  resource: string;
}

interface Grant {
  action: string;
  resource: string;
  used: boolean;
}

interface Statement {
  Effect: string;
  Action?: string | string[];
  Resource?: string | string[];
  [other: string]: unknown;
}

const KNOWN_KEYS = ['Sid', 'Effect', 'Action', 'Resource'];
const list = <T>(value: T | T[]): T[] => (Array.isArray(value) ? value : [value]);

export class Policies {
  private readonly roles = new Map<string, Grant[]>();

  /** Every role of the template by its logical id. Policies that this cannot judge stop the run. */
  constructor(template: Template) {
    for (const [id] of template.ofType('AWS::IAM::Role')) this.roles.set(id, []);
    for (const [id, { Properties }] of template.ofType('AWS::IAM::Policy')) {
      const grants = list(Properties.PolicyDocument.Statement as Statement[]).flatMap((statement) =>
        grantsOf(id, template.resolve<Statement>(statement)),
      );
      for (const role of Properties.Roles as { Ref: string }[]) this.roles.get(role.Ref)!.push(...grants);
    }
    for (const [id, { Properties }] of template.ofType('AWS::IAM::Role')) {
      if (Properties.ManagedPolicyArns || Properties.Policies)
        throw new Error(`${id}: has policies of its own, which the end-to-end tier does not read`);
    }
  }

  isRole(principal: string): boolean {
    return this.roles.has(principal);
  }

  /** Whether the role may; every grant that says so counts as used. */
  allows(role: string, { action, resource }: Call): boolean {
    const grants = this.roles.get(role)?.filter((grant) => matches(grant, action, resource)) ?? [];
    for (const grant of grants) grant.used = true;
    return grants.length > 0;
  }

  /** What was granted and never needed, as `dynamodb:PutItem on arn:...`, by role. */
  unused(): Map<string, string[]> {
    const left = [...this.roles].map(([role, grants]): [string, string[]] => [
      role,
      grants.filter(({ used }) => !used).map(({ action, resource }) => `${action} on ${resource}`),
    ]);
    return new Map(left.filter(([, grants]) => grants.length > 0));
  }
}

function grantsOf(policy: string, statement: Statement): Grant[] {
  const strange = Object.keys(statement).filter((key) => !KNOWN_KEYS.includes(key));
  if (strange.length > 0 || statement.Effect !== 'Allow' || !statement.Action || !statement.Resource) {
    throw new Error(
      `${policy}: the end-to-end tier judges statements that allow actions on resources, not ${JSON.stringify(statement)}`,
    );
  }
  const resources = list(statement.Resource);
  return list(statement.Action).flatMap((action) => resources.map((resource) => ({ action, resource, used: false })));
}

function matches(grant: Grant, action: string, resource: string): boolean {
  return like(grant.action.toLowerCase(), action.toLowerCase()) && like(grant.resource, resource);
}

/** `*` stands for any characters, `?` for one. */
function like(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}

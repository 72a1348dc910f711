/** Who called Bedrock: a configured key of the request's metadata, else the role cut from the caller's ARN. */
import { at, identifier, text } from './json.ts';
import { identity } from './names.ts';
import type { SourceContext } from './source.ts';

/** The accountable party of a log record; undefined where neither metadata nor identity name one. */
export function callerOf(value: unknown, context: SourceContext): string | undefined {
  const { account, plain } = context.attribution.bedrock;
  const named = account === undefined ? undefined : identifier(at(value, 'requestMetadata', account));
  if (account !== undefined && named !== undefined) {
    return identity('account', named, plain.includes(account), context.fingerprinter);
  }
  const arn = text(at(value, 'identity', 'arn'));
  if (arn === undefined) return undefined;
  const caller = cutArn(arn);
  return identity('account', caller.name, !caller.person && plain.includes('identity.arn'), context.fingerprinter);
}

interface Caller {
  name: string;
  /** Ends in the name of a person, so it is fingerprinted whatever the settings say. */
  person: boolean;
}

const CALLER_ARN = /^arn:[a-z-]+:(?:sts|iam)::(\d{12}):([a-z-]+)\/(.+)$/;

/**
 * The session name after an assumed role changes with every task, so one role would be many accounts: it is cut. Under
 * IAM Identity Center (`AWSReservedSSO_*`) it is the person's user name and all that tells the people apart: it stays.
 */
function cutArn(arn: string): Caller {
  const [, account, kind, path] = CALLER_ARN.exec(arn) ?? [];
  if (account === undefined || kind === undefined || path === undefined) return { name: arn, person: true };
  const parts = path.split('/');
  if (kind !== 'assumed-role') return { name: `${account}/${kind}/${parts.at(-1)}`, person: kind !== 'role' };
  const role = `${account}/role/${parts[0]}`;
  return path.startsWith('AWSReservedSSO_')
    ? { name: `${role}/${parts[1] ?? ''}`, person: true }
    : { name: role, person: false };
}

/** Requests signed with the caller's own credentials. */
import { STSClient } from '@aws-sdk/client-sts';
import { type Send, signedBy } from '../../../lambdas/adapters/signed.ts';

export { endpointOf, type Send } from '../../../lambdas/adapters/signed.ts';

/** `service`: as in the scope of the signature, `lambda` or `sqs`. */
export function signedFor(service: string, region: string): Send {
  return signedBy(() => new STSClient({ region }).config.credentials(), service, region);
}

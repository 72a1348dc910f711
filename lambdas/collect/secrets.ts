/** Secrets as Secrets Manager holds them: the current text, and the one before while a rotation is under way. */
import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';

export interface SecretVersion {
  text: string;
  version: string;
}

/** Undefined where there is no version of that stage, or it is binary. */
export async function secretVersion(
  client: SecretsManagerClient,
  id: string,
  stage: 'AWSCURRENT' | 'AWSPREVIOUS',
): Promise<SecretVersion | undefined> {
  try {
    const { SecretString, VersionId } = await client.send(
      new GetSecretValueCommand({ SecretId: id, VersionStage: stage }),
    );
    return SecretString === undefined ? undefined : { text: SecretString.trim(), version: VersionId ?? '' };
  } catch (error) {
    if (error instanceof ResourceNotFoundException && stage === 'AWSPREVIOUS') return undefined;
    throw error;
  }
}

/** How long a secret that was changed may still be used. */
export const SECRET_TTL_MS = 5 * 60_000;

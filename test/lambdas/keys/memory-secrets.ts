/** Secrets Manager in memory: versions with their stages, and secrets that are gone once they are deleted. */
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceExistsException,
  ResourceNotFoundException,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';

interface Version {
  id: string;
  text?: string | undefined;
  stages: Set<string>;
  made: Date;
}

const meta = { $metadata: {}, message: 'as the service says it' };

export class MemorySecrets {
  readonly held = new Map<string, Version[]>();
  readonly client = new SecretsManagerClient({ region: 'eu-west-1' });
  now = 0;
  private readonly mock = mockClient(this.client);

  constructor() {
    const { mock } = this;
    mock.on(DescribeSecretCommand).callsFake(({ SecretId }) => ({
      RotationEnabled: true,
      VersionIdsToStages: Object.fromEntries(this.of(SecretId).map(({ id, stages }) => [id, [...stages]])),
    }));
    mock.on(GetSecretValueCommand).callsFake((input) => this.get(input));
    mock.on(CreateSecretCommand).callsFake(({ Name, SecretString, ClientRequestToken }) => {
      if (this.held.has(Name)) throw new ResourceExistsException(meta);
      this.held.set(Name, [this.version(ClientRequestToken, SecretString, ['AWSCURRENT'])]);
    });
    mock.on(PutSecretValueCommand).callsFake(({ SecretId, SecretString, ClientRequestToken }) => {
      this.of(SecretId).find(({ id }) => id === ClientRequestToken)!.text = SecretString;
    });
    mock
      .on(UpdateSecretVersionStageCommand)
      .callsFake(({ SecretId, VersionStage, MoveToVersionId, RemoveFromVersionId }) =>
        this.move(SecretId, VersionStage, RemoveFromVersionId, MoveToVersionId),
      );
    mock.on(DeleteSecretCommand).callsFake(({ SecretId, ForceDeleteWithoutRecovery }) => {
      if (!ForceDeleteWithoutRecovery) throw new Error('would only be deleted in days');
      this.of(SecretId);
      this.held.delete(SecretId);
    });
  }

  /** As the service begins a rotation: a version without a value, pending. */
  begin(secret: string, id: string): void {
    this.of(secret).push(this.version(id, undefined, ['AWSPENDING']));
  }

  put(secret: string, id: string, text: string): void {
    this.held.set(secret, [this.version(id, text, ['AWSCURRENT'])]);
  }

  private version(id: string, text: string | undefined, stages: string[]): Version {
    return { id, text, stages: new Set(stages), made: new Date(this.now) };
  }

  private of(secret: string): Version[] {
    const versions = this.held.get(secret);
    if (versions === undefined) throw new ResourceNotFoundException(meta);
    return versions;
  }

  private get({ SecretId, VersionId, VersionStage = VersionId ? undefined : 'AWSCURRENT' }: Record<string, string>) {
    const found = this.of(SecretId!).find(
      ({ id, stages }) => (!VersionId || id === VersionId) && (!VersionStage || stages.has(VersionStage)),
    );
    if (found?.text === undefined) throw new ResourceNotFoundException(meta);
    return { SecretString: found.text, VersionId: found.id, CreatedDate: found.made };
  }

  /** Moving AWSCURRENT makes what had it AWSPREVIOUS, as the service does. */
  private move(secret: string, stage: string, from: string | undefined, to: string | undefined): void {
    const versions = this.of(secret);
    const version = (id: string | undefined) => versions.find((each) => each.id === id);
    version(from)?.stages.delete(stage);
    version(to)?.stages.add(stage);
    if (stage !== 'AWSCURRENT' || to === undefined) return;
    version(to)!.stages.delete('AWSPENDING');
    for (const each of versions) each.stages.delete('AWSPREVIOUS');
    version(from)?.stages.add('AWSPREVIOUS');
  }
}

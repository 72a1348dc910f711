/** Ends an overlap: destroys the outgoing key, for good and at once, when names have changed over. */
import {
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { headOf } from '../../../core/keys/head.ts';
import type { BridgeTable } from '../../adapters/bridge-table.ts';
import type { Telemetry } from '../../telemetry.ts';

/** An empty task is the daily one. */
export interface RetireTask {
  /** Does not wait for the change of names: what was not noted by now is cut off. */
  endOverlap?: boolean;
  /** After a leak: also deletes the bridge, so that no value is joined with what it was called before. */
  cut?: boolean;
}

export interface RetireHost {
  secrets: SecretsManagerClient;
  head: string;
  bridge: Pick<BridgeTable, 'forget'>;
  told: Telemetry;
  now(): number;
  /** Whether the time of this run is nearly up. */
  over(): boolean;
}

export interface Retired {
  /** The epoch whose key was destroyed by this run. */
  destroyed?: string;
  /** With `cut`: whether pairs are left, so that the same task must be given again. */
  pairsLeft?: boolean;
}

/** After the change of names, for processes that still hold the keys they last read, up to an hour old. */
const GRACE_MS = 24 * 60 * 60_000;
const DAY_MS = 86_400_000;

export async function retire({ endOverlap = false, cut = false }: RetireTask, host: RetireHost): Promise<Retired> {
  const { secrets, head, told, now } = host;
  const { VersionIdsToStages = {} } = await secrets.send(new DescribeSecretCommand({ SecretId: head }));
  const versionAt = (stage: string) => Object.entries(VersionIdsToStages).find(([, all]) => all.includes(stage))?.[0];
  const current = await versionText(host, versionAt('AWSCURRENT'));
  const age = current?.made === undefined ? 0 : (now() - current.made) / DAY_MS;
  told.count('KeyAgeDays', Math.floor(age));
  const named = current && headOf(current.text);
  const isOver = named?.switchAt !== undefined && now() >= named.switchAt + GRACE_MS;
  const outgoing = versionAt('AWSPREVIOUS');
  const result: Retired = {};
  if (outgoing !== undefined && (isOver || endOverlap || cut)) {
    const destroyed = await destroy(outgoing, host);
    if (destroyed !== undefined) result.destroyed = destroyed;
  }
  if (cut) result.pairsLeft = !(await host.bridge.forget(host.over));
  return result;
}

/** The key first, its name last: a run that is cut off in between is finished by the next. */
async function destroy(version: string, host: RetireHost): Promise<string | undefined> {
  const { secrets, head, told } = host;
  const outgoing = await versionText(host, version);
  const named = outgoing && headOf(outgoing.text);
  if (named) await deleteForGood(secrets, named.secret);
  await secrets.send(
    new UpdateSecretVersionStageCommand({ SecretId: head, VersionStage: 'AWSPREVIOUS', RemoveFromVersionId: version }),
  );
  told.info('the key of an epoch is out of use', { epoch: named?.epoch ?? version, destroyed: named !== undefined });
  return named?.epoch;
}

async function deleteForGood(secrets: SecretsManagerClient, name: string): Promise<void> {
  try {
    await secrets.send(new DeleteSecretCommand({ SecretId: name, ForceDeleteWithoutRecovery: true }));
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
  }
}

async function versionText(
  { secrets, head }: RetireHost,
  version: string | undefined,
): Promise<{ text: string; made: number | undefined } | undefined> {
  if (version === undefined) return undefined;
  const { SecretString = '', CreatedDate } = await secrets.send(
    new GetSecretValueCommand({ SecretId: head, VersionId: version }),
  );
  return { text: SecretString.trim(), made: CreatedDate?.getTime() };
}

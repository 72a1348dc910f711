import { type Env, integer, text } from '../env.ts';

export interface RotateEnv {
  /** Names of the secrets of the epochs begin so, as `stillwatch/Stillwatch-prod/epoch/`. */
  EPOCH_PREFIX: string;
  /** KMS key of those secrets; `default` for the one of the service. */
  EPOCH_KMS_KEY: string;
  /** Days for which names stay as they are while the later ones are noted. */
  OVERLAP_DAYS: number;
}

export function readEnv(env: Env): RotateEnv {
  return {
    EPOCH_PREFIX: text(env, 'EPOCH_PREFIX'),
    EPOCH_KMS_KEY: text(env, 'EPOCH_KMS_KEY'),
    OVERLAP_DAYS: integer(env, 'OVERLAP_DAYS', 0, 400),
  };
}

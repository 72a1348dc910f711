export { type CollectEnv as QueueEnv, collectEnv as readEnv } from '../env.ts';

/** Errors that asking again does not cure; the state machine knows them by name. */
export type SweepErrorName = 'StaleSweepError' | 'IncompleteSweepError';

export class IncompleteSweepError extends Error {
  override name = 'IncompleteSweepError' satisfies SweepErrorName;
}

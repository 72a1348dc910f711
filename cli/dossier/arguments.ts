/** What `dossier` is called with. */
export interface DossierArguments {
  at?: string;
  out?: string;
  edition?: string;
  exchanges?: boolean;
  hold?: boolean;
  pdf?: boolean;
  population?: boolean;
  recount?: string;
  verify?: string;
  sign?: string;
  signer?: string;
  config?: string;
  format?: string;
  json?: boolean;
}

/** Exit code where a check did not hold. */
export const DIFFERS = 3;

/** Prefixes that issuers give their keys and tokens so that scanners find them; a JSON web token begins with `{"`. */
const SECRET = /^(?:[spr]k[-_]|A(?:KIA|SIA)[A-Z0-9]{12}|gh[pousr]_|github_pat_|glpat-|xox[abeoprs]-|AIza|eyJ|Bearer\b)/;

/** Whether text has the form of a key: it is then never kept, whatever field it came in. */
export function looksSecret(value: string): boolean {
  return SECRET.test(value);
}

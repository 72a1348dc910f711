/** A document that the code makes. */
export interface GeneratedDocument {
  /** Relative to the root of the repository. */
  path: string;
  /** The whole file; the same on every run of the same code. */
  render: () => string;
}

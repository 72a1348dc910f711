/** An input that cannot be read at all. The message is one line: which input, what is wrong with it, what to do. */
export class InputError extends Error {
  override name = 'InputError';
  /** Exit code of the command line for a wrong call or input. */
  readonly exitCode = 2;
}

/** A failed file operation in words; anything that is no file system error is returned as it is. */
export function fileError(name: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const reason = FILE_ERRORS[code];
  return reason === undefined ? error : new InputError(`${name}: ${reason}`);
}

const FILE_ERRORS: Record<string, string> = {
  ENOENT: 'no such file or directory: check the path',
  EACCES: 'not readable: check its permissions',
  EPERM: 'not readable: check its permissions',
  EISDIR: 'is a directory where a file is needed',
  ENOTDIR: 'a part of its path is a file: check the path',
  ELOOP: 'a symbolic link that leads back to itself: remove it',
  EIO: 'the disk reported an error while reading: read it from a copy',
  ENXIO: 'a socket or device that cannot be read: give a file',
};

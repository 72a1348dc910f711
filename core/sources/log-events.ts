/** A CloudWatch Logs subscription's envelope, taken apart message by message so that each can be named by its place. */
import { at, identifier, list, text } from './json.ts';

export interface LogMessage {
  /** `log group/log stream/event id`. */
  position: string;
  text: string;
}

export interface LogEnvelope {
  /** `false`: CloudWatch Logs only checks that the destination answers. */
  isData: boolean;
  messages: LogMessage[];
}

/** Undefined where the value is no such envelope. */
export function logEnvelope(value: unknown): LogEnvelope | undefined {
  const type = text(at(value, 'messageType'));
  if (type === undefined || !Array.isArray(at(value, 'logEvents'))) return undefined;
  const stream = `${text(at(value, 'logGroup')) ?? ''}/${text(at(value, 'logStream')) ?? ''}`;
  const messages = list(at(value, 'logEvents')).map((event, i) => {
    const message = at(event, 'message');
    const id = identifier(at(event, 'id')) ?? String(i);
    return { position: `${stream}/${id}`, text: typeof message === 'string' ? message : '' };
  });
  return { isData: type === 'DATA_MESSAGE', messages };
}

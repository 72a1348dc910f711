/**
 * The body of one request to the values in it. LiteLLM sends a JSON array, one value a line, or a single value
 * (`log_format` `json_array`, `ndjson`, `single`), and not always with a content type that says which; batches of
 * CloudEvents are arrays too.
 */
export interface BodyPart {
  /** Counted from 0, in the order of the body. */
  index: number;
  /** Undefined where the part is not JSON. */
  value: unknown;
  /** As it was sent; undefined for the elements of an array, whose own text is not kept apart. */
  text?: string;
}

/** The shape is told from the body alone. An empty body, or array, has no parts. */
export function splitBody(body: string): BodyPart[] {
  const whole = jsonOf(body);
  if (Array.isArray(whole)) return whole.map((value: unknown, index) => ({ index, value }));
  if (whole !== undefined) return [{ index: 0, value: whole, text: body }];
  const lines = body.split('\n').filter((line) => line.trim() !== '');
  return lines.map((text, index) => ({ index, value: jsonOf(text), text }));
}

/** JSON has no `undefined`, so it can stand for text that is none. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

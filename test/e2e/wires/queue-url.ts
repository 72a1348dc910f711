import type { Template } from '../template/template.ts';

/** URL of the queue whose ARN a property of the template refers to. */
export function queueUrl(template: Template, reference: unknown): string {
  const [id] = template.references(reference);
  return template.made.get(id!)!.ref;
}

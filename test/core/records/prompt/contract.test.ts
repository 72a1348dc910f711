import { describe, expect, it } from 'vitest';
import { outputContract } from '../../../../core/records/prompt/contract.ts';

describe('the output contract of a prompt', () => {
  it('survives a paraphrase and another order of the same demands', () => {
    const one = 'Solve it. Respond with <reasoning> first, then <answer>, as JSON inside: {"score": 1, "verdict": "x"}';
    const two =
      'Please work on this problem!\nYour output must have "verdict": … and "score": … in JSON, put in <answer>; <reasoning> too.';
    expect(outputContract([one])).toBe(outputContract([two]));
    expect(outputContract([one])).toBe('tags:answer,reasoning\nkeys:score,verdict\nforms:json');
  });

  it('differs where another form is asked for', () => {
    const asks = ['<think>', '<plan>', 'a numbered list', 'a table', '## Summary\n', 'CSV'];
    expect(new Set(asks.map((form) => outputContract([`Use this output format:\n${form}`]))).size).toBe(asks.length);
  });

  it('reads headings and labels', () => {
    const text =
      'Answer in these sections:\n## Key Findings\n### Risks\nFinal verdict: <one word>\n- Confidence: [0-1]';
    expect(outputContract([text])).toContain('headings:key findings,risks');
    expect(outputContract([text])).toContain('labels:confidence,final verdict');
  });

  it('reads a JSON schema by the paths of its keys, whatever their order', () => {
    const step = { type: 'object', properties: { text: {}, why: {} } };
    const schema = {
      type: 'object',
      properties: { verdict: { type: 'string' }, steps: { type: 'array', items: step } },
    };
    expect(outputContract([], schema)).toBe('schema:steps,steps[].text,steps[].why,verdict');
    const turned = { properties: { steps: { items: { properties: { why: {}, text: {} } } }, verdict: {} } };
    expect(outputContract([], turned)).toBe(outputContract([], schema));
  });

  it('is absent where no form is asked for', () => {
    for (const text of ['', 'Why is the sky blue?', 'My page has <b>bold</b> text'])
      expect(outputContract([text])).toBeUndefined();
  });

  it('leaves out the tags of a document far from any demand', () => {
    const page = `<invoice><customer>x</customer></invoice>${' word'.repeat(400)}`;
    expect(outputContract([`${page} Reply in JSON.`])).toBe('forms:json');
  });

  it('ends on a schema without end and on hostile text', () => {
    const loop: { properties: Record<string, unknown> } = { properties: {} };
    loop.properties.self = loop;
    expect(outputContract([], loop)?.length).toBeLessThan(1000);
    const from = performance.now();
    for (const unit of ['format ', '1. a\n', '# ', '"a" ', '<a', '- a:', 'json '])
      outputContract([unit.repeat(20_000)]);
    expect(performance.now() - from).toBeLessThan(3000);
  });
});

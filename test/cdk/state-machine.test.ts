import { describe, expect, it } from 'vitest';
import { resourcesOf, templateOf } from './support.ts';

interface State {
  Type: string;
  Next?: string;
  Parameters?: Record<string, unknown>;
  ItemProcessor?: { States: Record<string, State> };
  Retry?: { ErrorEquals: string[]; MaxAttempts: number }[];
  Catch?: { ErrorEquals: string[]; Next: string }[];
}

const states = definition();

/** The definition as Step Functions reads it, with every reference of the template replaced by its name. */
function definition(): Record<string, State> {
  const [machine] = resourcesOf(templateOf(), 'AWS::StepFunctions::StateMachine');
  const parts = machine!.Properties.DefinitionString['Fn::Join'][1] as unknown[];
  const text = parts.map((part) => (typeof part === 'string' ? part : 'reference')).join('');
  return (JSON.parse(text) as { States: Record<string, State> }).States;
}

describe('the sweep', () => {
  it('plans, loads every segment, then detects', () => {
    expect([states.Plan!.Next, states['Load all segments']!.Next, states.Detect!.Next]).toEqual([
      'Load all segments',
      'Detect',
      undefined,
    ]);
  });

  it('goes on with the other segments when one fails, and leaves it to detection to stop', () => {
    const load = states['Load all segments']!.ItemProcessor!.States['Load a segment']!;
    expect(load.Catch).toMatchObject([{ ErrorEquals: ['States.ALL'], Next: 'Segment failed' }]);
  });

  it('tries a passing fault again, but not what asking again cannot cure', () => {
    const load = states['Load all segments']!.ItemProcessor!.States['Load a segment']!;
    for (const { Retry } of [states.Plan!, load, states.Detect!]) {
      expect(Retry).toMatchObject([
        { ErrorEquals: ['StaleSweepError', 'IncompleteSweepError'], MaxAttempts: 0 },
        { ErrorEquals: ['States.TaskFailed'], MaxAttempts: 3 },
      ]);
    }
  });
});

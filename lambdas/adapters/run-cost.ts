/**
 * What the stack cost, from Cost Explorer, which asks $0.01 a question. It is asked by the tag that CloudFormation puts on
 * all that it makes, as the budget of the stage is.
 */

import { isoDay } from '../../core/messages/dates.ts';
import type { Asked, RunCost } from '../../core/messages/report-own.ts';
import { asText, type Credentials, endpointOf, type Send, signedBy } from './signed.ts';

const TAG = 'aws:cloudformation:stack-name';
/** Cost Explorer answers here for all Regions of the standard partition. */
const REGION = 'us-east-1';

interface CostAnswer {
  ResultsByTime?: { Estimated?: boolean; Total?: { UnblendedCost?: { Amount?: string } } }[];
  __type?: string;
  message?: string;
}

/** `stack`: its name. Whole UTC days of [from, to), ms since 1970. A failure is an answer: a report goes out without a bill. */
export function runCost(
  stack: string,
  credentials: Credentials,
  send: Send = signedBy(credentials, 'ce', REGION),
): (from: number, to: number) => Promise<Asked<RunCost>> {
  return async (from, to) => {
    const body = {
      TimePeriod: { Start: dayOf(from), End: dayOf(to) },
      Granularity: 'DAILY',
      Metrics: ['UnblendedCost'],
      Filter: { Tags: { Key: TAG, Values: [stack] } },
    };
    try {
      const response = await send(new URL(endpointOf('ce', REGION)), JSON.stringify(body), {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'AWSInsightsIndexService.GetCostAndUsage',
      });
      const answer = (await response.json().catch(() => ({}))) as CostAnswer;
      return response.ok ? billed(answer) : { unknown: `Cost Explorer answered ${asText(response, answer)}` };
    } catch (error) {
      return { unknown: `Cost Explorer was not reached (${(error as Error).name})` };
    }
  };
}

/** A stack always costs something, so nothing at all is a bill that does not know it. */
function billed({ ResultsByTime: days = [] }: CostAnswer): Asked<RunCost> {
  const usd = days.reduce((sum, { Total }) => sum + Number(Total?.UnblendedCost?.Amount ?? 0), 0);
  if (!(usd > 0)) return { unknown: `no cost carries the tag ${TAG}; activate it as a cost allocation tag` };
  return { usd, estimated: days.some(({ Estimated }) => Estimated === true) };
}

function dayOf(ms: number): string {
  return isoDay(Math.floor(ms / 86_400_000));
}

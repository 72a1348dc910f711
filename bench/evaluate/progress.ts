/** One line per finished job: what came out, and how long the rest will take. */
import type { Job } from './plan.ts';
import { sum } from './statistics.ts';
import type { Trial } from './trial/trial.ts';

export class Progress {
  private readonly started = performance.now();
  /** Expected core-seconds of what is finished: how this machine compares with what was measured. */
  private done = 0;

  get minutes(): number {
    return (performance.now() - this.started) / 60_000;
  }

  line(job: Job, result: Trial, left: readonly Job[]): string {
    this.done += job.seconds;
    const remaining = (this.minutes / this.done) * sum(left.map(({ seconds }) => seconds));
    const clock = `${this.minutes.toFixed(1)} min so far, about ${remaining.toFixed(1)} left`;
    return `${job.key}: ${verdictOf(result)}, ${result.seconds.toFixed(1)} core-seconds (${clock})`;
  }
}

function verdictOf({ campaigns, falseCampaigns, consumers }: Trial): string {
  const found = campaigns.map(({ found, daysFromFirst, best, hoursToAny }) => {
    if (found) return `found after ${daysFromFirst?.toFixed(1)} d`;
    if (hoursToAny !== undefined) return `in the queue after ${hoursToAny.toFixed(0)} h`;
    return best.share === 0 ? 'missed' : `missed (${percent(best.share)} held, ${percent(best.purity)} theirs)`;
  });
  const others = [
    ...(falseCampaigns > 0 ? [`${falseCampaigns} FALSE`] : []),
    ...(consumers > 0 ? [`${consumers} queued`] : []),
  ];
  return [...found, ...others].join(', ') || 'quiet';
}

const percent = (share: number) => `${Math.round(100 * share)} %`;

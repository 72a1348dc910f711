/** The numbers of a dossier's page: capabilities, hours, leak, innocent causes, throttle. */
import { checkWords } from '../messages/benign-lines.ts';
import { NARROW, WIDE } from '../messages/charts/picture.ts';
import { minute } from '../messages/dates.ts';
import { html, type SafeHtml } from '../messages/html.ts';
import { exact, percent, plural, times } from '../messages/numbers.ts';
import { bar, chartFigure, stackedTable } from '../messages/report-parts.ts';
import { CAUSE_WORDS } from '../messages/words.ts';
import type { Dossier } from './dossier.ts';
import type { LeakLine } from './leak.ts';
import { outsidePeak, weekPicture, weekSays } from './week-chart.ts';

const FIGURES = { figures: true } as const;

export function capabilitySection({ capabilities, unlabelled, finding }: Dossier): SafeHtml {
  const usual = ({ share, lift }: (typeof capabilities)[number]) => (lift !== null && lift > 0 ? share / lift : 0);
  const widest = Math.max(1e-9, ...capabilities.flatMap((each) => [each.share, usual(each)]));
  const rows = capabilities.map((each) => [
    html`${each.task.replaceAll('_', ' ')}${each.targeted ? html`<small>targeted</small>` : ''}`,
    html`${bar(each.share / widest)}${each.lift === null ? '' : bar(usual(each) / widest, 'second')}`,
    exact(each.exchanges),
    percent(each.share),
    each.lift === null ? 'not stated' : times(each.lift),
    exact(each.low.exchanges),
  ]);
  const keys = html`Share of all exchanges per task: <span class="key"><i></i>members</span><span class="key"><i class="second"></i>all accounts</span>Targeted: at least 5% and twice the platform's share.`;
  const rest = `${plural(unlabelled, 'exchange')} of ${exact(finding.exchanges)} ${unlabelled === 1 ? 'carries' : 'carry'} no task and ${unlabelled === 1 ? 'stays' : 'stay'} in the denominator.`;
  return html`<section aria-labelledby="capabilities"><h2 id="capabilities">Capabilities</h2>
${stackedTable(
  keys,
  [
    { name: 'Task' },
    { name: 'Members over all', bars: true },
    { name: 'Exchanges', ...FIGURES },
    { name: 'Share', ...FIGURES },
    { name: 'Lift', ...FIGURES },
    { name: 'Certain only', ...FIGURES },
  ],
  rows,
)}
<p class="quiet">${rest}</p>
</section>`;
}

export function weekSection({ week }: Dossier): SafeHtml {
  if (week.population.every((count) => count === 0)) return html``;
  const says = weekSays(outsidePeak(week.members, week.population));
  const both = (width: number) => ({
    members: weekPicture(week.members, 'Members', width),
    all: weekPicture(week.population, 'All accounts', width),
  });
  const [wide, narrow] = [both(WIDE), both(NARROW)];
  return html`<section aria-labelledby="hours"><h2 id="hours">Hours of the week</h2>
<p>${says}</p>
${chartFigure({ wide: wide.members, narrow: narrow.members }, `Members by hour of the week. ${says}`, 'Members of the finding. The larger a square, the more exchanges in that hour; hours are UTC.')}
${chartFigure({ wide: wide.all, narrow: narrow.all }, 'All accounts by hour of the week, for comparison.', 'All accounts of the sources, as their records were read. Peak hours are those in which the platform has half of its exchanges.')}
</section>`;
}

const usd = (value: number | null) =>
  value === null ? 'unpriced' : value.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

export function leakSection({ leak }: Dossier): SafeHtml {
  const row = ({ task, exchanges, outputTokens, usd: money }: LeakLine, name = task.replaceAll('_', ' ')) => [
    name,
    exact(exchanges),
    exact(outputTokens),
    usd(money),
  ];
  const rows = [
    ...leak.byCapability.map((line) => row(line)),
    row(leak.high, 'all (high)'),
    row(leak.certain, 'certain only'),
    row(leak.low, `less ${percent(leak.nearIdenticalShare)} near-identical (low)`),
  ];
  const columns = [
    { name: 'Capability' },
    { name: 'Exchanges', ...FIGURES },
    { name: 'Output tokens', ...FIGURES },
    { name: 'USD at list price', ...FIGURES },
  ];
  const prices = leak.prices.map(({ model, usdPerMillion }) => `${model} USD ${usdPerMillion}`).join(', ');
  const unpriced = leak.unpriced.map(({ model, outputTokens }) => `${model} (${exact(outputTokens)} output tokens)`);
  return html`<section aria-labelledby="leak"><h2 id="leak">Leak estimate</h2>
<p>Output that these accounts received, at what an ordinary customer pays for it. This is neither damage nor the worth of the model.</p>
${stackedTable('Low: certain accounts only, and of requests of one template whose wording agrees by 0.9 or more the first only.', columns, rows)}
<p class="quiet">${prices === '' ? 'No list price is configured.' : `List prices per million output tokens: ${prices}.`}${unpriced.length > 0 ? ` Without a price, and in no sum of money here: ${unpriced.join(', ')}.` : ''}${leak.notCompared > 0 ? ` ${plural(leak.notCompared, 'exchange')} of certain accounts carry no template or sketch; all of them count.` : ''}</p>
</section>`;
}

const RESULTS = {
  explains: 'explains part of the evidence, which was taken out',
  partly: 'explains part',
  ruled_out: 'not the cause',
  not_checked: 'not checked',
} as const;

export function benignSection({ benign }: Dossier): SafeHtml {
  const columns = [{ name: 'Cause' }, { name: 'Result' }, { name: 'Measured' }];
  const rows = benign.map((check) => [CAUSE_WORDS[check.cause], RESULTS[check.result], checkWords(check)]);
  return html`<section aria-labelledby="benign"><h2 id="benign">Innocent causes</h2>
${stackedTable('Each known look-alike is checked by name before a finding is let through.', columns, rows)}
</section>`;
}

export function throttleSection({ throttle, finding }: Dossier): SafeHtml {
  const { lastDay, exceptions } = throttle;
  const share = lastDay.ofAll === 0 ? '' : ` (${percent(lastDay.ofThrottled / lastDay.ofAll)})`;
  const rows: [string, string, string][] = [
    ['Certain accounts', exact(throttle.certain), ''],
    ['less already banned or closed', exact(throttle.gone), ''],
    ['less excepted', exact(throttle.excepted), exceptions.join(', ')],
    [
      'To throttle',
      exact(throttle.toThrottle),
      `verified ${exact(throttle.verified)}, paying by invoice ${exact(throttle.invoiced)}, in a programme ${exact(throttle.inProgramme)}`,
    ],
    [
      'Organisations with accounts outside the finding',
      exact(throttle.orgsWithOthers),
      `whose ${plural(throttle.othersInThoseOrgs, 'other account')} ${throttle.othersInThoseOrgs === 1 ? 'stays' : 'stay'} untouched`,
    ],
    [
      'At least 20% other work in the last 7 days',
      exact(throttle.withOtherWork),
      'listed first: cover traffic, or a real customer',
    ],
    [
      'Effect on the last 24 hours',
      exact(lastDay.ofThrottled),
      `of the finding's ${plural(lastDay.ofAll, 'exchange')}${share}`,
    ],
  ];
  const asOf =
    throttle.accountsAsOf === '' ? 'No account record was read.' : `Accounts as of ${minute(throttle.accountsAsOf)}.`;
  return html`<section aria-labelledby="throttle"><h2 id="throttle">Throttle preview</h2>
<p>Stillwatch changes no account. The list is written by <code>stillwatch export ${finding.id} --as throttle</code>; probable accounts are never on it.</p>
${stackedTable(`Whom a throttle would reach. ${asOf}`, [{ name: 'What' }, { name: 'Accounts', ...FIGURES }, { name: 'Of them' }], rows)}
<p class="quiet">Other work: exchanges in the last seven days that use no template of another certain account and ask for no targeted capability.</p>
</section>`;
}

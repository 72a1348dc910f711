/**
 * A dossier as one page that stands alone: no script, no request, light and dark, A4 and Letter. The same dossier gives
 * the same bytes.
 */
import { dayMonthYear, second } from '../messages/dates.ts';
import { html, raw, type SafeHtml } from '../messages/html.ts';
import { coveragePercent, decimal, exact, measure, nats, plural } from '../messages/numbers.ts';
import { bar, severityTag, stackedTable, table } from '../messages/report-parts.ts';
import { REPORT_CSS } from '../messages/report-style.ts';
import { CLASS_WORDS, GROUP_WORDS, methodWords } from '../messages/words.ts';
import type { Dossier } from './dossier.ts';
import type { ManifestContent, SourceDigest } from './manifest.ts';
import { NOT_CLAIMED } from './method.ts';
import { manifestSection, membersSection, timelineSection } from './page-lists.ts';
import { benignSection, capabilitySection, leakSection, throttleSection, weekSection } from './page-numbers.ts';

/** Beyond the report's own: the print is on paper colours, and names of figures have room. */
const DOSSIER_CSS = `
.named tbody th{width:34%}
pre{background:var(--wash);padding:12px 14px;border-radius:4px;font-size:13px;line-height:1.5;white-space:pre-wrap;overflow-wrap:anywhere;margin:8px 0 12px}
@page{margin:16mm}
@media print{:root{--paper:#fff;--ink:#111;--quiet:#555;--line:#ccc;--wash:#f4f4f4;--accent:#a33b20;--data:#1f6074;--data-2:#6f95a0}main,header,footer{max-width:none;padding:0}body{font-size:10pt;line-height:1.45}header{padding-top:0}section{margin-top:28px}h2{font-size:18pt}h3{margin:16px 0 4px;font-size:12pt}.lede{font-size:13pt}th,td{padding-top:5px;padding-bottom:5px}table{font-size:9.5pt}#timeline-section{break-before:page}h2,h3,caption,thead{break-after:avoid}section>p{break-inside:avoid;orphans:3;widows:3}h1{font-size:24pt}a{color:inherit;text-decoration:none}*{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
`
  .trim()
  .replaceAll('\n', '');

export interface PageContext {
  /** Root hash of the manifest. */
  root: string;
  prev: string | null;
  sources: readonly SourceDigest[];
  hold: ManifestContent['hold'];
  /** Whether every exchange is listed beside the page. */
  exchangesListed: boolean;
  /** What follows `--recount FIGURE` where the records are; undefined for readers who have them not. */
  countedFrom: string | undefined;
}

export function dossierPage(dossier: Dossier, context: PageContext): string {
  const { finding } = dossier;
  const title = `${CLASS_WORDS[finding.classification]} ${finding.id}: dossier`;
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark"><title>${title}</title>
<style>${raw(REPORT_CSS + DOSSIER_CSS)}</style></head>
<body><a class="skip" href="#main">Skip to the figures</a>
${head(dossier, context)}
<main id="main">
${figuresSection(dossier, context)}
${timelineSection(dossier)}
${membersSection(dossier)}
${evidenceSection(dossier)}
${methodSection(dossier)}
${capabilitySection(dossier)}
${weekSection(dossier)}
${leakSection(dossier)}
${benignSection(dossier)}
${throttleSection(dossier)}
${manifestSection(dossier, context)}
</main>
<footer><p>${NOT_CLAIMED}</p></footer>
</body></html>
`.value;
}

function head({ finding, deployment, edition }: Dossier, { root }: PageContext): SafeHtml {
  return html`<header>
<p class="eyebrow"><b>Stillwatch dossier</b><span>${deployment}</span><span>${edition} edition</span><span>as told by the sweep of ${dayMonthYear(finding.at)} ${finding.at.slice(11, 19)}Z</span></p>
<h1>${CLASS_WORDS[finding.classification]} <span class="id">${finding.id}</span> ${severityTag(finding.severity)}</h1>
<p class="lede">${lede(finding)}</p>
<p class="quiet">Root hash <span class="hash">${root}</span></p>
</header>`;
}

function lede({ kind, accounts, exchanges, window }: Dossier['finding']): string {
  const all = accounts.certain + accounts.probable;
  const days = `between ${dayMonthYear(window.from)} and ${dayMonthYear(window.to)}`;
  return kind === 'campaign'
    ? `${plural(all, 'account')} ${all === 1 ? 'was' : 'were'} observed to act as one in ${plural(exchanges, 'exchange')} ${days}. What was observed is consistent with one operator.`
    : `One account was observed far from its own usual in ${plural(exchanges, 'exchange')} ${days}.`;
}

const RESULTS = { equal: 'equal', differs: 'DIFFERS', not_stated: 'not stated' } as const;

function figuresSection(dossier: Dossier, { sources }: PageContext): SafeHtml {
  const { finding, severityWhy, figures, ranges } = dossier;
  const rows = figures.map(({ figure, recorded, recounted, certainOnly, result }) => [
    figure,
    whole(recorded),
    recounted === recorded ? 'the same' : whole(recounted),
    certainOnly === recorded ? 'the same' : whole(certainOnly),
    RESULTS[result],
  ]);
  const columns = ['Figure', 'Recorded', 'Counted again', 'Certain accounts only', 'Result'].map((name) => ({ name }));
  const counted = sources.reduce((sum, { records }) => sum + records, 0);
  return html`<section aria-labelledby="figures"><h2 id="figures">The four figures</h2>
${stackedTable('As they were told, and counted again from the records. The low end of each range is what certain accounts alone show.', columns, rows)}
<p class="quiet">Accounts: ${exact(ranges.accounts[0])} certain (fit to act on) to ${exact(ranges.accounts[1])} certain and probable (fit to look at). Exchanges: ${exact(ranges.exchanges[0])} to ${exact(ranges.exchanges[1])}. Output tokens: ${exact(ranges.outputTokens[0])} to ${exact(ranges.outputTokens[1])}. Counted from ${plural(counted, 'record')} of ${plural(sources.length, 'source')}, each exchange once.</p>
<h3>Method, in one sentence</h3>
<p>Accounts are called members where independent kinds of evidence, each held against what chance gives for comparable accounts, point to one operator; no account vouches for itself.</p>
<h3>Error, in one sentence</h3>
<p>${errorWords(finding)}</p>
<h3>Not claimed</h3>
<p>${NOT_CLAIMED}</p>
${severityWhy.length > 0 ? html`<p class="quiet">${finding.severity} because: ${severityWhy.join(', ')}.</p>` : ''}
</section>`;
}

/** Times on one line each, so that nobody reads half of one; tasks as people write them. */
function whole(figure: string): SafeHtml {
  const parts = figure.replaceAll('_', ' ').split(/(\d{4}-\d\d-\d\dT[\d:.]+Z)/);
  return html`${parts.map((part, i) => (i % 2 === 1 ? html`<span class="tagged">${part}</span>` : part))}`;
}

function errorWords({ error }: Dossier['finding']): string {
  const { q, expectedFalse } = error;
  const level = decimal(q).replace('<', 'below ');
  return `False alarms are held down by ${methodWords(error)}: this finding passes at a level of ${level}, and ${decimal(expectedFalse).replace('<', 'fewer than ')} false findings are expected among all that the same sweep let through.`;
}

const GROUP_CAP = 6;

function evidenceSection({ evidence }: Dossier): SafeHtml {
  const rows = evidence.map((each) => [
    html`${each.counted}<small>${each.group}: ${GROUP_WORDS[each.group]}</small>`,
    measure(each.observed, each.unit),
    measure(each.expected, each.unit),
    html`${bar(each.strength / GROUP_CAP)}${nats(each.strength)} nats`,
  ]);
  const columns = [
    { name: 'Counted' },
    { name: 'Observed', figures: true },
    { name: 'Expected', figures: true },
    { name: 'Strength', gauge: true },
  ];
  const words = evidence
    .filter(({ expectation }) => expectation !== '')
    .map(
      ({ detector, statistic, expectation }) =>
        html`<li><b>${detector}</b>: ${statistic} <i>Expectation:</i> ${expectation}</li>
`,
    );
  return html`<section aria-labelledby="evidence"><h2 id="evidence">Evidence</h2>
${stackedTable(`Observed among the members against what as many comparable accounts show by chance. A nat is a factor of 2.7; no group counts for more than ${GROUP_CAP}.`, columns, rows)}
<h3>How the expectations were made</h3>
<ul>
${words}</ul></section>`;
}

function methodSection({ finding, method }: Dossier): SafeHtml {
  const { candidates, coverage, gaps, dataTo, rejected, quarantined, late, floor } = method;
  const missing = gaps.reduce((sum, { minutes }) => sum + minutes, 0);
  const rows: [string, string][] = [
    ['Method', methodWords(finding.error)],
    ['Level at which it passes (q)', decimal(finding.error.q)],
    ['False findings expected in that sweep', decimal(finding.error.expectedFalse)],
    ['Candidates tested by that sweep', exact(candidates)],
    [
      'Coverage of the seven days before it',
      `${coveragePercent(coverage)}${missing > 0 ? `, ${exact(missing)} minutes missing` : ''}, data to ${second(dataTo)}`,
    ],
    ['Lines of the sources that are no record', exact(rejected)],
    ['Records set aside while it grew', quarantined === null ? 'not counted by this place' : exact(quarantined)],
    ['of them too late', late === null ? 'not counted by this place' : exact(late)],
    ['Detection floor of this version', floor],
  ];
  return html`<section aria-labelledby="method"><h2 id="method">Method and error control</h2>
<div class="named">${table(
    'What stands between chance and this finding.',
    [{ name: 'What' }, { name: 'Value' }],
    rows.map(([name, value]) => [name, value]),
  )}</div>
</section>`;
}

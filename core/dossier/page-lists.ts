/** The lists of a dossier's page: timeline, members, sources and how to count again. */
import { daysChart } from '../messages/charts/days.ts';
import { timeline } from '../messages/charts/timeline.ts';
import { dayMonth, minute } from '../messages/dates.ts';
import { html, type SafeHtml } from '../messages/html.ts';
import { compact, exact, plural } from '../messages/numbers.ts';
import { chartFigure, stackedTable, table } from '../messages/report-parts.ts';
import type { Dossier, DossierMember } from './dossier.ts';
import type { PageContext } from './page.ts';
import { FIGURES as FIGURE_NAMES } from './recount.ts';

/** Rows of the page; the tables beside it have all. */
const MEMBERS_SHOWN = 20;
const ENTRIES_SHOWN = 200;
const SOURCES_SHOWN = 50;

const FIGURES = { figures: true } as const;

export function timelineSection(dossier: Dossier): SafeHtml {
  const { timeline: entries, finding } = dossier;
  const rows = entries.slice(0, ENTRIES_SHOWN).map(({ at, kind, words }) => [when(at), kind, words]);
  const more = entries.length - rows.length;
  return html`<section id="timeline-section" aria-labelledby="timeline"><h2 id="timeline">Timeline</h2>
${daysFigure(dossier)}
${stackedTable(`What happened to ${finding.id}, to the platform, and to those who were told. UTC.`, [{ name: 'When' }, { name: 'What' }, { name: 'In words' }], rows)}
${more > 0 ? html`<p class="quiet">${plural(more, 'entry', exact)} more in timeline.csv.</p>` : ''}
${dayTable(dossier)}
</section>`;
}

function when(at: string): string {
  return at.length === 10 ? dayMonth(at) : minute(at);
}

function daysFigure({ days, finding, timeline: entries, releases }: Dossier): SafeHtml | string {
  const chart = timeline(
    { releases: releases.map(({ time, model }) => ({ day: time.slice(0, 10), model })) },
    {
      finding,
      context: { daily: days },
      events: entries
        .filter(({ kind }) => kind === 'finding')
        .map(({ at, words }) => ({ at, message: words.split(',')[0] as 'opened' })),
    },
  );
  if (chart === null) return '';
  const keys = html`<span class="key"><i></i>new that day</span><span class="key"><i class="second"></i>seen before</span>`;
  const marks = chart.marks.map(
    (mark) => html`<li><b>${mark.sign}</b>${dayMonth(mark.day)}: ${mark.words.join(', ')}</li>
`,
  );
  return chartFigure(
    daysChart(chart.chart),
    chart.says,
    html`${finding.kind === 'campaign' ? html`Accounts: ${keys}` : ''}Days are UTC; quiet days are zero.
<ol class="marks">${marks}</ol>`,
  );
}

function dayTable({ days }: Dossier): SafeHtml {
  const columns = ['Exchanges', 'Output', 'Active', 'New', 'Banned'].map((name) => ({ name, ...FIGURES }));
  const rows = days.map((day) => [
    dayMonth(day.day),
    exact(day.exchanges),
    compact(day.outputTokens),
    ...[day.active, day.joined, day.banned].map(exact),
  ]);
  return html`<h3>Day by day</h3>
${table('Members of the finding, per UTC day; output in tokens', [{ name: 'Day' }, ...columns], rows)}`;
}

export function membersSection({ members }: Dossier): SafeHtml {
  const shown = members.slice(0, MEMBERS_SHOWN);
  const rows = shown.map((member) => [
    html`<span class="id">${member.account}</span>${member.org === undefined ? '' : html`<small>${member.org}</small>`}`,
    member.confidence,
    minute(member.since),
    member.until === undefined ? 'held' : minute(member.until),
    exact(member.exchanges),
    compact(member.outputTokens),
    member.groups.join(', '),
  ]);
  const columns = [
    { name: 'Account' },
    { name: 'Confidence' },
    { name: 'Since' },
    { name: 'Until' },
    { name: 'Exchanges', ...FIGURES },
    { name: 'Output', ...FIGURES },
    { name: 'Tied by' },
  ];
  const counts = (['certain', 'probable', 'released'] as const)
    .map((confidence) => `${exact(number(members, confidence))} ${confidence}`)
    .join(', ');
  const rest = members.length > shown.length ? ` The first ${shown.length} are shown; members.csv has all.` : '';
  return html`<section aria-labelledby="members"><h2 id="members">Members</h2>
<p>${counts}. A released account was held before and is counted in no figure. A ban or silence ends no claim.${rest}</p>
<p class="quiet">Tied by: the kinds of the finding's evidence in which an account has something in common with another member, by its records: a state handed over (custody), a card, phone, domain or referral (identity), an exit (network), a beginning within the hour (cohort), a prompt or form of answer (content), and half of its work or more on what the finding is after (intent). How rare each is, and how the load is shared out, is said of all members together, under Evidence.</p>
${stackedTable('In order of first exchange that belongs.', columns, rows)}
</section>`;
}

function number(members: readonly DossierMember[], confidence: DossierMember['confidence']): number {
  return members.filter((member) => member.confidence === confidence).length;
}

/** One line for each of the four, and one for all in a single pass. */
function recounting(id: string, countedFrom = '--at PLACE INPUT...'): string {
  return [...FIGURE_NAMES, 'all']
    .map((figure) => `stillwatch dossier ${id} --recount ${figure} ${countedFrom}`)
    .join('\n');
}

export function manifestSection(
  { finding, exchangeList, build }: Dossier,
  { root, prev, sources, hold, exchangesListed, countedFrom }: PageContext,
): SafeHtml {
  const rows = sources
    .slice(0, SOURCES_SHOWN)
    .map(({ name, bytes, sha256, records }) => [
      name,
      exact(bytes),
      exact(records),
      html`<span class="hash">${sha256}</span>`,
    ]);
  const columns = [
    { name: 'Source' },
    { name: 'Bytes', ...FIGURES },
    { name: 'Records used', ...FIGURES },
    { name: 'SHA-256' },
  ];
  const more = sources.length - rows.length;
  return html`<section aria-labelledby="manifest"><h2 id="manifest">Manifest, and how to count again</h2>
<p>manifest.json lists every file of this folder and every source with its SHA-256. The root hash is taken over that list and the root of the earlier dossier; this page shows it, so the page itself is under the manifest's seal instead.</p>
<p class="quiet">Root <span class="hash">${root}</span><br>Earlier root <span class="hash">${prev ?? 'none: this is the first'}</span><br>Sorted list of account and exchange ids <span class="hash">${exchangeList}</span><br>Made with Stillwatch ${build.version}, settings ${build.config}</p>
${stackedTable('Sources that were read.', columns, rows)}
${more > 0 ? html`<p class="quiet">${plural(more, 'source')} more in manifest.json.</p>` : ''}
${hold === null ? '' : html`<p class="quiet">${plural(hold.records, 'record')} behind these figures ${hold.records === 1 ? 'is' : 'are'} held out of the retention's reach: ${hold.path}, ${plural(hold.bytes, 'byte')}, SHA-256 <span class="hash">${hold.sha256}</span></p>`}
<h3>Is this folder as it was made?</h3>
<pre>stillwatch dossier --verify .</pre>
<h3>Each figure, counted again from the records</h3>
<pre>${recounting(finding.id, countedFrom)}</pre>
<h3>And without Stillwatch</h3>
<p class="quiet">${exchangesListed ? 'In this folder, by any shell.' : 'In a folder made with --exchanges, by any shell.'}</p>
<pre>zcat exchanges-*.tsv.gz | cut -f1 | sort -u | wc -l             # accounts
zcat exchanges-*.tsv.gz | cut -f1,2 | sort -u | wc -l           # exchanges
zcat exchanges-*.tsv.gz | cut -f3 | sort | sed -n '1p;$p'       # window
zcat exchanges-*.tsv.gz | cut -f5 | sort | uniq -c              # capabilities</pre>
</section>`;
}

/** The repeated pieces of the report page. */
import type { Picture } from './charts/picture.ts';
import { pictureSvg } from './charts/svg.ts';
import { type HtmlPart, html, raw, type SafeHtml } from './html.ts';

/** A severity as a label; the word carries the meaning, the colour only helps to find it. */
export function severityTag(severity: string): SafeHtml {
  return html`<span class="sev ${severity.toLowerCase()}">${severity}</span>`;
}

/** A bar of `share` (0 to 1) of its cell; the number stands beside it, so readers of the screen skip it. */
export function bar(share: number, kind: 'first' | 'second' = 'first'): SafeHtml {
  const width = Math.min(100, Math.max(0, share * 100)).toFixed(1);
  return html`<span class="bar${kind === 'second' ? ' second' : ''}" style="--w:${width}%" aria-hidden="true"></span>`;
}

/** The same chart for a desk and for a phone; the style sheet shows one. `says` stands for it where it is not seen. */
export function chartFigure(chart: { wide: Picture; narrow: Picture }, says: string, caption: HtmlPart): SafeHtml {
  const drawn = (picture: Picture) => raw(pictureSvg(picture, says));
  return html`<figure><div class="wide">${drawn(chart.wide)}</div><div class="narrow">${drawn(chart.narrow)}</div>
<figcaption>${caption}</figcaption></figure>`;
}

/** Text in which no id of a finding is broken at its hyphen: somebody will copy it. */
export function wholeIds(text: string): SafeHtml {
  const parts = text.split(/((?:cmp|con)-[0-9a-z]+)/);
  return html`${parts.map((part, i) => (i % 2 === 1 ? html`<span style="white-space:nowrap">${part}</span>` : part))}`;
}

export interface Figure {
  name: string;
  value: string;
  /** Words are set smaller than numbers. */
  words?: boolean;
  note?: string;
}

export function figureList(figures: readonly Figure[]): SafeHtml {
  const items = figures.map(
    ({ name, value, words, note }) =>
      html`<div${raw(words ? ' class="wordy"' : '')}><dt>${name}</dt><dd class="big${words ? ' words' : ''}">${value}</dd>${note ? html`<dd class="quiet">${note}</dd>` : ''}</div>
`,
  );
  return html`<dl class="figures">
${items}</dl>`;
}

export interface Column {
  name: string;
  figures?: boolean;
  /** Holds bars: wide enough to compare them. */
  bars?: boolean;
  /** Holds one bar with its figure. */
  gauge?: boolean;
}

function cellClass(column: Column | undefined): SafeHtml | string {
  if (column?.figures) return raw(' class="num"');
  if (column?.gauge) return raw(' class="gauge"');
  return column?.bars ? raw(' class="meter"') : '';
}

/** A table with a caption, column headings and the first cell of each row as its heading. */
export function table(caption: HtmlPart, columns: readonly Column[], rows: readonly (readonly HtmlPart[])[]): SafeHtml {
  const kind = (index: number) => cellClass(columns[index]);
  const head = columns.map((column, index) => html`<th scope="col"${kind(index)}>${column.name}</th>`);
  const lines = rows.map(
    (row) =>
      html`<tr>${row.map((cell, index) => (index === 0 ? html`<th scope="row">${cell}</th>` : html`<td${kind(index)}>${cell}</td>`))}</tr>
`,
  );
  return html`<table><caption>${caption}</caption><thead><tr>${head}</tr></thead><tbody>
${lines}</tbody></table>`;
}

/** As `table`, but on a phone each row becomes a card. Roles keep it a table for screen readers all the same. */
export function stackedTable(caption: HtmlPart, columns: readonly Column[], rows: readonly (readonly HtmlPart[])[]) {
  const kind = (index: number) => cellClass(columns[index]);
  const head = columns.map(
    (column, index) => html`<th role="columnheader" scope="col"${kind(index)}>${column.name}</th>`,
  );
  const lines = rows.map(
    (row) =>
      html`<tr role="row">${row.map((cell, index) =>
        index === 0
          ? html`<th role="rowheader" scope="row">${cell}</th>`
          : html`<td role="cell" data-label="${columns[index]?.name}"${kind(index)}>${cell}</td>`,
      )}</tr>
`,
  );
  return html`<table role="table" class="stack"><caption>${caption}</caption><thead role="rowgroup"><tr role="row">${head}</tr></thead><tbody role="rowgroup">
${lines}</tbody></table>`;
}

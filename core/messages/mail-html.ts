/** The frame and the inline styles of every HTML mail. Mail readers drop style sheets, so each element carries its own. */
import { html, type SafeHtml } from './html.ts';

/** Contrast on white: text 17:1, quiet text 6.4:1, links 7.8:1. */
export const MAIL = {
  h1: 'margin:0 0 12px;font-size:22px;line-height:1.25;font-weight:600',
  h2: 'margin:28px 0 8px;font-size:15px;line-height:1.3;font-weight:600',
  p: 'margin:0 0 10px',
  quiet: 'margin:0 0 10px;color:#5c5f66;font-size:13px',
  rule: 'border:0;border-top:1px solid #d9d7d2;margin:20px 0',
  table: 'border-collapse:collapse;width:100%;margin:0 0 12px;font-size:14px',
  caption: 'text-align:left;font-weight:600;padding:8px 0 4px',
  th: 'font-size:12px;font-weight:600;color:#5c5f66;border-bottom:1px solid #d9d7d2',
  label: 'text-align:left;vertical-align:top;padding:4px 12px 4px 0;width:52px;font-size:12px;color:#5c5f66',
  cell: 'text-align:left;vertical-align:top;padding:4px 8px 4px 0',
  figure:
    'text-align:right;vertical-align:top;padding:4px 0 4px 8px;white-space:nowrap;font-variant-numeric:tabular-nums',
  /** For those who hear the page; others see the heading above. */
  hidden: 'position:absolute;left:-9999px;font-size:1px',
  code: 'font:13px/1.5 ui-monospace,Menlo,Consolas,monospace;background:#f3f1ec;padding:1px 4px',
  link: 'color:#0b5a6b',
} as const;

/** One column of at most 600 pixels. */
export function mailDocument(title: string, body: SafeHtml): SafeHtml {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light"><title>${title}</title></head>
<body style="margin:0;padding:16px;background:#ffffff;color:#1c1b19;font:15px/1.5 system-ui,-apple-system,'Segoe UI',Arial,sans-serif">
<main style="max-width:600px;margin:0 auto">
${body}
</main></body></html>
`;
}

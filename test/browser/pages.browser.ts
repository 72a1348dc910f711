/**
 * What people read, in a real browser: no overflow, no error, no request, nothing that keeps somebody out. Pictures of
 * each page are kept under `artefacts/browser`. Needs Debian's chromium, or one named by CHROMIUM.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import axe, { type AxeResults } from 'axe-core';
import { type Browser, chromium, type Page as Tab } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bare, folderOfPages, MAILS, PAGES, type Page } from './pages.ts';

const EXECUTABLE = process.env.CHROMIUM ?? '/usr/bin/chromium';
const ARTEFACTS = join(import.meta.dirname, '../../artefacts/browser');
const WIDTHS = [360, 1280];
const SCHEMES = ['light', 'dark'] as const;

let browser: Browser;
let tab: Tab;
/** Console errors, page errors, and requests beyond the file itself, since the last page was opened. */
let trouble: string[] = [];
let address = '';
const folder = folderOfPages();

beforeAll(async () => {
  if (!existsSync(EXECUTABLE)) throw new Error(`${EXECUTABLE} is not there: apt-get install chromium, or set CHROMIUM`);
  mkdirSync(ARTEFACTS, { recursive: true });
  browser = await chromium.launch({ executablePath: EXECUTABLE, args: ['--no-sandbox'] });
  tab = await browser.newPage();
  tab.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') trouble.push(message.text());
  });
  tab.on('pageerror', (error) => trouble.push(String(error)));
  tab.on('request', (request) => {
    if (request.url() !== address && !request.url().startsWith('data:')) trouble.push(`asks for ${request.url()}`);
  });
});
afterAll(async () => {
  await browser?.close();
  folder.remove();
});

async function open(page: Page, width: number, colorScheme: 'light' | 'dark'): Promise<void> {
  trouble = [];
  address = folder.file(page);
  await tab.setViewportSize({ width, height: 900 });
  await tab.emulateMedia({ colorScheme });
  await tab.goto(address);
}

/** Elements that stick out of the window, beyond what scrolls by itself. Runs in the browser, hence as text. */
const STICKING_OUT = `(() => {
  const scrolls = (element) => element !== null &&
    (['auto', 'scroll', 'hidden'].includes(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
  return [...document.body.querySelectorAll('*')]
    .filter((element) => {
      const { right, width } = element.getBoundingClientRect();
      return width > 1 && right > document.documentElement.clientWidth + 1 && !scrolls(element.parentElement);
    })
    .map((element) => element.tagName.toLowerCase() + ' ' + (element.textContent ?? '').slice(0, 40));
})()`;
const FOCUSED = '[document.activeElement.tagName, getComputedStyle(document.activeElement).outlineStyle]';
const SEEN = "document.body.innerText + ' ' + [...document.images].map(({ alt }) => alt).join(' ')";

async function violations(): Promise<string[]> {
  await tab.evaluate(axe.source);
  const results = (await tab.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as AxeResults;
  return results.violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target }) => `${id}: ${help} (${target.join(' ')})`),
  );
}

const CASES = [...PAGES, ...MAILS].flatMap((page) =>
  WIDTHS.flatMap((width) => SCHEMES.map((scheme) => ({ page, width, scheme, name: page.name }))),
);

describe('a page', () => {
  it.each(CASES)(
    'fits, asks nobody and keeps nobody out: $name at $width, $scheme',
    async ({ page, width, scheme }) => {
      await open(page, width, scheme);
      await tab.screenshot({ path: join(ARTEFACTS, `${page.name}-${width}-${scheme}.png`), fullPage: true });
      expect(await tab.evaluate(STICKING_OUT)).toEqual([]);
      expect(await tab.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      expect(await violations()).toEqual([]);
      expect(trouble).toEqual([]);
    },
  );

  it('can be read with the keyboard alone: every link and table of numbers is reached, and shows that it is', async () => {
    await open(PAGES[0]!, 1280, 'light');
    const focusable = await tab.locator('a[href], summary, [tabindex="0"]').count();
    expect(focusable).toBeGreaterThan(5);
    for (let pressed = 0; pressed < focusable; pressed++) {
      await tab.keyboard.press('Tab');
      const [element, outline] = (await tab.evaluate(FOCUSED)) as [string, string];
      expect(['A', 'SUMMARY', 'DIV']).toContain(element);
      expect(outline).toBe('solid');
    }
  });
});

describe('a mail without pictures and styles', () => {
  it.each(MAILS)('still says everything: $name', async ({ name, html, text }) => {
    await open({ name: `${name}-bare`, html: bare(html) }, 360, 'light');
    await tab.screenshot({ path: join(ARTEFACTS, `${name}-bare.png`), fullPage: true });
    const figures = (of: string) => new Set(of.match(/\d[\d,.]*\d(?:[%kMBx]|\b)/g));
    const seen = figures((await tab.evaluate(SEEN)) as string);
    expect([...figures(text)].filter((figure) => !seen.has(figure))).toEqual([]);
    expect(await violations()).toEqual([]);
  });
});

/** What the documents say is there, is there: links, commands, resources, alarms' sections, sums. */
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { type IdleStage, idlePage, idleTotal, rowsOf } from '../bench/cost/idle.ts';
import { PRICES } from '../bench/cost/prices.ts';
import { BATCH } from '../bench/cost/scale.ts';
import { STAGES, silent, stageSchema } from '../cdk/config.ts';
import { cdkCall } from '../cdk/run.ts';
import { loadConfig } from '../cli/config.ts';
import type { FindingKind } from '../core/findings/finding.ts';
import { settingsSchema } from '../core/settings.ts';
import { WATCH_CAUSES } from '../core/watch/watch.ts';
import { allResources, FULL, FULL_SMALL, resourcesOf, templateOf } from './cdk/support.ts';

const ROOT = join(import.meta.dirname, '..');
const KINDS: readonly FindingKind[] = ['campaign', 'consumer'];
/** Sections that messages of the watch itself link to. */
const WATCHES = WATCH_CAUSES.map((cause) => `watch-${cause.replaceAll('_', '-')}`);
const temporary = mkdtempSync(join(tmpdir(), 'stillwatch-docs-'));
afterAll(() => rmSync(temporary, { recursive: true }));

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const pages = globSync(['*.md', 'docs/**/*.md'], { cwd: ROOT }).sort();
const withoutBlocks = (text: string) => text.replace(/^ *```[\s\S]*?^ *```/gm, '');
const blocks = (text: string, language: string) =>
  [...text.matchAll(new RegExp(`^ *\`\`\`${language}\n([\\s\\S]*?)^ *\`\`\``, 'gm'))].map((match) => match[1]!);
/** Code in the text and in blocks. */
const code = (text: string) => [...text.matchAll(/```[\s\S]*?```|`[^`\n]+`/g)].map((match) => match[0]);

/** Anchors as GitHub makes them. */
function anchors(text: string): Set<string> {
  const headings = withoutBlocks(text).matchAll(/^#{1,6} +(.+)$/gm);
  return new Set(
    [...headings].map((match) =>
      match[1]!
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

/** Text of a section, by its anchor. */
function section(text: string, anchor: string): string {
  return text.split(/^## /m).find((part) => anchors(`## ${part.split('\n')[0]}`).has(anchor)) ?? '';
}

describe.each(pages)('%s', (page) => {
  const text = read(page);

  it('has no link that leads nowhere', () => {
    const broken: string[] = [];
    for (const [, target] of withoutBlocks(text).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target!)) continue;
      const [path, anchor] = target!.split('#') as [string, string | undefined];
      const file = path === '' ? page : relative(ROOT, join(ROOT, dirname(page), path));
      const found = existsSync(join(ROOT, file)) && (anchor === undefined || anchors(read(file)).has(anchor));
      if (!found) broken.push(target!);
    }
    expect(broken).toEqual([]);
  });

  // It asks each command for its help: a process each, which take their time on a machine that is busy.
  it('names no script, command or option that does not exist', { timeout: 120_000 }, () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const unknown: string[] = [];
    for (const piece of code(text)) {
      for (const [, name] of piece.matchAll(/npm run (?:-s )?([a-z0-9]+)/g))
        if (!(name! in scripts)) unknown.push(name!);
      for (const line of piece.split('\n')) unknown.push(...unknownCalls(line));
    }
    expect(unknown).toEqual([]);
  });

  it('names no file of the project that is not there', () => {
    const named = [...text.matchAll(/`((?:core|cli|cdk|lambdas|bench|test|docs)\/[\w./-]+)`/g)].map(
      (match) => match[1]!,
    );
    expect(named.filter((path) => /[NX]{4}/.test(path) === false && !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it('speaks of the project alone, and leaves nothing to be filled in', () => {
    expect(text).not.toMatch(/\b(handbooks?|issues?|todo|fixme|tbd|placeholder|lorem|helpers?)\b/i);
    expect(text).not.toMatch(/\/work\/|\bshared\//);
  });
});

const help = new Map<string, string>();
function helpOf(verb: string): string {
  const args = [...verb.split(' ').filter((word) => word !== ''), '--help'];
  const text = help.get(verb) ?? execFileSync(process.execPath, [join(ROOT, 'cli/main.ts'), ...args]).toString();
  help.set(verb, text);
  return text;
}

/** `stillwatch VERB --option` in a line of code; what the command's own help does not know. */
function unknownCalls(line: string): string[] {
  const call = /\bstillwatch (?:-- )?([a-z]+)(.*)/.exec(line);
  if (call === null) return [];
  const [, verb, rest] = call as unknown as [string, string, string];
  if (!new RegExp(`^  ${verb} `, 'm').test(helpOf(''))) return [`stillwatch ${verb}`];
  const [, inner] = /^ ([a-z]+)/.exec(rest) ?? [];
  const isGroup = inner !== undefined && new RegExp(`^  ${inner} `, 'm').test(helpOf(verb).split('Commands:')[1] ?? '');
  const called = isGroup ? `${verb} ${inner}` : verb;
  const options = [...rest.matchAll(/(?<= )--[a-z]+/g)].map(([option]) => option);
  return options.filter((option) => !helpOf(called).includes(option)).map((option) => `stillwatch ${called} ${option}`);
}

describe('the runbook', () => {
  const runbook = read('docs/runbook.md');
  const template = templateOf(FULL);
  const alarms = resourcesOf(template, 'AWS::CloudWatch::Alarm');
  const named = [...new Set(alarms.map(({ Properties }) => String(Properties.AlarmDescription).split('#')[1]!))];

  it.each(named)('tells who is woken by an alarm what it means, where to look and what to do: %s', (name) => {
    const text = section(runbook, name);
    for (const word of ['**Means.**', '**Look.**', '**Do.**']) expect(text).toContain(word);
  });

  it('has a section for each kind of finding, because alerts link to it', () => {
    for (const kind of KINDS) {
      const text = section(runbook, kind);
      for (const word of ['**Means.**', '**Look.**', '**Never.**']) expect(text, kind).toContain(word);
    }
  });

  it('has a section for each watch alarm, because its messages link to it', () => {
    for (const watch of WATCHES) expect(section(runbook, watch), watch).toContain('**Means.**');
  });

  it('has no section for an alarm that is gone', () => {
    const about = [...runbook.matchAll(/^## (.+)\n\n\*\*Means/gm)].map((match) => match[1]!);
    // AWS Budgets writes its own message.
    expect(about.sort()).toEqual([...named, ...KINDS, ...WATCHES, 'over-budget'].sort());
  });

  it('finds each resource that its commands name, and only that', () => {
    const both = [template, templateOf(FULL_SMALL)];
    const logical = (type: string) => [...new Set(both.flatMap((each) => resourcesOf(each, type).map(({ id }) => id)))];
    const wanted = [
      ...[...runbook.matchAll(/\bres (\w+) (AWS::[\w:]+)/g)].map((match) => [match[1]!, match[2]!] as const),
      ...[...runbook.matchAll(/\bfn (\w+)/g)].map((match) => [match[1]!, 'AWS::Lambda::Function'] as const),
      ...[...runbook.matchAll(/\blogs ([A-Z]\w+)/g)].map((match) => [match[1]!, 'AWS::Logs::LogGroup'] as const),
      ...queues(runbook).map((name) => [name, 'AWS::SQS::Queue'] as const),
    ];
    expect(wanted.length).toBeGreaterThan(20);
    for (const [name, type] of wanted) {
      expect(
        logical(type).filter((id) => id.startsWith(name)),
        name,
      ).toHaveLength(1);
    }
    expect(queues(runbook).sort()).toEqual(
      logical('AWS::SQS::Queue')
        .map((id) => id.slice(0, -8))
        .sort(),
    );
    const outputs = both.flatMap((each) => Object.keys(each.toJSON().Outputs));
    for (const page of ['runbook', 'deploy'])
      for (const [, name] of read(`docs/${page}.md`).matchAll(/\bout (\w+)\)/g)) expect(outputs).toContain(name);
  });

  function queues(text: string): string[] {
    return /^for q in (.+)$/m.exec(text)![1]!.split(' ');
  }
});

describe('the threat model', () => {
  const rows = [...read('docs/threat-model.md').matchAll(/^\| `(\w+Role)` \|/gm)].map((match) => match[1]!);
  const senders = { organisation: 'o-a1b2c3d4e5' };

  it('says of every role of the stack what it could do if stolen, and of no other', () => {
    const roles = resourcesOf(templateOf({ ...FULL, senders }), 'AWS::IAM::Role').map(({ id }) => id.slice(0, -8));
    expect(rows.sort()).toEqual(roles.sort());
  });
});

describe('the settings', () => {
  it('are all in the reference, with what they mean', () => {
    const page = read('docs/settings.md');
    const groups = { 'A stage': stageSchema.shape, settings: settingsSchema.def.innerType.shape };
    for (const [title, shape] of Object.entries(groups)) {
      const text = section(page, title.toLowerCase().replace(' ', '-'));
      for (const name of Object.keys(shape)) expect(text, `${title}: ${name}`).toContain(`| \`${name}\` |`);
    }
    for (const name of Object.keys(settingsSchema.def.innerType.shape.detection.def.innerType.shape))
      expect(page).toContain(`| \`detection.${name}\` |`);
  });
});

describe('the quick start', () => {
  const page = read('docs/quick-start.md');

  it('types no more than five commands', () => {
    const [commands] = blocks(page, 'sh');
    expect(commands!.trim().split('\n').length).toBeLessThanOrEqual(5);
  });

  it('is stopped by what it says, in the words that are printed', () => {
    expect(page).toContain('`nobody would be told`');
    expect(silent('prod', 'alertEmails')).toContain('nobody would be told');
    const told = { ...STAGES.prod!, alertEmails: ['soc@example.com'], alarmEmails: ['oncall@example.com'] };
    for (const line of blocks(page, 'ts')[0]!.matchAll(/^(\w+): \['([^']+)'\]/gm)) {
      expect(told[line[1] as 'alertEmails'], line[1]).toEqual([line[2]]);
    }
    expect(cdkCall(['deploy', '--stage', 'prod'], { prod: told })[0]).toBe('deploy');
  });
});

describe('the samples', () => {
  it('make a record from a request without a word of the prompt in it', () => {
    const [sample] = blocks(read('docs/records.md'), 'ts');
    const file = join(temporary, 'sample.ts');
    writeFileSync(file, sample!.replaceAll("'./core/", `'${pathToFileURL(join(ROOT, 'core')).href}/`));
    const script = `const { recordOf } = await import(${JSON.stringify(pathToFileURL(file).href)});
      console.log(JSON.stringify(recordOf('req_01HZX4', 'key-of-somebody', 'Explain entropy, please.')));`;
    const out = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      env: { STILLWATCH_KEY: '00'.repeat(32) },
    }).toString();
    expect(JSON.parse(out)).toMatchObject({ type: 'usage', id: 'req_01HZX4', model: 'opus-5' });
    expect(out).not.toMatch(/entropy|somebody|203\.0|assistant/);
  });

  it('configure a replay', () => {
    const [sample] = blocks(read('docs/records.md'), 'json');
    const file = join(temporary, 'replay.json');
    writeFileSync(file, sample!);
    expect(loadConfig(file).sources.bedrock.account).toBe('tenant');
  });
});

describe('the figures', () => {
  const cost = read('docs/cost.md');

  it('add up', () => {
    const tables = cost.split(/\n\n/).filter((part) => part.startsWith('| what'));
    expect(tables).toHaveLength(3);
    for (const table of tables) {
      const rows = table.split('\n').slice(2);
      const cells = rows.map((row) => row.split('|').slice(2, -1));
      const last = cells.length - 1;
      cells[last]!.forEach((cell, column) => {
        const total = Number(cell.replaceAll('*', ''));
        if (!(total > 0)) return;
        const sum = cells.slice(0, last).reduce((all, row) => all + Number(row[column]), 0);
        expect(sum, `column ${column}`).toBeCloseTo(total, 2);
      });
    }
  });

  it('of ingest are those of the batches that the template asks for', () => {
    const [mapping] = resourcesOf(templateOf(STAGES.prod!), 'AWS::Lambda::EventSourceMapping');
    expect(mapping!.Properties).toMatchObject({
      MaximumBatchingWindowInSeconds: BATCH.seconds,
      BatchSize: BATCH.records,
      ParallelizationFactor: BATCH.lanes,
    });
  });

  // `npx vitest run test/docs.test.ts -u` writes it anew.
  it('say what an idle stack costs, as its template has it', async () => {
    const look = JSON.parse(
      execFileSync(process.execPath, [join(ROOT, 'bench/cost/notifier-reads.ts')]).toString(),
    ) as IdleStage['look'];
    const metrics = { sweep: metricsOf('sweep').size, audit: metricsOf('audit').size };
    const stages = (['dev', 'small', 'prod'] as const).map((name): IdleStage => {
      const { sweepEveryHours, segments } = STAGES[name]!;
      return { name, resources: allResources(templateOf(STAGES[name]!)), sweepEveryHours, segments, metrics, look };
    });
    await expect(idlePage(stages)).toMatchFileSnapshot('../docs/idle-cost.md');
    const said = /about \$([\d.]+) a month \(`small`\) or \$([\d.]+) \(`prod`\), at list prices of (\S+):/.exec(
      read('README.md'),
    )!;
    expect(said[3]).toBe(PRICES.found);
    for (const [at, stage] of stages.slice(1).entries())
      expect(Math.abs(Number(said[at + 1]) - idleTotal(rowsOf(stage))), `README, ${stage.name}`).toBeLessThan(0.5);
  });

  /** Metrics that the code of a function names. */
  function metricsOf(folder: string): Set<string> {
    const files = globSync(`lambdas/${folder}/**/*.ts`, { cwd: ROOT });
    return new Set(files.flatMap((file) => [...read(file).matchAll(/\.count\('(\w+)'/g)].map((match) => match[1]!)));
  }

  it('are told for the version that is there', () => {
    const { version } = JSON.parse(read('package.json')) as { version: string };
    expect(/^## (\S+)/m.exec(read('CHANGELOG.md'))![1]).toBe(version);
  });
});

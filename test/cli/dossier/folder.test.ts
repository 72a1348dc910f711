/** A dossier's folder: counted by a shell, built twice to the byte, checked to the bit, and safe to hand out. */
import { execFileSync, execSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { appendFileSync, cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { InputError } from '../../../cli/adapters/input/input-error.ts';
import { dossierCommand } from '../../../cli/commands/dossier.ts';
import { exportCommand } from '../../../cli/commands/export.ts';
import { revealCommand } from '../../../cli/commands/reveal.ts';
import { subjectOf } from '../../../cli/dossier/subject.ts';
import { verifyFolder } from '../../../cli/dossier/verify.ts';
import type { Dossier } from '../../../core/dossier/dossier.ts';
import type { Manifest } from '../../../core/dossier/manifest.ts';
import type { Finding } from '../../../core/findings/finding.ts';
import type { StillwatchRecord } from '../../../core/records/schema.ts';
import { ocsfFaults, stixFaults } from '../../core/exports/schemas.ts';
import { filesUnder, MAIN, ndjson, replay, type Scratch, scratch, simulated } from '../../support/cli.ts';

const PATIENCE = 120_000;
let tmp: Scratch;
let at: string;
let finding: Finding;
let records: StillwatchRecord[];
let accounts: string[];
const printed: string[] = [];

beforeAll(async () => {
  tmp = scratch();
  at = tmp.at('out');
  ({ records } = simulated({
    seed: 'folder',
    days: 3,
    benign: { accounts: 200, maxPerDay: 100 },
    campaigns: [{ scenario: 'A1', accounts: 40, ratePerDay: 15, start: 1, days: 2 }],
  }));
  await replay([tmp.file('world.ndjson', ndjson(records))], at);
  const lines = readFileSync(tmp.at('out', 'findings.ndjson'), 'utf8').trim().split('\n');
  finding = JSON.parse(lines.at(-1)!) as Finding;
  accounts = (await subjectOf(finding.id, at)).held.map(({ account }) => account);
  vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
  await make('dossier', { exchanges: true });
}, PATIENCE);
afterAll(() => {
  vi.restoreAllMocks();
  tmp.remove();
});

async function make(name: string, more: Record<string, unknown> = {}): Promise<void> {
  process.exitCode = undefined;
  await dossierCommand(finding.id, [], { at, out: tmp.at(name), ...more });
}

/** What an export prints or writes. */
async function exported(as: string, more: Record<string, unknown> = {}): Promise<string> {
  await exportCommand(finding.id, [], { at, as, out: tmp.at('export'), ...more });
  return readFileSync(tmp.at('export'), 'utf8');
}

const read = <T>(...path: string[]) => JSON.parse(readFileSync(tmp.at(...path), 'utf8')) as T;
const dossier = (name = 'dossier') => read<Dossier>(name, 'dossier.json');
const shell = (line: string, name = 'dossier') =>
  execSync(line, {
    cwd: tmp.at(name),
    encoding: 'utf8',
    shell: '/bin/sh',
    env: { ...process.env, LC_ALL: 'C' },
  }).trim();

describe('an expert with a shell and no Stillwatch', () => {
  it('counts the accounts', () => {
    expect(Number(shell('zcat exchanges-*.tsv.gz | cut -f1 | sort -u | wc -l'))).toBe(
      finding.accounts.certain + finding.accounts.probable,
    );
  });

  it('counts the exchanges, and their list has the hash of the manifest', () => {
    expect(Number(shell('zcat exchanges-*.tsv.gz | cut -f1,2 | sort -u | wc -l'))).toBe(finding.exchanges);
    const hash = shell('zcat exchanges-*.tsv.gz | cut -f1,2 | sort -u | sha256sum').slice(0, 64);
    expect(hash).toBe(read<Manifest>('dossier', 'manifest.json').exchangeList);
  });

  it('reads the window', () => {
    expect(shell("zcat exchanges-*.tsv.gz | cut -f3 | sort | sed -n '1p;$p'").split('\n')).toEqual([
      finding.window.from,
      finding.window.to,
    ]);
  });

  it('counts the capabilities', () => {
    const counted = shell('zcat exchanges-*.tsv.gz | cut -f5 | sort | uniq -c')
      .split('\n')
      .map((line) => line.trim().split(' ') as [string, string]);
    const tasks = Object.fromEntries(counted.map(([count, task]) => [task, Number(count)]));
    const { unlabelled, ...labelled } = tasks;
    expect(labelled).toEqual(Object.fromEntries(finding.capabilities.map(({ task, exchanges }) => [task, exchanges])));
    expect(unlabelled ?? 0).toBe(dossier().unlabelled);
  });

  it('reads the same figures from the edition for outside', async () => {
    await make('outside', { exchanges: true, edition: 'external' });
    expect(Number(shell('zcat exchanges-*.tsv.gz | cut -f1 | sort -u | wc -l', 'outside'))).toBe(accounts.length);
    expect(Number(shell('zcat exchanges-*.tsv.gz | cut -f1,2 | sort -u | wc -l', 'outside'))).toBe(finding.exchanges);
  });
});

describe('what the page prints to be typed', () => {
  const lines = (name: string) => {
    const page = readFileSync(tmp.at(name, 'index.html'), 'utf8');
    const blocks = [...page.matchAll(/<pre>([^<]*)<\/pre>/g)].map((block) => block[1]!);
    return blocks.flatMap((block) => block.replaceAll('&#39;', "'").replaceAll('&quot;', '"').split('\n'));
  };
  const typed = (line: string) => shell(`stillwatch() { "${process.execPath}" "${MAIN}" "$@"; }; ${line}`);

  it('counts each figure again from the records, as it stands', { timeout: PATIENCE }, () => {
    const recounts = lines('dossier').filter((line) => line.includes('--recount'));
    expect(recounts.map((line) => line.split(' ')[4])).toEqual([
      'accounts',
      'exchanges',
      'window',
      'capabilities',
      'all',
    ]);
    for (const line of recounts) expect(typed(line), line).toMatch(/equal/);
    expect(typed(recounts[4]!)).toContain('as in the manifest');
  });

  it('checks the folder, and counts by a shell what the folder lists', { timeout: PATIENCE }, () => {
    const [verify] = lines('dossier').filter((line) => line.includes('--verify'));
    expect(typed(verify!)).toContain('files as they were made');
    const counted = lines('dossier')
      .filter((line) => line.startsWith('zcat'))
      .map((line) => shell(line));
    expect(Number(counted[0])).toBe(finding.accounts.certain + finding.accounts.probable);
    expect(Number(counted[1])).toBe(finding.exchanges);
    expect(counted[2]!.split('\n')).toEqual([finding.window.from, finding.window.to]);
    expect(counted[3]).toContain(`${finding.capabilities[0]!.exchanges} ${finding.capabilities[0]!.task}`);
  });

  it('names no place of the house to readers outside', () => {
    expect(lines('outside').filter((line) => line.includes('--recount'))[0]).toContain('--at PLACE INPUT...');
    expect(lines('outside').join()).not.toContain(tmp.folder);
  });
});

describe('a dossier built again', () => {
  it('is the same to the byte, but for the time of making and its seal', async () => {
    await make('again', { exchanges: true });
    const [first, second] = ['dossier', 'again'].map((name) => filesUnder(tmp.at(name)));
    expect([...second!.keys()]).toEqual([...first!.keys()]);
    for (const [name, bytes] of first!) {
      if (name !== 'manifest.json') expect(bytes.equals(second!.get(name)!), name).toBe(true);
    }
    const [a, b] = ['dossier', 'again'].map((name) => read<Manifest>(name, 'manifest.json'));
    expect({ ...a, made: '', seal: '' }).toEqual({ ...b, made: '', seal: '' });
  });

  it('is chained to the one before it once it says something else', async () => {
    const first = read<Manifest>('dossier', 'manifest.json');
    expect(first.prev).toBeNull();
    await make('third', { hold: true });
    expect(read<Manifest>('third', 'manifest.json').prev).toBe(first.root);
  });

  it('refuses to take the place of a folder that is no dossier', async () => {
    await expect(dossierCommand(finding.id, [], { at, out: at })).rejects.toThrow(/holds something that is no dossier/);
    expect(existsSync(tmp.at('out', 'findings.ndjson'))).toBe(true);
  });
});

describe('--verify', () => {
  it('passes the folder as it was made, and a signed one', async () => {
    expect((await verifyFolder(tmp.at('dossier'))).faults).toEqual([]);
  });

  it('finds one flipped bit in any file, the manifest and its signature among them', async () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const key = tmp.file('key.pem', privateKey.export({ format: 'pem', type: 'pkcs8' }) as string);
    await make('signed', { exchanges: true, sign: key });
    expect(await verifyFolder(tmp.at('signed'))).toMatchObject({ signed: true, faults: [] });
    const names = [...filesUnder(tmp.at('signed')).keys()];
    expect(names).toContain('manifest.sig');
    for (const name of names) {
      const path = tmp.at('signed', name);
      const bytes = readFileSync(path);
      // First, last and a few between: every byte of every file would be minutes.
      for (const place of [0, 1, 2, 3, 4].map((part) => Math.floor((part / 4) * (bytes.length - 1)))) {
        for (const bit of [0, 7]) {
          const spoilt = Buffer.from(bytes);
          spoilt[place]! ^= 1 << bit;
          writeFileSync(path, spoilt);
          expect((await verifyFolder(tmp.at('signed'))).faults, `${name} byte ${place} bit ${bit}`).not.toEqual([]);
        }
      }
      writeFileSync(path, bytes);
    }
    expect((await verifyFolder(tmp.at('signed'))).faults).toEqual([]);
  });

  it('finds a file too many, one missing, and a signature of somebody else', async () => {
    cpSync(tmp.at('dossier'), tmp.at('copy'), { recursive: true });
    appendFileSync(tmp.at('copy', 'note.txt'), 'x');
    rmSync(tmp.at('copy', 'leak.csv'));
    expect((await verifyFolder(tmp.at('copy'))).faults).toEqual([
      'leak.csv: is missing',
      'note.txt: is not in the manifest',
    ]);
    const { publicKey } = generateKeyPairSync('ed25519');
    const other = tmp.file('other.pem', publicKey.export({ format: 'pem', type: 'spki' }) as string);
    expect((await verifyFolder(tmp.at('dossier'), other)).faults).toEqual(['manifest.sig: is missing']);
    expect((await verifyFolder(tmp.at('signed'), other)).faults).toHaveLength(1);
  });

  it('exits 3 and names the file', async () => {
    const command = [process.execPath, 'cli/main.ts', 'dossier', '--verify', tmp.at('copy')] as const;
    try {
      execFileSync(command[0], command.slice(1), { encoding: 'utf8' });
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ status: 3, stdout: expect.stringContaining('leak.csv: is missing') });
    }
  });
});

describe('the page', () => {
  it('asks nothing of any network, runs nothing, and has the four figures', () => {
    const page = readFileSync(tmp.at('dossier', 'index.html'), 'utf8');
    expect(page).not.toMatch(
      /<(?:script|link|img|iframe|object|embed|form|base)\b|\bon\w+=|@import|url\(|javascript:/i,
    );
    expect(page.match(/https?:\/\/[^"'\s<)]*/g) ?? []).toEqual([]);
    expect(page).toContain(finding.exchanges.toLocaleString('en-US'));
    expect(page).toContain(finding.window.from);
    expect(page).toContain(read<Manifest>('dossier', 'manifest.json').root);
  });

  it('accuses nobody by name and draws no legal conclusion', () => {
    const page = readFileSync(tmp.at('dossier', 'index.html'), 'utf8').replace(/<style>.*?<\/style>/s, '');
    expect(page).not.toMatch(/\b(?:stole|stolen|theft|thief|illegal|unlawful|infring\w*|guilty|culprit)\b/i);
    expect(page).toMatch(/observed/);
    expect(page).toMatch(/consistent with/);
  });
});

describe('the edition for outside', () => {
  it('holds no account, no organisation, no exchange id, and keeps who is who beside the folder', async () => {
    await make('external', { exchanges: true, edition: 'external' });
    const files = filesUnder(tmp.at('external'));
    const text = [...files].map(([name, bytes]) =>
      name.endsWith('.gz') ? shell(`zcat ${name}`, 'external') : bytes.toString('utf8'),
    );
    const orgs = records.flatMap((record) => (record.type === 'account' && record.org ? [record.org] : []));
    const ids = records.flatMap((record) =>
      record.type === 'usage' && accounts.includes(record.account) ? [record.id] : [],
    );
    const fingerprints = records.flatMap((record) =>
      record.type === 'usage' && record.prompt?.template && accounts.includes(record.account)
        ? [record.prompt.template]
        : [],
    );
    const all = text.join('\n');
    for (const secret of [...accounts, ...new Set(orgs), ...ids, ...new Set(fingerprints)])
      expect(all.includes(secret), secret).toBe(false);
    expect(all).not.toContain('world.ndjson');
    expect(all).toContain('A-00001');
    expect([...files.keys()].filter((name) => name.includes('mapping'))).toEqual([]);
    const mapping = read<{ accounts: Record<string, string> }>('external.mapping.json');
    expect(Object.values(mapping.accounts).sort()).toEqual([...accounts].sort());
    const members = dossier('external').members;
    const byFirst = members.toSorted((a, b) => (a.since < b.since ? -1 : 1));
    expect(byFirst.map(({ account }) => account)).toEqual(members.map(({ account }) => account).toSorted());
  });
});

describe('--hold', () => {
  it('keeps the records, so that the figures are counted again when the sources are gone', async () => {
    await make('held', { hold: true });
    const { hold } = read<Manifest>('held', 'manifest.json');
    expect(hold!.records).toBeGreaterThan(finding.exchanges);
    process.exitCode = undefined;
    printed.length = 0;
    await dossierCommand(finding.id, [tmp.at('out', 'held', hold!.path)], { at, recount: 'all' });
    expect(process.exitCode).toBeUndefined();
    expect(printed.join('\n')).not.toContain('DIFFERS');
    expect(printed.join('\n')).toContain('as in the manifest');
  });
});

describe('the members', () => {
  it('are told with what ties each to another, of the kinds that the finding states', () => {
    const { members } = dossier();
    const stated = new Set(finding.evidence.map(({ group }) => group));
    const held = members.filter(({ confidence }) => confidence !== 'released');
    for (const { groups } of held) for (const group of groups) expect(stated).toContain(group);
    for (const { confidence, groups } of held) if (confidence === 'certain') expect(groups.length).toBeGreaterThan(1);
    const [head, ...lines] = readFileSync(tmp.at('dossier', 'members.csv'), 'utf8').trim().split('\r\n');
    expect(head!.endsWith(',groups')).toBe(true);
    expect(lines[0]!.endsWith(`,${members[0]!.groups.join(' ')}`)).toBe(true);
    expect(readFileSync(tmp.at('dossier', 'index.html'), 'utf8')).toContain('Tied by');
  });
});

describe('the leak estimate', () => {
  it('adds up, is never lower at its high end, and says what has no price', () => {
    const { leak } = dossier();
    const sum = (field: 'exchanges' | 'outputTokens') =>
      leak.byCapability.reduce((total, line) => total + line[field], 0);
    expect(sum('exchanges')).toBe(leak.high.exchanges);
    expect(sum('outputTokens')).toBe(leak.high.outputTokens);
    expect(leak.high.outputTokens).toBe(finding.outputTokens);
    expect(leak.low.outputTokens).toBeLessThanOrEqual(leak.certain.outputTokens);
    expect(leak.certain.outputTokens).toBeLessThanOrEqual(leak.high.outputTokens);
    expect(leak.unpriced.reduce((total, { outputTokens }) => total + outputTokens, 0)).toBe(finding.outputTokens);
    expect(leak.high.usd).toBeNull();
  });

  it('is priced by the list of the configuration', async () => {
    const model = dossier().leak.unpriced[0]!.model;
    const config = tmp.file('prices.json', JSON.stringify({ listPrices: { [model]: 25 } }));
    await make('priced', { config });
    const { leak } = dossier('priced');
    const priced = leak.high.outputTokens - leak.unpriced.reduce((total, { outputTokens }) => total + outputTokens, 0);
    expect(leak.high.usd).toBe(Math.round(priced * 25 * 1e-4) / 100);
    const cents = leak.byCapability.reduce((total, { usd }) => total + Math.round((usd ?? 0) * 100), 0);
    expect(cents).toBe(Math.round(leak.high.usd! * 100));
  });
});

describe('the throttle list', () => {
  it('has certain accounts only, none banned, closed or excepted, as many as the preview says', async () => {
    const certain = accounts.slice(0, -1);
    const [banned, closed, excepted] = certain as [string, string, string];
    const later = '2026-04-18T00:00:00.000Z';
    const facts = [
      { type: 'account', time: later, account: banned, status: 'banned' },
      { type: 'account', time: later, account: closed, status: 'closed' },
    ];
    const input = tmp.file('with-bans.ndjson', ndjson([...records, ...facts]));
    const entry = {
      seq: 1,
      at: finding.at,
      by: 'mara',
      action: 'exception',
      id: 'exc-1',
      scope: { account: excepted },
      classifications: [finding.classification],
      until: '2026-07-01T00:00:00.000Z',
      reason: 'a partner',
      owner: 'mara',
      approvedBy: 'tom',
    };
    writeFileSync(tmp.at('out', 'cases.ndjson'), `${JSON.stringify(entry)}\n`);
    try {
      await exportCommand(finding.id, [input], { at, as: 'throttle', out: tmp.at('list') });
      const list = readFileSync(tmp.at('list'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { account: string }).account);
      const subject = await subjectOf(finding.id, at);
      const sure = subject.held.filter(({ confidence }) => confidence === 'certain').map(({ account }) => account);
      expect(sure).toEqual(expect.arrayContaining([banned, closed, excepted]));
      expect(list.toSorted()).toEqual(
        sure.filter((account) => ![banned, closed, excepted].includes(account)).toSorted(),
      );
      await exportCommand(finding.id, [input], { at, as: 'throttle', dryRun: true, out: tmp.at('preview') });
      const preview = readFileSync(tmp.at('preview'), 'utf8');
      expect(preview).toMatch(new RegExp(`^to throttle +${list.length} `, 'm'));
      expect(preview).toMatch(/^less already banned or closed +2$/m);
      expect(preview).toMatch(/^less excepted \(exc-1\) +1$/m);
    } finally {
      rmSync(tmp.at('out', 'cases.ndjson'));
    }
  });

  it('has an undo that names everybody it may have named', async () => {
    const released = (await exported('throttle', { release: true })).trim().split('\n');
    expect(released.map((line) => (JSON.parse(line) as { account: string }).account)).toEqual(accounts.toSorted());
  });
});

describe('an export', () => {
  it('is valid by the schemas of others, one OCSF finding a transition', async () => {
    const lines = (await exported('ocsf')).trim().split('\n');
    for (const line of lines) expect(ocsfFaults(JSON.parse(line))).toEqual([]);
    expect(stixFaults(JSON.parse(await exported('stix')))).toEqual([]);
    expect(ocsfFaults(read('dossier', 'ocsf.json'))).toEqual([]);
    expect(stixFaults(read('dossier', 'stix.json'))).toEqual([]);
  });

  it('gives the findings as they stand in the folder, and the members as a table', async () => {
    const told = readFileSync(tmp.at('out', 'findings.ndjson'), 'utf8');
    expect(await exported('json')).toBe(told);
    expect((await exported('csv')).split('\r\n')).toHaveLength(accounts.length + 2);
  });
});

describe('an export under a shared key', () => {
  const config = (settings: object) => tmp.file('shared.json', JSON.stringify(settings));
  const shared = (group: string, settings: object = { sharedKeys: { vendors: { key: '2026-1' } } }) =>
    exported('stix', { sharedKey: group, config: config(settings) });

  it('tells what links the certain accounts and nobody else, and no account', async () => {
    const text = await shared('vendors');
    const bundle = JSON.parse(text) as { type: string; id: string; objects: Record<string, unknown>[] };
    expect(stixFaults(bundle)).toEqual([]);
    const told = bundle.objects.filter(({ type }) => type === 'stillwatch-fingerprint');
    expect(told.length).toBeGreaterThan(0);
    for (const account of accounts) expect(text).not.toContain(account);
    const { held } = await subjectOf(finding.id, at);
    const certain = new Set(held.filter(({ confidence }) => confidence === 'certain').map(({ account }) => account));
    for (const { value, accounts: number } of told) {
      const holders = new Set(
        records.flatMap((record) =>
          record.type !== 'release' && JSON.stringify(record).includes(`"${value}"`) ? [record.account] : [],
        ),
      );
      expect([...holders].filter((account) => certain.has(account))).toHaveLength(number as number);
      const strangers = [...holders].filter((account) => !accounts.includes(account));
      expect(strangers.length).toBeLessThanOrEqual(0.1 * holders.size);
    }
  });

  it('leaves out what was named by the key before', async () => {
    const said = vi.spyOn(console, 'error').mockImplementation(() => {});
    const told = await shared('vendors', { sharedKeys: { vendors: { key: '2026-1', since: '2027-01-01T00:00:00Z' } } });
    expect(told).not.toContain('stillwatch-fingerprint');
    expect(said.mock.calls).toEqual([[expect.stringMatching(/^no value links certain accounts of .*: none is told$/)]]);
    said.mockRestore();
  });

  it('is refused for a group that is not declared, and beside another format', async () => {
    await expect(shared('rivals')).rejects.toThrow(
      /^--shared-key rivals: no such group; sharedKeys in the settings declares vendors$/,
    );
    await expect(shared('vendors', {})).rejects.toThrow(/declares none$/);
    await expect(exported('json', { sharedKey: 'vendors' })).rejects.toThrow(/--shared-key goes with --as stix alone$/);
  });
});

describe('show --reveal', () => {
  it('says who a number is, once the asking is in the log', async () => {
    await make('handed-out', { edition: 'external' });
    const { accounts: numbers } = read<{ accounts: Record<string, string> }>('handed-out.mapping.json');
    printed.length = 0;
    try {
      await revealCommand(finding.id, { at, reveal: 'A-00003', reason: 'counsel asks', by: 'mara' });
      expect(printed).toEqual([numbers['A-00003']]);
      const [entry] = readFileSync(tmp.at('out', 'cases.ndjson'), 'utf8').trim().split('\n');
      expect(JSON.parse(entry!)).toMatchObject({ action: 'note', finding: finding.id, by: 'mara' });
      expect(entry).toContain('revealed A-00003');
      expect(entry).toContain('counsel asks');
      expect(entry).not.toContain(numbers['A-00003']);
    } finally {
      rmSync(tmp.at('out', 'cases.ndjson'), { force: true });
    }
  });

  it('says nothing, and logs nothing, without a reason or of a number that is not there', async () => {
    printed.length = 0;
    const asks = [{ reason: ' ' }, { reveal: 'A-99999', reason: 'why' }, { reason: 'why', mapping: tmp.at('none') }];
    for (const ask of asks)
      await expect(revealCommand(finding.id, { at, reveal: 'A-00001', ...ask })).rejects.toThrow(InputError);
    expect(printed).toEqual([]);
    expect(existsSync(tmp.at('out', 'cases.ndjson'))).toBe(false);
  });
});

/**
 * A finding with its proof, `stillwatch.dossier/1`: all that the page and the tables are made of. Built from what was
 * told and from the records counted again; nothing in it depends on the clock.
 */
import type { Confidence, EvidenceGroup, Finding, Member } from '../findings/finding.ts';
import { targeted } from '../findings/lifecycle.ts';
import type { ListPrices } from '../findings/list-price.ts';
import type { BenignCheck, DataGap, Transition } from '../findings/transition.ts';
import { allChecks } from '../messages/benign-lines.ts';
import { DETECTION_FLOOR } from '../messages/detection-floor.ts';
import { floorWords } from '../messages/floor.ts';
import { BOND_GROUPS, type Bonds } from './bonds.ts';
import { UNLABELLED } from './exchange-row.ts';
import type { AccountCount, DayCount, ExchangeTally } from './exchange-tally.ts';
import type { KnownAccounts } from './known-accounts.ts';
import { type LeakEstimate, leakEstimate, type Repeats } from './leak.ts';
import { type EvidenceRow, evidenceRows } from './method.ts';
import { four, type PopulationTasks, type RecountRow, recountRows } from './recount.ts';
import type { ThrottlePreview } from './throttle.ts';
import { type CaseLine, type MessageLine, type TimelineEntry, timelineOf } from './timeline.ts';

export const DOSSIER_SCHEMA = 'stillwatch.dossier/1';

export type Edition = 'internal' | 'external';

export interface DossierMember {
  account: string;
  org?: string;
  confidence: Confidence | 'released';
  /** Sweep that first held it, its first exchange that belongs, and the sweep that let it go. RFC 3339. */
  claimed: string;
  since: string;
  until?: string;
  /** That belong to the finding; of a released one, those from `since` until it was let go. */
  exchanges: number;
  outputTokens: number;
  /** Of the finding's evidence: what ties it to another member, by the records. None for one that was let go. */
  groups: EvidenceGroup[];
}

export interface DossierCapability {
  task: string;
  exchanges: number;
  /** Share of all exchanges, those without a task among them, 0 to 1. */
  share: number;
  /** Over the population's share; null where the finding states none. */
  lift: number | null;
  targeted: boolean;
  /** Certain members only. */
  low: { exchanges: number; share: number };
}

export interface Dossier {
  schema: typeof DOSSIER_SCHEMA;
  edition: Edition;
  deployment: string;
  build: { version: string; config: string };
  /** The contract's object, as it was told. */
  finding: Finding;
  severityWhy: string[];
  figures: RecountRow[];
  ranges: {
    accounts: [number, number];
    exchanges: [number, number];
    outputTokens: [number, number];
    windowOfCertain: { from: string; to: string };
  };
  /** SHA-256 of the sorted lines `account TAB id`, each ended by a line feed, of all exchanges of the finding. */
  exchangeList: string;
  timeline: TimelineEntry[];
  days: (DayCount & { banned: number })[];
  members: DossierMember[];
  evidence: EvidenceRow[];
  method: {
    candidates: number;
    coverage: number;
    gaps: DataGap[];
    dataTo: string;
    /** Lines of the sources read here that were no record. */
    rejected: number;
    /** While the finding grew, as the place counted them: records set aside, and of them those older than the memory. */
    quarantined: number | null;
    late: number | null;
    floor: string;
  };
  capabilities: DossierCapability[];
  unlabelled: number;
  /** Exchanges per hour of the week, Monday 00:00 UTC first; the population's as its records were read. */
  week: { members: number[]; population: number[] };
  leak: LeakEstimate;
  benign: BenignCheck[];
  throttle: ThrottlePreview;
  releases: { time: string; model: string }[];
}

export interface DossierInput {
  deployment: string;
  build: { version: string; config: string };
  /** Of the finding, in time order; the last is the one that the dossier is of. */
  transitions: readonly Transition[];
  /** Members when it was last told, and everybody else it held before. */
  held: readonly Member[];
  released: readonly Member[];
  bonds: Bonds;
  messages: readonly MessageLine[];
  caseLines: readonly CaseLine[];
  tally: ExchangeTally;
  releasedCounts: ReadonlyMap<string, AccountCount>;
  population: PopulationTasks | undefined;
  populationWeek: number[];
  known: KnownAccounts;
  releases: readonly { time: string; model: string }[];
  repeats: Repeats;
  throttle: ThrottlePreview;
  prices: ListPrices;
  rejected: number;
  quarantined: number | null;
  late: number | null;
}

export function buildDossier(input: DossierInput): Dossier {
  const { tally, transitions } = input;
  const { finding, context } = transitions.at(-1)!;
  const { all, onlyCertain } = tally;
  const days = daysOf(input);
  return {
    schema: DOSSIER_SCHEMA,
    edition: 'internal',
    deployment: input.deployment,
    build: input.build,
    finding,
    severityWhy: context.severityWhy,
    figures: recountRows(finding, tally, input.population),
    ranges: {
      accounts: [finding.accounts.certain, finding.accounts.certain + finding.accounts.probable],
      exchanges: [onlyCertain.exchanges, finding.exchanges],
      outputTokens: [onlyCertain.outputTokens, finding.outputTokens],
      windowOfCertain: { ...onlyCertain.window },
    },
    exchangeList: tally.listDigest(),
    timeline: timelineOf({ ...input, days, firstExchange: all.window.from }),
    days,
    members: membersOf(input),
    evidence: evidenceRows(finding),
    method: {
      candidates: context.candidates,
      coverage: context.data.coverage,
      gaps: context.data.gaps ?? [],
      dataTo: context.data.to,
      rejected: input.rejected,
      quarantined: input.quarantined,
      late: input.late,
      floor: floorWords(DETECTION_FLOOR),
    },
    capabilities: capabilitiesOf(finding, tally),
    unlabelled: all.tasks.get(UNLABELLED) ?? 0,
    week: { members: [...tally.week], population: input.populationWeek },
    leak: leakEstimate(all, onlyCertain, input.repeats, input.prices),
    benign: allChecks(context.benign),
    throttle: input.throttle,
    releases: input.releases.toSorted((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0)),
  };
}

function daysOf({ tally, known, held }: DossierInput): Dossier['days'] {
  const banned = new Map<string, number>();
  for (const { account } of held) {
    const { status, statusAt } = known.of(account);
    if ((status !== 'banned' && status !== 'closed') || statusAt === undefined) continue;
    const day = statusAt.slice(0, 10);
    banned.set(day, (banned.get(day) ?? 0) + 1);
  }
  const days = new Map(tally.daily().map((day) => [day.day, { ...day, banned: 0 }]));
  for (const [day, count] of banned) {
    const row = days.get(day) ?? { day, exchanges: 0, outputTokens: 0, active: 0, joined: 0, banned: 0 };
    days.set(day, { ...row, banned: count });
  }
  return [...days.values()].sort((a, b) => (a.day < b.day ? -1 : 1));
}

const ORDER = { certain: 0, probable: 1, released: 2 } as const;

/** Certain, probable, released; each in order of first exchange. */
function membersOf(input: DossierInput): DossierMember[] {
  const { held, released, tally, releasedCounts, known, bonds } = input;
  const stated = new Set(input.transitions.at(-1)!.finding.evidence.map(({ group }) => group));
  const row = (member: Member, confidence: DossierMember['confidence'], count: AccountCount | undefined) => {
    const { account, claimed, since, until } = member;
    const { org } = known.of(account);
    return {
      account,
      ...(org === undefined ? {} : { org }),
      confidence,
      claimed,
      since,
      ...(until === undefined ? {} : { until }),
      exchanges: count?.exchanges ?? 0,
      outputTokens: count?.outputTokens ?? 0,
      groups:
        confidence === 'released'
          ? []
          : BOND_GROUPS.filter((group) => stated.has(group) && bonds.get(account)?.has(group)),
    };
  };
  const all: DossierMember[] = [
    ...held.map((member) => row(member, member.confidence, tally.accounts.get(member.account))),
    ...released.map((member) => row(member, 'released', releasedCounts.get(member.account))),
  ];
  return all.sort(
    (a, b) => ORDER[a.confidence] - ORDER[b.confidence] || compare(a.since, b.since) || compare(a.account, b.account),
  );
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function capabilitiesOf(finding: Finding, { all, onlyCertain }: ExchangeTally): DossierCapability[] {
  const aimed = new Set(targeted(finding));
  const stated = new Map(finding.capabilities.map((capability) => [capability.task as string, capability]));
  return [...all.tasks]
    .filter(([task]) => task !== UNLABELLED)
    .sort((a, b) => b[1] - a[1] || compare(a[0], b[0]))
    .map(([task, exchanges]) => {
      const low = onlyCertain.tasks.get(task) ?? 0;
      return {
        task,
        exchanges,
        share: four(exchanges / all.exchanges),
        lift: stated.get(task)?.lift ?? null,
        targeted: aimed.has(task),
        low: { exchanges: low, share: onlyCertain.exchanges === 0 ? 0 : four(low / onlyCertain.exchanges) },
      };
    });
}

/** Whether every figure that the finding states was counted again as it was recorded. */
export function isRecounted({ figures }: Pick<Dossier, 'figures'>): boolean {
  return figures.every(({ result }) => result !== 'differs');
}

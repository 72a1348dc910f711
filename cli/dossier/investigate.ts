/** Reads the sources and counts all that is told of one finding. */
import { buildDossier, type Dossier } from '../../core/dossier/dossier.ts';
import type { ExchangeRow } from '../../core/dossier/exchange-row.ts';
import { RecentWork } from '../../core/dossier/recent-work.ts';
import { type ThrottlePlan, throttlePlan } from '../../core/dossier/throttle.ts';
import { targeted } from '../../core/findings/lifecycle.ts';
import { count } from './count.ts';
import { type Gathered, gather } from './gather.ts';
import { buildUnder, caseLines, exceptedAccounts, intakeOf, type SourceChoice, type Subject } from './subject.ts';
import { Ties } from './ties.ts';

export interface Investigation {
  dossier: Dossier;
  throttle: ThrottlePlan;
  gathered: Gathered;
}

export interface Wishes {
  population?: boolean;
  hold?: boolean;
  onRow?: (row: ExchangeRow) => void;
}

/** The caller removes what was gathered. */
export async function investigate(
  subject: Subject,
  sources: SourceChoice,
  wishes: Wishes = {},
): Promise<Investigation> {
  const { held, released, last } = subject;
  const { settings } = sources.config;
  const belonging = { roster: held, at: last.finding.at, retentionDays: settings.retentionDays };
  const aims = new Set(targeted(last.finding));
  const ties = new Ties(held, aims);
  const gathered = await gather({
    inputs: sources.inputs,
    read: sources.read,
    belonging,
    released,
    population: wishes.population ?? false,
    hold: wishes.hold ?? false,
    ties,
  });
  try {
    const certain = new Set(held.filter(({ confidence }) => confidence === 'certain').map(({ account }) => account));
    const work = new RecentWork(certain, aims, last.finding.at);
    const counted = count(gathered, { roster: held, work, ...(wishes.onRow ? { onRow: wishes.onRow } : {}) });
    const throttle = throttlePlan(held, gathered.known, work, exceptedAccounts(subject));
    const messages = (await subject.place.messages(last.finding.id)).map(({ at, message }) => ({
      at,
      title: message.title,
      messageId: message.messageId,
    }));
    const dossier = buildDossier({
      ...counted,
      deployment: settings.deployment,
      build: buildUnder(sources.config),
      transitions: subject.transitions,
      held,
      released,
      bonds: ties.bonds(),
      messages,
      caseLines: caseLines(subject),
      populationWeek: gathered.week,
      known: gathered.known,
      releases: gathered.releases,
      throttle: throttle.preview,
      prices: settings.listPrices,
      rejected: gathered.rejected,
      ...(await intakeOf(subject)),
    });
    return { dossier, throttle, gathered };
  } catch (error) {
    gathered.remove();
    throw error;
  } finally {
    ties.remove();
  }
}

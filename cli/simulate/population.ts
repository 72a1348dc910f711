/** The benign platform: private persons, organisations, and the services they run. */
import { DAY } from './clock.ts';
import type { CrowdPlan } from './crowd.ts';
import { type Habits, isProgram } from './habits.ts';
import { type Keepsakes, PublicTranscripts } from './keepsakes.ts';
import { Organisations } from './organisations.ts';
import { grown, PAST_DAYS, People } from './people.ts';
import type { Person } from './person.ts';
import type { Platform } from './platform.ts';
import { hash, share } from './random.ts';
import type { World } from './spec.ts';
import { employ } from './staff.ts';

/** Share of organisations that open all their accounts in one morning, by single sign-on or a bulk invitation. */
const BULK_ONBOARDING = 0.15;
/** Mean days after its founding at which an organisation opens a seat. */
const GROWTH_DAYS = 80;

export class Population implements CrowdPlan {
  readonly size: number;
  readonly people: People;
  private readonly organisations: Organisations;
  private readonly world: World;
  private readonly platform: Platform;
  readonly limited: boolean;
  readonly keepsakes: Keepsakes | undefined;
  private readonly newShare: number;

  constructor(world: World, platform: Platform) {
    const { accounts, orgShare, orgTail, newShare, growth, pastes, planLimits } = world.benign;
    this.world = world;
    this.platform = platform;
    this.size = accounts;
    this.people = new People(platform, 'benign');
    this.organisations = new Organisations(accounts, orgShare, orgTail, this.people.seed[0]);
    this.newShare = newShare ?? 1 - grown(PAST_DAYS / (world.days + PAST_DAYS), growth, world.days + PAST_DAYS);
    this.limited = planLimits;
    this.keepsakes = pastes > 0 ? new PublicTranscripts(world.seed, pastes, accounts) : undefined;
  }

  habits(i: number): Habits {
    return this.people.habits(i, this.bornAt(i), this.world.benign.intensity);
  }

  person(i: number, habits: Habits): Person {
    const persona = this.people.persona(i);
    const person = this.people.person(i, habits, persona);
    const member = this.organisations.of(i);
    if (!member) return person;
    const declared = share(this.people.seed[1], member.org, 3) >= this.world.benign.orgsUndeclared;
    const employer = { key: hash(this.people.seed[2], member.org), seats: member.size, declared };
    return employ(person, employer, this.platform, this.people.seed, habits.zone, isProgram(persona));
  }

  private bornAt(i: number): number {
    const member = this.organisations.of(i);
    if (!member) return this.arrival(i);
    const founded = this.arrival(i - member.seat);
    const word = this.people.seed[1];
    if (share(word, member.org, 4) < BULK_ONBOARDING) return founded + member.seat * 4000 * share(word, i, 5);
    const wait = -Math.log(1 - share(word, i, 6)) * GROWTH_DAYS * DAY * (member.seat > 0 ? 1 : 0);
    const latest = this.platform.end;
    return founded + wait < latest ? founded + wait : founded + share(word, i, 7) * (latest - founded);
  }

  private arrival(i: number): number {
    const { start, end } = this.platform;
    const isNew = share(this.people.seed[0], i, 8) < this.newShare;
    const { growth } = this.world.benign;
    return this.people.signUpTime(i, isNew ? start : start - PAST_DAYS * DAY, isNew ? end : start, growth);
  }
}

/** Who is behind an account when a conversation begins. */
import { type Allowance, allowanceOf } from './allowance.ts';
import type { CrowdPlan } from './crowd.ts';
import type { Person } from './person.ts';
import type { Random } from './random.ts';
import type { Opened, Speaker } from './speaker.ts';

/** One account on one day. The person behind it is made when first met, and forgotten with the day's last exchange. */
export class Guest implements Speaker {
  private readonly make: () => Person;
  private readonly crowd: CrowdPlan;
  private made: Person | undefined;
  private allowance: Allowance | undefined;

  constructor(make: () => Person, crowd: CrowdPlan) {
    this.make = make;
    this.crowd = crowd;
  }

  person(): Person {
    if (this.made) return this.made;
    this.made = this.make();
    if (this.crowd.limited) this.allowance = allowanceOf(this.made.account.plan);
    return this.made;
  }

  open(random: Random, instant: number): Opened {
    const person = this.person();
    const user = person.behind?.(random, instant) ?? person;
    const holder = user === person ? person : { ...user, account: person.account };
    const brings = this.crowd.keepsakes?.bring();
    return { holder, subject: user.voice.open(random, instant), brings, allowance: this.allowance };
  }
}

/** The account-days that are being folded, by the number of their account, in the order in which they were opened. */
import { AccountDay } from './account-day.ts';

export class OpenDays {
  /** By code: its place in both lists plus 1; 0 where none is open. */
  private places = new Int32Array(1024);
  private readonly codes: number[] = [];
  private readonly days: AccountDay[] = [];

  /** The one of an account, made or taken from `spare` where there is none. */
  of(code: number, spare: AccountDay[]): AccountDay {
    if (code >= this.places.length) this.grow(code);
    const place = this.places[code]!;
    if (place > 0) return this.days[place - 1]!;
    const day = spare.pop() ?? new AccountDay();
    this.codes.push(code);
    this.places[code] = this.days.push(day);
    return day;
  }

  list(): { code: number; delta: AccountDay }[] {
    return this.days.map((delta, i) => ({ code: this.codes[i]!, delta }));
  }

  private grow(code: number): void {
    const held = this.places;
    this.places = new Int32Array(Math.max(code + 1, held.length * 2));
    this.places.set(held);
  }
}

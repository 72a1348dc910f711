/** Where traffic comes from: homes, carriers, offices, clouds and VPNs, with the sharing that each of them brings. */
import type { UsageRecord } from '../../core/records/schema.ts';
import { range, zipf } from './choices.ts';
import { DAY } from './clock.ts';
import { type Minter, minter } from './fingerprint.ts';
import { hash, type Random, seedOf } from './random.ts';

export type Exit = NonNullable<UsageRecord['network']>;

/** Private autonomous system numbers (RFC 6996), so that no invented network names a real one. */
const FIRST_ASN = { residential: 64512, mobile: 64812, corporate: 64842, datacenter: 65142 } as const;
/** Networks per kind; few carriers, many access providers. */
const ASNS = { residential: 300, mobile: 30, corporate: 300, datacenter: 60 } as const;
type Kind = keyof typeof ASNS;

/** A place that hands out addresses. */
export interface Place {
  kind: Kind;
  /** Number of the subnet among those of its kind. */
  subnet: number;
  /** Addresses that its users come out of. */
  addresses: number;
  /** Days that one user keeps one address; 0 draws a new one for every conversation. */
  leaseDays: number;
}

const BY_POPULARITY = {
  residential: zipf(range(ASNS.residential), 1),
  mobile: zipf(range(ASNS.mobile), 1),
  corporate: zipf(range(ASNS.corporate), 1),
  datacenter: zipf(range(ASNS.datacenter), 1),
} as const;

export class NetworkMarket {
  private readonly ip: Minter;
  private readonly subnet: Minter;
  private readonly word: number;
  private readonly homes: number;
  private readonly carriers: number;
  private readonly clouds;
  private readonly vpns = zipf(range(40), 1);

  /** `accounts` sizes the market: neighbours are as frequent in a small world as in a large one. */
  constructor(seed: string, accounts: number) {
    this.ip = minter(seed, 'ip');
    this.subnet = minter(seed, 'subnet');
    this.word = seedOf(`${seed}/asn`)[0];
    this.homes = Math.max(50, Math.round(accounts * 1.5));
    this.carriers = Math.max(6, Math.round(accounts / 2500));
    this.clouds = zipf(range(Math.max(20, Math.round(accounts / 60))), 0.9);
  }

  home(random: Random): Place {
    return { kind: 'residential', subnet: random.int(this.homes), addresses: 250, leaseDays: random.between(2, 40) };
  }

  /** Carrier-grade NAT: hundreds of subscribers behind a few dozen addresses. */
  carrier(random: Random): Place {
    return { kind: 'mobile', subnet: random.int(this.carriers), addresses: 64, leaseDays: 0 };
  }

  /** A range of a cloud provider, shared by whoever rents there. */
  cloud(random: Random, fixed: boolean): Place {
    return { kind: 'datacenter', subnet: this.clouds.pick(random), addresses: 250, leaseDays: fixed ? 400 : 0 };
  }

  vpn(random: Random): Place {
    return { kind: 'datacenter', subnet: 500_000 + this.vpns.pick(random), addresses: 30, leaseDays: 0 };
  }

  /** An exit of an organisation's own; `key` names the organisation. */
  office(key: number, addresses: number): Place {
    return { kind: 'corporate', subnet: key, addresses, leaseDays: 1 };
  }

  /** A subnet that only the holders of `key` use. */
  own(kind: Kind, key: number, addresses: number, leaseDays: number): Place {
    return { kind, subnet: 2_000_000_000 + (key % 2_000_000_000), addresses, leaseDays };
  }

  /** The exit that `who` leaves `place` by at that instant; `turn` varies it where addresses are not kept. */
  exit(place: Place, who: number, instant: number, turn: number): Exit {
    const key = this.key(place);
    const lease = place.leaseDays > 0 ? Math.floor((instant / DAY + (who % 97)) / place.leaseDays) : turn;
    return {
      ip: this.ip(key, hash(who, lease, key) % place.addresses),
      subnet: this.subnet(key),
      asn: FIRST_ASN[place.kind] + BY_POPULARITY[place.kind].at(hash(this.word, key) / 4294967296),
      kind: place.kind,
    };
  }

  private key(place: Place): number {
    return hash(FIRST_ASN[place.kind], place.subnet);
  }
}

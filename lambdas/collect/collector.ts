/** What every collector does with a batch: read it, make it durable, set aside what could not be read. */
import { type BodyPlace, bodiesElsewhere, withBody } from '../../core/sources/bedrock-bodies.ts';
import type { Format } from '../../core/sources/detect.ts';
import type { SourceSettings } from '../../core/sources/settings.ts';
import { type SourceContext, sourceContext } from '../../core/sources/source.ts';
import type { BridgedNames, Naming } from '../adapters/bridged-names.ts';
import { settleAll } from '../concurrency.ts';
import type { Telemetry } from '../telemetry.ts';
import type { Delivery } from './delivery.ts';
import type { Piece } from './piece.ts';
import type { UnreadStore } from './quarantine.ts';
import { type Reading, read } from './read.ts';

export interface CollectorHost {
  /** Names the collector in the quarantine, as `bedrock-objects`. */
  source: string;
  format: Format;
  /** The fingerprints that records are kept under, through rotations of the key. */
  names: Pick<BridgedNames, 'begin'>;
  attribution: SourceSettings;
  deliver: Delivery;
  quarantine: UnreadStore;
  told: Telemetry;
  now(): number;
  /** A body that a log keeps elsewhere, parsed; undefined where there is none to be had. Throws where it may be later. */
  body?: (place: BodyPlace) => Promise<unknown>;
}

/** Bodies in memory at one time, each of up to `MAX_BODY_BYTES`. */
const BODIES_AT_ONCE = 2;

export class Collector {
  private readonly host: CollectorHost;
  /** Organisations told of under the names of an epoch. */
  private told: { epoch: string; orgs: SourceContext['toldOrgs'] } | undefined;

  constructor(host: CollectorHost) {
    this.host = host;
  }

  /**
   * When it returns, every record is durable and everything else is set aside. When it throws, the batch must be
   * delivered again; what was durable already counts once, by its id.
   */
  async take(pieces: readonly Piece[]): Promise<Reading> {
    if (pieces.length === 0) return { records: [], unread: [], skipped: 0 };
    const { source, deliver, names, quarantine, told, now } = this.host;
    const naming = await names.begin();
    let reading: Reading;
    try {
      const made = await this.read(pieces, this.context(naming));
      reading = { ...made, records: await naming.finish(made.records) };
      if (reading.records.length > 0) await deliver(reading.records, positionOf(source, pieces));
    } catch (error) {
      // Organisations told in this batch may be lost with it, and must be told again.
      this.told = undefined;
      throw error;
    }
    told.count('RecordsCollected', reading.records.length);
    told.count('RecordsQuarantined', reading.unread.length);
    await quarantine.put(source, reading.unread, now());
    return reading;
  }

  private context({ epoch, fingerprinter }: Naming): SourceContext {
    if (this.told?.epoch !== epoch) this.told = { epoch, orgs: new Map() };
    return { ...sourceContext(fingerprinter, this.host.attribution), toldOrgs: this.told.orgs };
  }

  /** Bodies that lie elsewhere are read a few at a time and dropped at once: a batch may have 500 of them. */
  private async read(pieces: readonly Piece[], context: SourceContext): Promise<Reading> {
    const { body, format } = this.host;
    if (body === undefined) return read(pieces, context, format);
    const outcomes = await settleAll(pieces, BODIES_AT_ONCE, async (piece) =>
      read([await this.whole(piece, body)], context, format),
    );
    const readings = outcomes.map((outcome) => {
      if (outcome.status === 'rejected') throw outcome.reason;
      return outcome.value;
    });
    return {
      records: readings.flatMap(({ records }) => records),
      unread: readings.flatMap(({ unread }) => unread),
      skipped: readings.reduce((sum, { skipped }) => sum + skipped, 0),
    };
  }

  private async whole(piece: Piece, body: NonNullable<CollectorHost['body']>): Promise<Piece> {
    let { value } = piece;
    for (const place of bodiesElsewhere(value)) {
      const found = await body(place);
      if (found === undefined) this.host.told.count('BodiesMissing', 1);
      else value = withBody(value, place.side, found);
    }
    return { ...piece, value };
  }
}

function positionOf(source: string, pieces: readonly Piece[]): string {
  return [source, pieces[0]!.position, pieces.at(-1)!.position, pieces.length].join('\n');
}

/** A segment as Parquet: what loading leaves for detection, with columns for whoever asks what a sweep saw. */
import { type BytesAt, FlatFile, writeFlatFile } from '../parquet/flat-file.ts';
import { exchangesOf } from './account-day.ts';
import { factText } from './account-facts.ts';
import { packProfile } from './account-profile.ts';
import type { PopulationDay } from './population.ts';
import { PackedProfiles, profileAt, type Segment } from './segment.ts';

const LAYOUT = '5';

export function writeSegmentFile({ profiles, population }: Segment): Uint8Array {
  const all = Array.from({ length: profiles.length }, (_, i) => profileAt(profiles, i));
  return writeFlatFile(
    [
      { name: 'account', kind: 'text', data: all.map(({ account }) => account) },
      { name: 'org', kind: 'text', data: all.map(({ facts }) => factText(facts, 'org') ?? '') },
      { name: 'days', kind: 'count', data: all.map(({ series }) => series.length) },
      { name: 'exchanges', kind: 'count', data: all.map(({ total }) => exchangesOf(total)) },
      { name: 'profile', kind: 'bytes', data: all.map(packProfile) },
    ],
    { layout: LAYOUT, population: JSON.stringify(population) },
  );
}

/** @throws RangeError for a file of another version, FlatFileError for one that is damaged */
export function readSegmentFile<Bytes extends BytesAt>(bytes: Bytes): Segment & { profiles: PackedProfiles<Bytes> } {
  const file = new FlatFile(bytes);
  const layout = file.note('layout');
  if (layout !== LAYOUT) throw new RangeError(`segment of layout ${layout}; this version reads ${LAYOUT}`);
  const { starts, ends } = file.spans('profile');
  return {
    profiles: new PackedProfiles(bytes, starts, ends),
    population: JSON.parse(file.note('population')) as PopulationDay[],
  };
}

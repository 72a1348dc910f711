/** `docs/detectors.md`: the catalogue of detectors, from their own metadata. */
import type { DetectorMeta } from '../../core/detectors/detector.ts';
import { DETECTORS } from '../../core/detectors/index.ts';

export function detectorsPage(): string {
  return `# Detectors

What each detector sees, what it compares with, and where it is blind. A finding needs evidence from at least three
groups; see [how it decides](detection.md).

| detector | groups | threat |
| --- | --- | --- |
${DETECTORS.map(({ slug, title, groups, threat }) => `| [${title}](#${slug}) | ${groups.join(', ')} | ${threat} |`).join('\n')}

${DETECTORS.map(section).join('\n')}`;
}

function section(meta: DetectorMeta): string {
  return `## ${meta.slug}

**${meta.title}** (${meta.groups.join(', ')}). ${meta.threat}

- **Reads** ${meta.inputs.map((input) => `\`${input}\``).join(', ')}
- **Statistic** ${meta.statistic}
- **Null** ${meta.nullModel}
- **Blind spot** ${meta.blindSpot}
- **Look-alike** ${meta.lookAlike}
- **Weight** ${meta.weight} of its group's mean e-value, at most ${meta.capNats} nats

| parameter | value | unit | source |
| --- | --- | --- | --- |
${meta.parameters.map(({ name, value, unit, source }) => `| ${name} | ${value} | ${unit} | ${source} |`).join('\n')}
`;
}

// What later rooms know that whoever comes on call should: incidents, silences, changes.
import { formatMatcher } from '../../modules/alerts/core/index.ts'
import { listCurrentSilences } from '../../modules/alerts/index.ts'
import { listChangeRows } from '../../modules/changes/index.ts'
import { listIncidentRows } from '../../modules/incidents/index.ts'
import type { HandOverFact, OncallPorts } from '../../modules/oncall/index.ts'
import type { Needs } from '../../platform/room/needs.ts'

const shown = 20

/** A note goes from hand to hand: restricted incidents are not in it. */
const everybody = { all: false, names: [] } as const

export function handOverFactsOf({ publicUrl }: Pick<Needs, 'publicUrl'>): NonNullable<OncallPorts['handOverFacts']> {
  return async (queries, { services, from, to }) => {
    const open = {
      reader: everybody,
      status: 'open',
      service: null,
      severity: null,
      search: null,
      from: null,
      to: null,
    } as const
    const incidents = await listIncidentRows(queries, open, null, shown)
    const silences = (await listCurrentSilences(queries, shown)).filter(
      (each) => each.startsAt <= to && each.endsAt > to,
    )
    const changes = services.length === 0 ? [] : await listChangeRows(queries, { services, from, to }, null, shown)
    return [
      ...incidents.map(
        (each): HandOverFact => ({
          heading: 'Open incidents',
          sentence: `#${each.number} ${each.title} (${each.severity}, ${each.status})`,
          link: `${publicUrl}/incidents/${each.id}`,
        }),
      ),
      ...silences.map(
        (each): HandOverFact => ({
          heading: 'Silences',
          sentence: `${each.createdBy}: ${each.reason} (${each.sets.map((set) => set.map(formatMatcher).join(', ')).join(' or ')})`,
          link: `${publicUrl}/silences`,
        }),
      ),
      ...changes.map(
        (each): HandOverFact => ({
          heading: 'Changes of the services that paged',
          sentence: `${each.service}: ${each.summary}`,
          link: each.link,
        }),
      ),
    ]
  }
}

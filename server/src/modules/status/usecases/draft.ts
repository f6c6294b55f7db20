// What an incident would say on a page: the communications lead reads, changes and publishes it.
import type { Queries } from '../../../platform/database/queries.ts'
import { type ComponentState, type Impacts, keyOf, type PostState } from '../core/index.ts'
import { findPostOfIncident } from '../status.store.ts'
import { needShown } from './find-page.ts'
import { needIncident } from './publish.ts'

export interface Draft {
  readonly title: string
  readonly state: PostState
  readonly body: string
  readonly impacts: Impacts
  /** What was published of this incident on the page already. */
  readonly published: string | null
}

export async function draftPost(queries: Queries, key: string, incidentId: string): Promise<Draft> {
  const page = await needShown(queries, key)
  const incident = await needIncident(queries, incidentId)
  const touched = page.components.filter((each) => each.services.some((name) => incident.services.includes(name)))
  // SEV1 and SEV2 are outages for customers; who publishes decides.
  const impact: ComponentState =
    incident.severity === 'SEV1' || incident.severity === 'SEV2' ? 'partial_outage' : 'degraded_performance'
  const state: PostState =
    incident.resolvedAt !== null ? 'resolved' : incident.mitigatedAt !== null ? 'monitoring' : 'investigating'
  const named = touched.map((each) => each.title).join(', ')
  const problem = named === '' ? 'a problem' : `a problem with ${named}`
  const bodies = {
    investigating: `We are looking into ${problem}.`,
    monitoring: `We have stopped ${problem} and are watching whether it stays that way.`,
    resolved: `The ${problem.slice(2)} is over.`,
  }
  // A statement of impact may name who else is hurt: what one customer is told takes nothing of it.
  const stated = page.customer === null ? incident.impactStatement : null
  const fallback = page.customer === null ? incident.title : 'Problem'
  return {
    title: stated?.slice(0, 200) ?? (named === '' ? fallback : `Problem with ${named}`),
    state,
    body: bodies[state === 'resolved' || state === 'monitoring' ? state : 'investigating'],
    impacts: state === 'resolved' ? {} : Object.fromEntries(touched.map((each) => [each.name, impact])),
    published: (await findPostOfIncident(queries, keyOf(page), incidentId))?.id ?? null,
  }
}

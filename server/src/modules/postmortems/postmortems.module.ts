import { type Subscription, subscribe, subscribeAll, subscribeTogether } from '../../platform/journal/journal.ts'
import type { Needs } from '../../platform/room/needs.ts'
import type { Room } from '../../platform/room/room.ts'
import { type BoundJob, bindJob } from '../../platform/work/job.ts'
import { alertOpened } from '../alerts/index.ts'
import { findIncident, incidentMoved } from '../incidents/index.ts'
import { objectiveBurning } from '../slo/index.ts'
import { exceptionErrors, exceptionEvents } from './exceptions.contract.ts'
import { postmortemPolicyKind } from './kinds/postmortem-policy.ts'
import * as contract from './postmortems.contract.ts'
import type { PostmortemsPorts } from './postmortems.ports.ts'
import { postmortemsRoutes } from './postmortems.routes.ts'
import { postmortemsKept } from './postmortems-retention.store.ts'
import { publicErrors, publicEvents } from './public.contract.ts'
import { publicRoutes, publicWire } from './public.routes.ts'
import { reviewErrors, reviewEvents } from './review.contract.ts'
import { reviewRoutes } from './review.routes.ts'
import type { LiveDocuments } from './together/live-document.ts'
import { openDocuments } from './together/open-documents.ts'
import { togetherErrors } from './together.contract.ts'
import { togetherRoutes, togetherWire } from './together.routes.ts'
import { noteDrill, noteRecurrences, proveCorrectiveAction } from './usecases/corrective-actions.ts'
import { openByPolicy } from './usecases/open-postmortem.ts'
import { remindOfAction, remindOfPostmortem } from './usecases/remind-late.ts'

export function postmortemsRoom(needs: Needs, ports: PostmortemsPorts): Room {
  const documents = openDocuments()
  let live: LiveDocuments | null = null
  return {
    name: 'postmortems',
    operations: [
      ...postmortemsRoutes(needs, ports, documents, (id) => live?.wake(id)),
      ...togetherRoutes(needs, ports, documents, () => live),
      ...reviewRoutes(needs, ports),
      ...publicRoutes(needs, ports),
    ],
    wireRoutes: (server, door) => {
      togetherWire(needs, ports, (opened) => {
        live = opened
      })(server, door)
      publicWire(needs, ports)(server, door)
    },
    kinds: [postmortemPolicyKind],
    stop: async () => live?.stop(),
    jobs: jobsOf(needs, ports),
    subscriptions: subscriptionsOf(needs, ports),
    events: [...contract.postmortemsEvents, ...reviewEvents, ...publicEvents, ...exceptionEvents],
    errors: [...contract.postmortemsErrors, ...togetherErrors, ...reviewErrors, ...publicErrors, ...exceptionErrors],
    kept: postmortemsKept,
  }
}

function jobsOf(needs: Needs, ports: PostmortemsPorts): readonly BoundJob[] {
  return [
    bindJob(contract.remindPostmortem, ({ postmortemId }) => remindOfPostmortem(needs, ports, postmortemId)),
    bindJob(contract.remindAction, ({ actionId }) => remindOfAction(needs, ports, actionId)),
    bindJob(contract.proveAction, ({ actionId }) => proveCorrectiveAction(needs, ports, actionId)),
  ]
}

function subscriptionsOf(needs: Needs, ports: PostmortemsPorts): readonly Subscription[] {
  return [
    subscribe(incidentMoved.resolved, 'postmortems.open', ({ data }) => openByPolicy(needs, ports, data.incidentId)),
    subscribe(incidentMoved.resolved, 'postmortems.drill', async ({ data }) => {
      const incident = await findIncident(needs.database, data.incidentId)
      if (incident?.kind === 'drill') await noteDrill(needs, incident.services)
    }),
    subscribeAll(objectiveBurning, 'postmortems.recurrence', (events) =>
      noteRecurrences(
        needs,
        events.map(({ data: { objective, displayName, sentence } }) => ({
          signal: { objective },
          because: `${displayName} burns again: ${sentence}`,
        })),
      ),
    ),
    subscribeTogether(
      alertOpened,
      'postmortems.recurrence',
      (events) =>
        noteRecurrences(
          needs,
          events.flatMap(({ data: { service, summary, number } }) =>
            service === null
              ? []
              : [
                  {
                    signal: { service, title: summary },
                    because: `The alert "${summary}" opened again as number ${number}.`,
                  },
                ],
          ),
        ),
      { atOnce: 40 },
    ),
  ]
}

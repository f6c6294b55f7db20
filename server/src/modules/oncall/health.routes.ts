// On-call health: the HTTP edge.
import { type BoundOperation, route } from '../../platform/http/operation.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { readHealth, readTeamHealth } from './health.contract.ts'
import type { OncallPorts } from './oncall.ports.ts'
import { describeHealth, describeTeamHealth } from './usecases/describe-health.ts'

export function healthRoutes(needs: Needs, ports: OncallPorts): readonly BoundOperation[] {
  return [
    route(readHealth, async ({ query, actor }) => describeHealth(needs, ports, await ports.nameOf(actor), query.weeks)),
    route(readTeamHealth, async ({ params, query, actor }) =>
      describeTeamHealth(needs, ports, { team: params.team, me: await ports.nameOf(actor), weeks: query.weeks }),
    ),
  ]
}

import { incidentRoles } from '../../../../server/src/modules/incidents/core/index.ts'
import { openApi } from '../../connection/api.ts'
import { exitCodes, usageError } from '../../exit-codes.ts'
import type { Run } from '../../line/command.ts'
import { tell } from './incidents.ts'
import { oneIncidentId } from './references.ts'

export const assignRole: Run = async (call) => {
  const [reference = '', word = '', person] = call.args
  // `ops` and `comms` is what people say in a call.
  const role = incidentRoles.find(
    (each) => word !== '' && each.startsWith(word.toLowerCase().replace(/^(comm|op)s$/, '$1')),
  )
  if (role === undefined) throw usageError(`There is no role "${word}".`, `Roles: ${incidentRoles.join(', ')}.`)
  const api = await openApi(call)
  const incident = await api.client['incidents.assign-role']({
    params: { id: await oneIncidentId(api, reference) },
    body: {
      role,
      ...(person === undefined ? {} : { person }),
      ...(call.options.has('release') ? { release: true } : {}),
    },
  })
  const held = incident.roles.filter((each) => each.role === role).map((each) => each.person)
  await tell(call, incident, held.length === 0 ? `Nobody is ${role}` : `${role}: ${held.join(', ')}`)
  return exitCodes.ok
}

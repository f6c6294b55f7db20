// Who leads and who helps, from a terminal: taken, handed on, or offered and accepted.
import { type IncidentRole, incidentRoles, roleNamed } from '../../../../server/src/modules/incidents/core/index.ts'
import { openApi } from '../../connection/api.ts'
import { exitCodes, usageError } from '../../exit-codes.ts'
import type { Run } from '../../line/command.ts'
import { tell } from './incidents.ts'
import { oneIncidentId } from './references.ts'

export const assignRole: Run = async (call) => {
  const [reference = '', word = '', person] = call.args
  const role = roleOf(word)
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

function roleOf(word: string): IncidentRole {
  const role = roleNamed(word)
  if (role === null) throw usageError(`There is no role "${word}".`, `Roles: ${incidentRoles.join(', ')}.`)
  return role
}

export const offerRole: Run = async (call) => {
  const [reference = '', word = '', person = ''] = call.args
  const role = roleOf(word)
  const api = await openApi(call)
  const incident = await api.client['incidents.offer-role']({
    params: { id: await oneIncidentId(api, reference) },
    body: { role, person },
  })
  await tell(call, incident, `${person} is asked to be ${role}`)
  return exitCodes.ok
}

const answer =
  (accept: boolean, sentence: (role: IncidentRole) => string): Run =>
  async (call) => {
    const [reference = '', word = ''] = call.args
    const role = roleOf(word)
    const api = await openApi(call)
    const incident = await api.client['incidents.answer-offer']({
      params: { id: await oneIncidentId(api, reference) },
      body: { role, accept },
    })
    await tell(call, incident, sentence(role))
    return exitCodes.ok
  }
export const acceptRole = answer(true, (role) => `You are ${role}`)
export const declineRole = answer(false, (role) => `You are not ${role}`)

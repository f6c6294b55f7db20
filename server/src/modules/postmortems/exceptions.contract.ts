// Exceptions: an incident that needs no postmortem after all.
import { Type } from 'typebox'
import { operation } from '../../platform/http/operation.ts'
import { Id, Text } from '../../platform/http/schemas.ts'
import { defineEvent } from '../../platform/journal/journal.ts'
import { Postmortem, type PostmortemData } from './postmortems.contract.ts'

export const excusePostmortem = operation({
  id: 'postmortems.excuse',
  method: 'POST',
  path: '/api/v1/postmortems/{id}/exception',
  summary: 'It needs no postmortem, and why; or it does after all. Nobody excuses their own',
  params: Type.Object({ id: Id }),
  body: Type.Object({ excused: Type.Boolean(), reason: Text(500) }),
  reply: Postmortem,
  errors: ['postmortems.unknown', 'postmortems.published', 'postmortems.own-exception', 'postmortems.same-exception'],
})
export const postmortemExcused = defineEvent<PostmortemData>({
  type: 'postmortem.excused',
  summary: 'This incident needs no postmortem',
})
export const postmortemDueAgain = defineEvent<PostmortemData>({
  type: 'postmortem.due-again',
  summary: 'This incident needs its postmortem after all',
})
export const exceptionEvents = [postmortemExcused, postmortemDueAgain] as const
export const exceptionErrors = [
  { code: 'postmortems.own-exception', summary: 'Whoever owes a postmortem does not excuse it.' },
  { code: 'postmortems.same-exception', summary: 'It is excused already, or it is not.' },
] as const

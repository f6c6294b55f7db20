// Planned work that is led like an incident: other times, and what becomes of it when it goes wrong.
import { openApi } from '../../connection/api.ts'
import { exitCodes, usageError } from '../../exit-codes.ts'
import type { Run } from '../../line/command.ts'
import { tell } from './incidents.ts'
import { timeAhead } from './plan-said.ts'
import { oneIncidentId } from './references.ts'

export const replan: Run = async (call) => {
  const [reference = ''] = call.args
  const reason = call.options.text('reason')
  const [startsAt, endsAt] = [timeAhead(call, 'starts'), timeAhead(call, 'ends')]
  const example = `mainstay incident replan ${reference} --starts 2026-03-01T03:00:00Z --reason "a launch that night"`
  if (startsAt === null && endsAt === null) throw usageError('To when? Name --starts, --ends or both.', example)
  if (reason === null) throw usageError('Why?', example)
  const api = await openApi(call)
  const incident = await api.client['incidents.replan']({
    params: { id: await oneIncidentId(api, reference) },
    body: { reason, ...(startsAt === null ? {} : { startsAt }), ...(endsAt === null ? {} : { endsAt }) },
  })
  await tell(call, incident, `From ${incident.plan?.startsAt} to ${incident.plan?.endsAt}`)
  return exitCodes.ok
}

export const wentWrong: Run = async (call) => {
  const [reference = ''] = call.args
  const reason = call.options.text('reason')
  const severity = call.options.text('severity')
  const startedAt = call.options.time('started', call.shell.now())
  if (reason === null)
    throw usageError(
      'What went wrong?',
      `mainstay incident went-wrong ${reference} --reason "the new index locks orders"`,
    )
  const api = await openApi(call)
  const incident = await api.client['incidents.went-wrong']({
    params: { id: await oneIncidentId(api, reference) },
    body: { reason, ...(severity === null ? {} : { severity }), ...(startedAt === null ? {} : { startedAt }) },
  })
  await tell(call, incident, `It is a ${incident.severity} now`)
  return exitCodes.ok
}

// The incident room from a terminal: work items, updates, hand-overs, times, merging, export.
import { incidentTimes, itemKinds, updateAudiences } from '../../../../server/src/modules/incidents/core/index.ts'
import { openApi } from '../../connection/api.ts'
import { exitCodes, usageError } from '../../exit-codes.ts'
import type { Run } from '../../line/command.ts'
import { say } from '../../print/output.ts'
import { mostPeople, tell } from './incidents.ts'
import { oneIncidentId } from './references.ts'
import { oneOf, textGiven } from './text-given.ts'
import { tellOrPropose } from './update-approval.ts'

export const addItem: Run = async (call) => {
  const [reference = '', kindWord = '', ...words] = call.args
  const kind = oneOf(itemKinds, kindWord, 'kind of item')
  const text = await textGiven(call, words, 'What?', `mainstay incident add 7 ${kind} "…"`)
  const { options } = call
  const [owner, reason, objective] = [options.text('owner'), options.text('reason'), options.text('verify')]
  const [holdMs, withinMs] = [options.durationMs('hold'), options.durationMs('within')]
  if (objective === null && (holdMs !== null || withinMs !== null))
    throw usageError('--hold and --within go with --verify.', 'Say which objective proves it: --verify OBJECTIVE.')
  const [vendor, number, contact] = [options.text('vendor'), options.text('case'), options.text('contact')]
  if (vendor === null && (number !== null || contact !== null))
    throw usageError('--case and --contact go with --vendor.', 'Say who is asked: --vendor bank.')
  const api = await openApi(call)
  const item = await api.client['incidents.add-item']({
    params: { id: await oneIncidentId(api, reference) },
    body: {
      kind,
      text,
      ...(owner === null ? {} : { owner }),
      ...(reason === null ? {} : { reason }),
      ...(vendor === null
        ? {}
        : {
            vendorCase: {
              vendor,
              ...(number === null ? {} : { caseNumber: number }),
              ...(contact === null ? {} : { contact }),
            },
          }),
      ...(objective === null
        ? {}
        : {
            verify: {
              objective,
              ...(holdMs === null ? {} : { holdMs }),
              ...(withinMs === null ? {} : { withinMs }),
            },
          }),
    },
  })
  say(call, `${item.kind} is ${item.state}: ${item.text}`)
  for (const each of item.vendorCase?.contacts ?? []) say(call, `${each.label}: ${each.value}`)
  if (item.verification !== null) say(call, `Watched on ${item.verification.objective} until it is proven.`)
  return exitCodes.ok
}

export const postUpdate: Run = async (call) => {
  const [reference = '', ...words] = call.args
  const given = call.options.text('customer')
  const audience = oneOf(
    updateAudiences,
    call.options.text('to') ?? (given === null ? 'company' : 'customer'),
    'audience',
  )
  const to = { audience, ...(given === null ? {} : { customer: given }) }
  const api = await openApi(call)
  const params = { id: await oneIncidentId(api, reference) }
  if (call.options.has('draft')) {
    const draft = await api.client['incidents.draft-update']({ params, query: to })
    call.shell.out.write(`${draft.text}\n`)
    return exitCodes.ok
  }
  const text = await textGiven(call, words, 'What is to be told?', 'mainstay incident update 7 --draft')
  return tellOrPropose(call, api.client, { params, body: { ...to, text } })
}

export const correctTime: Run = async (call) => {
  const [reference = '', word = '', when = ''] = call.args
  const time = oneOf(incidentTimes, word, 'time')
  const reason = call.options.text('reason')
  if (reason === null) throw usageError('Why?', 'Say it: --reason "the graph shows it"')
  const at = new Date(when)
  if (Number.isNaN(at.getTime())) throw usageError(`"${when}" is no time.`, 'Write it as 2026-03-01T03:12:00Z.')
  const api = await openApi(call)
  const incident = await api.client['incidents.correct-time']({
    params: { id: await oneIncidentId(api, reference) },
    body: { time, at: at.toISOString(), reason },
  })
  await tell(call, incident, 'Corrected')
  return exitCodes.ok
}

export const mergeIncident: Run = async (call) => {
  const [reference = '', target = ''] = call.args
  const reason = call.options.text('reason')
  if (reason === null) throw usageError('Why?', 'Say it: --reason "one cause"')
  const people = call.options.integer('people', 0, mostPeople)
  const api = await openApi(call)
  const incident = await api.client['incidents.merge']({
    params: { id: await oneIncidentId(api, reference) },
    body: { into: await oneIncidentId(api, target), reason, ...(people === null ? {} : { people }) },
  })
  await tell(call, incident, 'Merged into')
  return exitCodes.ok
}

export const exportIncident: Run = async (call) => {
  const api = await openApi(call)
  const document = await api.client['incidents.export']({
    params: { id: await oneIncidentId(api, call.args[0] ?? '') },
  })
  const json = call.options.text('format') === 'json'
  call.shell.out.write(json ? `${JSON.stringify(document, null, 2)}\n` : document.markdown)
  return exitCodes.ok
}

// What belongs to an incident and who may read it, and what severities mean, from a terminal.
import type { SeverityDefinition } from '../../../../client/src/operations.gen.ts'
import { peopleInWords } from '../../../../server/src/modules/incidents/core/index.ts'
import { openApi } from '../../connection/api.ts'
import { exitCodes, usageError } from '../../exit-codes.ts'
import type { Run } from '../../line/command.ts'
import { inTable, printDetail, printListing, say } from '../../print/output.ts'
import { harmless } from '../../print/text-width.ts'
import { roughly } from '../../print/times.ts'
import { mostPeople, tell } from './incidents.ts'
import { oneAlertId, oneIncidentId } from './references.ts'

const ways = [
  ['parent', 'child-of', 'Is a part of'],
  ['beside', 'related', 'Has to do with'],
  ['none', 'none', 'Is not linked with'],
] as const

export const link: Run = async (call) => {
  const { options } = call
  const alert = options.text('alert')
  const named = ways.filter(([name]) => options.has(name))
  if (named.length + (alert === null ? 0 : 1) !== 1)
    throw usageError('What is linked?', 'Say one of --alert 42, --parent 7, --beside 7, --none 7.')
  const api = await openApi(call)
  const id = await oneIncidentId(api, call.args[0] ?? '')
  if (alert !== null) {
    const body = { alert: await oneAlertId(api, alert) }
    await tell(call, await api.client['incidents.link-alert']({ params: { id }, body }), `Alert ${alert} belongs to`)
    return exitCodes.ok
  }
  const reason = options.text('reason')
  if (reason === null) throw usageError('Why?', 'Say it: --reason "one outage"')
  for (const [name, relation, sentence] of named) {
    const other = options.text(name) ?? ''
    const incident = await api.client['incidents.relate']({
      params: { id },
      body: { other: await oneIncidentId(api, other), relation, reason },
    })
    await tell(call, incident, `${sentence} ${other}`)
  }
  return exitCodes.ok
}

export const restrict: Run = async (call) => {
  const { options } = call
  const readers = options.all('reader')
  const everybody = options.has('everybody')
  if (everybody === readers.length > 0) throw usageError('Who may read it?', 'Say --reader person:ana, or --everybody.')
  const reason = options.text('reason')
  if (reason === null) throw usageError('Why?', 'Say it: --reason "a key has leaked"')
  const api = await openApi(call)
  const incident = await api.client['incidents.restrict']({
    params: { id: await oneIncidentId(api, call.args[0] ?? '') },
    body: { kind: everybody ? 'normal' : 'security', readers: [...readers], reason },
  })
  await tell(call, incident, everybody ? 'Everybody may read it' : `Read only by ${incident.readers.join(', ')}`)
  return exitCodes.ok
}

export const severities: Run = async (call) => {
  const services = [...call.options.all('service')]
  const api = await openApi(call)
  const { severities: rows, declared } = await api.client['incidents.severities']()
  const peopleAffected = call.options.integer('people', 0, mostPeople)
  const body = { services, ...(peopleAffected === null ? {} : { peopleAffected }) }
  const asked = services.length > 0 || peopleAffected !== null
  const proposal = asked ? await api.client['incidents.propose']({ body }) : null
  if (proposal !== null) {
    await printDetail(call, {
      title: `Proposed: ${proposal.severity}`,
      facts: [
        ['Of', services.join(', ')],
        ['People', peopleAffected === null ? null : peopleInWords(peopleAffected)],
      ],
      sections: [{ title: 'Because', lines: proposal.reasons.map((each) => harmless(each)) }],
      name: `severity/${proposal.severity}`,
      document: proposal,
    })
    return exitCodes.ok
  }
  await printListing<SeverityDefinition>(call, {
    rows,
    columns: [
      { header: 'SEVERITY', of: (row) => row.severity },
      { header: 'UPDATES', of: (row) => (row.updateEveryMs === null ? '' : `every ${roughly(row.updateEveryMs)}`) },
      { header: 'POSTMORTEM', of: (row) => (row.postmortem ? 'yes' : 'no') },
      {
        header: 'PEOPLE',
        of: (row) => (row.peopleAffected === null ? '' : `from ${row.peopleAffected}`),
        align: 'right',
      },
      { header: 'MEANING', of: (row) => row.meaning, elastic: true },
    ],
    nameOf: (row) => `severity/${row.severity}`,
    none: 'No severities.',
  })
  if (inTable(call) && !declared) say(call, 'Built in; declare an IncidentPolicy to say what they mean here.')
  return exitCodes.ok
}

import type { Incident, IncidentSummary } from '../../../../client/src/operations.gen.ts'
import { fewNames } from '../../../../server/src/kernel/few-names.ts'
import { severities } from '../../../../server/src/kernel/severity.ts'
import { incidentKinds, incidentPhases, peopleInWords } from '../../../../server/src/modules/incidents/core/index.ts'
import { openApi, readPages } from '../../connection/api.ts'
import { exitCodes, usageError } from '../../exit-codes.ts'
import type { Call, Run } from '../../line/command.ts'
import { inTable, printDetail, printListing, say } from '../../print/output.ts'
import { stateCell } from '../../print/table.ts'
import { harmless } from '../../print/text-width.ts'
import { ago, exact, exactAndAgo, roughly } from '../../print/times.ts'
import { calledNames } from './called.ts'
import { planSaid } from './plan-said.ts'
import { alertIds, oneIncidentId } from './references.ts'

/** `get incidents` lists, `get incident 7` shows. */
export const getIncidents: Run = (call) => (call.args.length === 0 ? listIncidents(call) : showIncident(call))

const statuses = ['open', 'over', ...incidentPhases] as const

function statusAsked(word: string | null, all: boolean): { readonly status?: (typeof statuses)[number] } {
  const status = statuses.find((each) => each === word) ?? (all ? undefined : 'open')
  return status === undefined ? {} : { status }
}

/** More than there are. */
export const mostPeople = 100_000_000_000

export const listIncidents: Run = async (call) => {
  const { options, shell } = call
  const service = options.text('service')
  const severity = severities.find((each) => each === options.text('severity'))
  const kind = incidentKinds.find((each) => each === options.text('kind'))
  const api = await openApi(call)
  const { items, more } = await readPages(
    (page) =>
      api.client['incidents.list']({
        query: {
          ...page,
          ...statusAsked(options.text('status'), options.has('all')),
          ...(severity === undefined ? {} : { severity }),
          ...(kind === undefined ? {} : { kind }),
          ...(service === null ? {} : { service }),
        },
      }),
    options.integer('limit', 1, 100_000) ?? 100,
  )
  await printListing<IncidentSummary>(call, {
    rows: items,
    more,
    columns: [
      { header: 'NUMBER', of: (row) => String(row.number), align: 'right' },
      { header: 'SEVERITY', of: (row) => stateCell(row.severity) },
      { header: 'STATE', of: (row) => stateCell(row.status) },
      { header: 'SERVICES', of: (row) => fewNames(row.services, 5), elastic: true },
      { header: 'DECLARED', of: (row) => ago(row.declaredAt, shell.now()) },
      { header: 'TITLE', of: (row) => row.title, elastic: true },
      { header: 'BY', of: (row) => row.declaredBy, wide: true },
      { header: 'ID', of: (row) => row.id, wide: true },
    ],
    nameOf: (row) => `incident/${row.number}`,
    none: options.has('all') ? 'No incidents.' : 'No open incidents.',
  })
  return exitCodes.ok
}

const mostServices = 12
/** One rule may fail in a thousand services: they would hide everything else on the screen. */
export function servicesText(services: readonly string[]): string {
  const told = fewNames(services, mostServices)
  return services.length > mostServices + 1 ? `${told} (all of them: -o json)` : told
}

export const showIncident: Run = async (call) => {
  const { shell } = call
  const api = await openApi(call)
  const id = await oneIncidentId(api, call.args[0] ?? '')
  const incident = await api.client['incidents.read']({ params: { id } })
  const people = inTable(call)
  const called = await calledNames(
    api,
    people
      ? [
          incident.declaredBy,
          ...incident.roles.map((each) => each.person),
          ...incident.offers.flatMap((each) => [each.person, each.offeredBy]),
        ]
      : [],
  )
  const timeline = people ? (await api.client['incidents.timeline']({ params: { id } })).items : []
  const when = (time: string | null) => (time === null ? null : exactAndAgo(time, shell.zone, shell.now()))
  await printDetail(call, {
    title: `Incident ${incident.number} · ${incident.title}`,
    facts: [
      ['Severity', `${stateCell(incident.severity).text}, ${incident.severityReason}`],
      ['State', stateCell(incident.status).text],
      ['Services', servicesText(incident.services)],
      ['Roles', incident.roles.map((each) => `${each.role}: ${called(each.person)}`).join(', ')],
      [
        'Vacant',
        incident.vacancies
          .filter((each) => each.endedAt === null)
          .map(
            (each) => `${each.role}, ${each.rota === null ? each.because : `paged ${each.rota} ${when(each.pagedAt)}`}`,
          )
          .join(', '),
      ],
      [
        'Offered',
        incident.offers.map((each) => `${each.role} to ${called(each.person)} by ${called(each.offeredBy)}`).join(', '),
      ],
      ['Call', incident.callUrl],
      ['Impact', impactText(incident)],
      ['Planned', incident.plan === null ? null : `${when(incident.plan.startsAt)} to ${when(incident.plan.endsAt)}`],
      ['Declared', `${when(incident.declaredAt)} by ${incident.automatic ? 'itself' : called(incident.declaredBy)}`],
      ['Mitigated', when(incident.mitigatedAt)],
      ['Resolved', when(incident.resolvedAt)],
      ['Measures', measuresText(incident)],
      ['Can go to', incident.next.join(', ')],
      ['Id', incident.id],
    ],
    sections: [
      {
        title: 'Alerts',
        lines: incident.alerts.map((each) =>
          harmless(`${each.number}  ${stateCell(each.status).text}  ${each.service ?? ''}  ${each.title}`),
        ),
      },
      {
        title: 'Timeline',
        lines: timeline.map((each) => harmless(`${exact(each.at, shell.zone)}  ${each.sentence}`)),
      },
    ],
    name: `incident/${incident.number}`,
    document: incident,
  })
  return exitCodes.ok
}

function impactText({ impact }: Incident): string {
  const minutes = impact.minutes === null ? null : Math.round(impact.minutes)
  return [
    minutes === null
      ? 'unknown for how long'
      : `${minutes} ${minutes === 1 ? 'minute' : 'minutes'}${impact.ongoing ? ' and counting' : ''}`,
    ...(impact.people === null ? [] : [peopleInWords(impact.people)]),
    ...impact.regions,
    ...impact.customers,
  ].join(', ')
}

function measuresText({ measures }: Incident): string {
  const of = (name: string, each: Incident['measures']['timeToDetect']) =>
    each.kind === 'known' && each.ms !== null ? [`${name} ${roughly(each.ms)}`] : []
  return [
    ...of('detected', measures.timeToDetect),
    ...of('acknowledged', measures.timeToAcknowledge),
    ...of('mitigated', measures.timeToMitigate),
    ...of('resolved', measures.timeToResolve),
    ...of('first update', measures.timeToFirstUpdate),
  ].join(', ')
}

export const declare: Run = async (call) => {
  const { options } = call
  const api = await openApi(call)
  const severity = options.text('severity')
  const note = options.text('note')
  const services = options.all('service')
  const alerts = options.all('alert')
  const peopleAffected = options.integer('people', 0, mostPeople)
  const startedAt = options.time('started', call.shell.now())
  const resolvedAt = options.time('ended', call.shell.now())
  const kind = incidentKinds.find((each) => each === options.text('kind'))
  const readers = options.all('reader')
  const incident = await api.client['incidents.declare']({
    body: {
      title: call.args.join(' '),
      ...(severity === null ? {} : { severity }),
      ...(services.length === 0 ? {} : { services }),
      ...(alerts.length === 0 ? {} : { alerts: await alertIds(api, alerts) }),
      ...(startedAt === null ? {} : { startedAt }),
      ...(peopleAffected === null ? {} : { peopleAffected }),
      ...(note === null ? {} : { note }),
      ...(kind === undefined ? {} : { kind }),
      ...(readers.length === 0 ? {} : { readers }),
      ...(resolvedAt === null ? {} : { resolvedAt: resolvedAt }),
      ...planSaid(call),
    },
  })
  if (incident.plan !== null) {
    const { startsAt, endsAt } = incident.plan
    await tell(call, incident, `Planned from ${exact(startsAt, call.shell.zone)} to ${exact(endsAt, call.shell.zone)}`)
    return exitCodes.ok
  }
  await tell(call, incident, `Declared ${incident.severity} (${incident.severityReason.replace(/\.$/, '')})`)
  return exitCodes.ok
}

export const note: Run = async (call) => {
  const [reference = '', ...words] = call.args
  const text =
    words.length > 0 ? words.join(' ') : call.shell.input.terminal ? '' : (await call.shell.input.readAll()).trim()
  if (text === '')
    throw usageError('What happened?', 'Write it: mainstay incident note 7 "Rolled back checkout to 1.4.2"')
  const api = await openApi(call)
  await api.client['incidents.note']({ params: { id: await oneIncidentId(api, reference) }, body: { text } })
  say(call, 'Written into the timeline.')
  return exitCodes.ok
}

type Phase = Incident['status']

const moveTo =
  (to: Phase, word: string): Run =>
  async (call) => {
    const api = await openApi(call)
    const id = await oneIncidentId(api, call.args[0] ?? '')
    const text = call.options.text('note')
    const incident = await api.client['incidents.transition']({
      params: { id },
      body: { to, ...(text === null ? {} : { note: text }) },
    })
    await tell(call, incident, word)
    return exitCodes.ok
  }

export const activate = moveTo('active', 'Active')
export const mitigate = moveTo('mitigated', 'Mitigated')
export const resolve = moveTo('resolved', 'Resolved')

export const nameCall: Run = async (call) => {
  const [reference = '', url] = call.args
  const over = call.options.has('over')
  if (over === (url !== undefined))
    throw usageError('Where do people talk?', 'Write its address, or --over: mainstay incident call 7 https://…')
  const api = await openApi(call)
  const id = await oneIncidentId(api, reference)
  const incident = await api.client['incidents.update']({ params: { id }, body: { callUrl: url ?? null } })
  await tell(call, incident, over ? 'The call is over' : 'People talk there')
  return exitCodes.ok
}

export const changeSeverity: Run = async (call) => {
  const [reference = '', severity = ''] = call.args
  const reason = call.options.text('reason')
  if (reason === null) throw usageError('Why?', 'Say it: --reason "every checkout fails"')
  const api = await openApi(call)
  const incident = await api.client['incidents.update']({
    params: { id: await oneIncidentId(api, reference) },
    body: { severity, reason },
  })
  await tell(call, incident, `Now ${incident.severity}`)
  return exitCodes.ok
}

/** What happened on stderr; the incident itself on stdout when a format is asked for. */
export async function tell(call: Call, incident: Incident, sentence: string): Promise<void> {
  say(call, `${sentence}: incident ${incident.number}, ${incident.title}`)
  if (call.options.has('output'))
    await printDetail(call, {
      title: `Incident ${incident.number}`,
      facts: [],
      name: `incident/${incident.number}`,
      document: incident,
    })
}

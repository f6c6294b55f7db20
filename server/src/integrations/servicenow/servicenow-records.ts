// Records of ServiceNow as tickets (Table API), incidents unless another table is named.

import type { TicketDraft, TicketState } from '../../modules/tickets/core/index.ts'
import { carriesSecret, hookJson, isStandardSigned } from '../../modules/tickets/hook-proof.ports.ts'
import type { RemoteTicket, Tracker, TrackerOutcome, TrackerSettings } from '../../modules/tickets/tickets.ports.ts'
import {
  type Answered,
  acknowledged,
  bearerOrBasic,
  callTracker,
  fieldsOf,
  readAnswer,
  sureThatGone,
  type TrackerCall,
  textOf,
} from '../../modules/tickets/tracker-http.ports.ts'
import type { Egress } from '../../platform/egress/index.ts'

const title = 'ServiceNow'
const shownFields = 'sys_id,number,short_description,state'
/** The values behind the labels of the table `incident`, whatever language they are shown in. */
const values: Readonly<Record<string, string>> = {
  new: '1',
  'in progress': '2',
  'on hold': '3',
  resolved: '6',
  closed: '7',
  canceled: '8',
}
const categories: Readonly<Record<string, TicketState>> = {
  '1': 'open',
  '2': 'doing',
  '3': 'doing',
  '6': 'done',
  '7': 'done',
  '8': 'dropped',
}
const sysId = /^[0-9a-f]{32}$/

type Call = (
  settings: TrackerSettings,
  method: TrackerCall['method'],
  path: string,
  body?: object,
) => Promise<TrackerOutcome<Answered>>

export function createServicenowRecords(egress: Pick<Egress, 'request'>): Tracker {
  const call: Call = (settings, method, path, body) =>
    callTracker(egress, {
      tracker: 'servicenow',
      title,
      method,
      url: `${settings.url}/api/now/table/${encodeURIComponent(tableOf(settings))}${path}`,
      headers: { authorization: bearerOrBasic(settings) },
      ...(body === undefined ? {} : { body }),
    })
  const both = `sysparm_fields=${shownFields}&sysparm_display_value=all`
  const change = async (
    settings: TrackerSettings,
    ref: string,
    body: object,
    asLabels = false,
  ): Promise<TrackerOutcome> => {
    const id = await idOf(call, settings, ref)
    if (id.kind !== 'done') return id
    const done = await call(
      settings,
      'PATCH',
      `/${id.value}?${both}${asLabels ? '&sysparm_input_display_value=true' : ''}`,
      body,
    )
    return acknowledged(done)
  }
  return {
    name: 'servicenow',
    title,
    speech: {
      names: { open: ['New'], doing: ['In Progress', 'On Hold'], done: ['Resolved', 'Closed'], dropped: ['Canceled'] },
      doing: true,
    },
    prove: async (settings) => {
      const asked = await call(settings, 'GET', '?sysparm_limit=1&sysparm_fields=sys_id')
      if (asked.kind !== 'done') return asked
      const shown = { table: tableOf(settings), group: settings.project === '-' ? 'none' : settings.project }
      return { kind: 'done', value: { shown, flavour: null } }
    },
    create: async (settings, draft) =>
      readAnswer(
        await call(settings, 'POST', `?${both}`, newRecord(settings, draft)),
        (json) => toTicket(settings, resultOf(json)),
        title,
      ),
    findByMark: async (settings, mark) => {
      const found = await call(
        settings,
        'GET',
        `?${both}&sysparm_limit=1&sysparm_query=${encodeURIComponent(`correlation_id=${mark}`)}`,
      )
      if (found.kind !== 'done') return found
      const results = resultOf(found.value.json)
      const first: unknown = Array.isArray(results) ? results[0] : undefined
      return { kind: 'done', value: first === undefined ? null : toTicket(settings, first) }
    },
    read: async (settings, ref) => {
      const id = await idOf(call, settings, ref)
      if (id.kind !== 'done') return id
      const asked = await call(settings, 'GET', `/${id.value}?${both}`)
      const read = readAnswer(asked, (json) => toTicket(settings, resultOf(json)), title)
      return sureThatGone(read, () => call(settings, 'GET', '?sysparm_limit=1&sysparm_fields=sys_id'))
    },
    move: async (settings, ref, { state, names, note }) => {
      const [name = ''] = names
      // Of other tables only their own labels are known.
      const value = isIncident(settings) ? values[name.toLowerCase()] : undefined
      // What closes an incident there must say how.
      const closing =
        isIncident(settings) && state === 'done' ? { close_code: 'Solution provided', close_notes: note } : {}
      return change(settings, ref, { state: value ?? name, work_notes: note, ...closing }, value === undefined)
    },
    comment: (settings, ref, text) => change(settings, ref, { work_notes: text }),
    refOf: (_settings, written) => {
      const text = written.trim()
      return sysId.test(text) ? text : (/^[A-Za-z]{2,10}\d{4,12}$/.exec(text)?.[0].toUpperCase() ?? null)
    },
    readHook: ({ hookSecret }, request) => {
      if (
        hookSecret === null ||
        !(carriesSecret(request, 'x-mainstay-token', hookSecret) || isStandardSigned(request, hookSecret))
      )
        return { kind: 'forged', because: 'The secret is wrong.' }
      const { sys_id: id, number } = fieldsOf(hookJson(request.body))
      return { kind: 'about', ref: textOf(id) || null, key: textOf(number) || null }
    },
  }
}

const tableOf = ({ type }: TrackerSettings): string => type ?? 'incident'
const isIncident = (settings: TrackerSettings): boolean => tableOf(settings) === 'incident'

function newRecord({ project }: TrackerSettings, { title: said, lines, url, mark }: TicketDraft): object {
  return {
    short_description: said,
    description: [...lines, '', url].join('\n'),
    correlation_id: mark,
    correlation_display: 'Mainstay',
    ...(project === '-' ? {} : { assignment_group: project }),
  }
}

/** Somebody linked it by its number. */
async function idOf(call: Call, settings: TrackerSettings, ref: string): Promise<TrackerOutcome<string>> {
  if (sysId.test(ref)) return { kind: 'done', value: ref }
  const found = await call(
    settings,
    'GET',
    `?sysparm_fields=sys_id&sysparm_limit=1&sysparm_query=${encodeURIComponent(`number=${ref}`)}`,
  )
  if (found.kind !== 'done') return found
  const results = resultOf(found.value.json)
  const id = textOf(fieldsOf(Array.isArray(results) ? results[0] : null).sys_id)
  return sysId.test(id)
    ? { kind: 'done', value: id }
    : { kind: 'refused', because: `ServiceNow has no ${ref}.`, gone: true }
}

const resultOf = (json: unknown): unknown => fieldsOf(json).result

function toTicket(settings: TrackerSettings, record: unknown): RemoteTicket | null {
  const field = (name: string) => fieldsOf(fieldsOf(record)[name])
  const ref = textOf(field('sys_id').value)
  const state = field('state')
  if (!sysId.test(ref)) return null
  return {
    ref,
    key: textOf(field('number').value),
    url: `${settings.url}/nav_to.do?uri=${encodeURIComponent(`${tableOf(settings)}.do?sys_id=${ref}`)}`,
    title: textOf(field('short_description').value),
    stateName: textOf(state.display_value) || textOf(state.value),
    category: isIncident(settings) ? (categories[textOf(state.value)] ?? null) : null,
  }
}

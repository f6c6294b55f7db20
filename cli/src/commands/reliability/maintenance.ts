// Planned work: declare it, look at what is planned, and end, extend or cancel one time of it.
import type { MaintenanceOccurrence } from '../../../../client/src/operations.gen.ts'
import { formatDuration, parseDuration } from '../../../../server/src/kernel/duration.ts'
import { parseInstant } from '../../../../server/src/kernel/instant.ts'
import { type Api, notFound, openApi, readPages } from '../../connection/api.ts'
import { exitCodes, usageError } from '../../exit-codes.ts'
import type { Call, Run } from '../../line/command.ts'
import { printDetail, printListing, say } from '../../print/output.ts'
import { harmless } from '../../print/text-width.ts'
import { ago, exact } from '../../print/times.ts'

const dayMs = 86_400_000

async function read(call: Call, api: Api, from: number, days: number, window?: string) {
  const service = call.options.text('service')
  const query = {
    from: new Date(from).toISOString(),
    to: new Date(from + days * dayMs).toISOString(),
    ...(service === null ? {} : { service }),
    ...(window === undefined ? {} : { window }),
  }
  return readPages((page) => api.client['maintenance.list']({ query: { ...page, ...query } }), 1_000)
}

export const listMaintenance: Run = async (call) => {
  const { options, shell } = call
  const api = await openApi(call)
  const from = options.time('from', shell.now())
  const { items, more } = await read(
    call,
    api,
    from === null ? shell.now() : Date.parse(from),
    options.integer('days', 1, 400) ?? 30,
  )
  await printListing<MaintenanceOccurrence>(call, {
    rows: items,
    columns: [
      { header: 'WINDOW', of: (row) => row.window },
      { header: 'STATE', of: (row) => row.state.replace('_', ' ') },
      { header: 'BEGINS', of: (row) => exact(row.startsAt, shell.zone) },
      { header: 'LASTS', of: (row) => formatDuration(Date.parse(row.endsAt) - Date.parse(row.startsAt)) },
      { header: 'SERVICES', of: (row) => row.services.join(', '), elastic: true },
      { header: 'BUDGETS', of: (row) => row.budget, wide: true },
      { header: 'BY', of: (row) => row.declaredBy },
      { header: 'REASON', of: (row) => row.reason, elastic: true },
      { header: 'ID', of: (row) => row.id, wide: true },
    ],
    nameOf: (row) => `maintenance/${row.id}`,
    none: 'No maintenance is planned.',
  })
  if (more) say(call, `There are more than these ${items.length}: a later --from or --service shows them.`)
  return exitCodes.ok
}

/** `2026-03-04 02:00` on the clocks of a zone. */
function wallNow(now: number, zone: string): string {
  const parts = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' },
  })
  return parts.format(new Date(now)).replace('T', ' ').slice(0, 16)
}

function orderOf(call: Call) {
  const { options, shell } = call
  const lasts = options.text('for')
  if (lasts === null || parseDuration(lasts) === null) throw usageError('For how long?', 'Say it: --for 2h')
  const timeZone = options.text('zone') ?? shell.zone
  const repeat = options.text('repeat')
  const dependants = (['hard', 'all'] as const).find((each) => each === options.text('dependants'))
  return {
    services: [...call.args],
    ...(dependants === undefined ? {} : { dependants }),
    start: options.text('start') ?? wallNow(shell.now(), timeZone),
    timeZone,
    lasts,
    ...(repeat === null ? {} : { repeat }),
  }
}

export const declareMaintenance: Run = async (call) => {
  const { options, shell } = call
  const order = orderOf(call)
  const api = await openApi(call)
  const preview = await api.client['maintenance.preview']({ body: order })
  if (options.has('preview')) {
    await printDetail(call, {
      title: `It would cover ${preview.services.length} ${preview.services.length === 1 ? 'service' : 'services'}`,
      facts: [['Services', preview.services.map((each) => harmless(each.name)).join(', ')]],
      sections: [
        {
          title: 'When',
          lines: preview.occurrences.map(
            (each) => `${exact(each.startsAt, shell.zone)}, for ${formatDuration(each.lastsMs)}`,
          ),
        },
        {
          title: 'At the same time',
          lines: preview.overlaps.map((each) => harmless(`${each.window}, ${exact(each.startsAt, shell.zone)}`)),
        },
        { title: 'Think about', lines: preview.warnings.map(harmless) },
      ],
      name: 'maintenance-preview',
      document: preview,
    })
    return exitCodes.ok
  }
  const reason = options.text('reason')
  if (reason === null) throw usageError('Why?', 'Say it: --reason "disks are replaced"')
  const name = options.text('name') ?? nameFor(order.services[0] ?? 'maintenance', order.start)
  const [title, text] = [options.text('announce'), options.text('announce-text')]
  const budget = options.text('budget')
  const team = options.text('team')
  const spec = {
    ...{ ...order, reason },
    ...(budget === null ? {} : { budget }),
    ...(team === null ? {} : { team }),
    ...(title === null ? {} : { announce: { title, text: text ?? title } }),
  }
  const document = { apiVersion: 'mainstay.dev/v1', kind: 'MaintenanceWindow', metadata: { name }, spec }
  const done = await api.client['resources.apply']({ body: { documents: JSON.stringify(document), manager: 'cli' } })
  for (const warning of done.changes.flatMap((change) => change.warnings)) say(call, warning.detail)
  const [next] = preview.occurrences
  say(
    call,
    next === undefined
      ? `Declared ${name}.`
      : `Declared ${name}: from ${exact(next.startsAt, shell.zone)} to ${exact(next.endsAt, shell.zone)}. End it: mainstay maintenance end ${name} --reason done`,
  )
  return exitCodes.ok
}

/** An RFC 1123 label; the same order twice is the same window. */
const nameFor = (service: string, start: string): string =>
  `${service.slice(0, 40)}-${start.replace(/[^0-9]+/g, '-')}`.toLowerCase().replace(/-+$/, '')

/** An occurrence by its id, or by its window: the one under way, else the next. */
async function oneId(call: Call, api: Api, wanted: 'in_progress' | 'scheduled' | 'open'): Promise<string> {
  const [given = ''] = call.args
  if (/^[0-9a-f]{8}-/i.test(given)) return given
  const { items } = await read(call, api, call.shell.now(), 100, given)
  const found = items.find((each) =>
    wanted === 'open' ? each.state === 'in_progress' || each.state === 'scheduled' : each.state === wanted,
  )
  if (found !== undefined) return found.id
  const what = { in_progress: 'is under way', scheduled: 'is planned', open: 'is under way or planned' }[wanted]
  throw notFound(`No maintenance of window ${given} ${what}.`, 'See: mainstay maintenance list')
}

function needReason(call: Call): string {
  const reason = call.options.text('reason')
  if (reason === null) throw usageError('Why?', 'Say it: --reason "done earlier"')
  return reason
}

export const endMaintenance: Run = async (call) => {
  const reason = needReason(call)
  const api = await openApi(call)
  const id = await oneId(call, api, 'in_progress')
  const ended = await api.client['maintenance.end']({ params: { id }, body: { reason } })
  say(call, `Ended ${ended.window}. What still fires is told now.`)
  return exitCodes.ok
}

export const cancelMaintenance: Run = async (call) => {
  const reason = needReason(call)
  const api = await openApi(call)
  const id = await oneId(call, api, 'scheduled')
  const gone = await api.client['maintenance.cancel']({ params: { id }, body: { reason } })
  say(
    call,
    `Cancelled ${gone.window} of ${exact(gone.startsAt, call.shell.zone)} (${ago(gone.startsAt, call.shell.now())}).`,
  )
  return exitCodes.ok
}

export const extendMaintenance: Run = async (call) => {
  const reason = needReason(call)
  const [more, until] = [call.options.durationMs('for'), call.options.text('until')]
  if ((more === null) === (until === null))
    throw usageError('Until when?', 'Say it: --for 1h longer, or --until 2026-…Z')
  if (until !== null && parseInstant(until) === null) throw usageError(`"${until}" is no time.`, 'Write RFC 3339.')
  const api = await openApi(call)
  const id = await oneId(call, api, 'open')
  const { endsAt } = await api.client['maintenance.read']({ params: { id } })
  const end = until ?? new Date(Date.parse(endsAt) + (more ?? 0)).toISOString()
  const longer = await api.client['maintenance.extend']({ params: { id }, body: { until: end, reason } })
  say(call, `${longer.window} lasts until ${exact(longer.endsAt, call.shell.zone)}.`)
  return exitCodes.ok
}

/** Changes and maintenance on one line of time. */
export const showCalendar: Run = async (call) => {
  const { options, shell } = call
  const service = options.text('service')
  const from = options.time('from', shell.now()) ?? new Date(shell.now() - 7 * dayMs).toISOString()
  const to = new Date(Date.parse(from) + (options.integer('days', 1, 400) ?? 35) * dayMs).toISOString()
  const api = await openApi(call)
  const calendar = await api.client['changes.calendar']({
    query: { from, to, ...(service === null ? {} : { service }) },
  })
  await printListing(call, {
    rows: calendar.entries,
    columns: [
      { header: 'WHEN', of: (row) => exact(row.from, shell.zone) },
      { header: 'WHAT', of: (row) => row.kind },
      { header: 'STATE', of: (row) => row.state.replace('_', ' ') },
      { header: 'SERVICES', of: (row) => row.services.join(', '), elastic: true },
      { header: 'TITLE', of: (row) => row.title, elastic: true },
      { header: 'DURING', of: (row) => (row.during.length === 0 ? null : 'maintenance') },
    ],
    nameOf: (row) => `${row.kind}/${row.id}`,
    none: 'Nothing changed, and nothing is planned.',
  })
  return exitCodes.ok
}

import type { Alert, AlertSummary } from '../../../../client/src/operations.gen.ts'
import { formatDuration } from '../../../../server/src/kernel/duration.ts'
import { openApi, readPages } from '../../connection/api.ts'
import { type ExitCode, exitCodes, usageError } from '../../exit-codes.ts'
import type { Call, Run } from '../../line/command.ts'
import { type Detail, printDetail, printListing, say } from '../../print/output.ts'
import { type Column, stateCell } from '../../print/table.ts'
import { harmless } from '../../print/text-width.ts'
import { ago, exact, exactAndAgo } from '../../print/times.ts'
import { type Called, calledNames } from './called.ts'
import { usefulOf } from './quality.ts'
import { alertIds, oneAlertId } from './references.ts'

const statuses = ['open', 'firing', 'acknowledged', 'snoozed', 'resolved'] as const
const severities = ['critical', 'warning', 'info'] as const

/** `get alerts` lists, `get alert 42` shows. */
export const getAlerts: Run = (call) => (call.args.length === 0 ? listAlerts(call) : showAlert(call))

export const listAlerts: Run = async (call) => {
  const { options, shell } = call
  const status = options.has('all') ? undefined : (statuses.find((each) => each === options.text('status')) ?? 'open')
  const severity = severities.find((each) => each === options.text('severity'))
  const text = (name: 'service' | 'team' | 'search') => {
    const value = options.text(name)
    return value === null ? {} : { [name]: value }
  }
  const filter = {
    ...(status === undefined ? {} : { status }),
    ...(severity === undefined ? {} : { severity }),
    ...text('service'),
    ...text('team'),
    ...text('search'),
  }
  const api = await openApi(call)
  const { items, more } = await readPages(
    (page) => api.client['alerts.list']({ query: { ...page, ...filter } }),
    options.integer('limit', 1, 100_000) ?? 100,
  )
  const called = await calledNames(
    api,
    items.map((each) => each.acknowledgedBy),
  )
  await printListing(call, {
    rows: items,
    more,
    columns: alertColumns(shell.now(), called),
    nameOf: (row) => `alert/${row.number}`,
    none: status === 'open' ? 'No open alerts.' : 'No alerts.',
  })
  return exitCodes.ok
}

function alertColumns(now: number, called: Called): readonly Column<AlertSummary>[] {
  return [
    { header: 'NUMBER', of: (row) => String(row.number), align: 'right' },
    { header: 'STATE', of: (row) => stateCell(row.status) },
    { header: 'SEVERITY', of: (row) => stateCell(row.severity) },
    { header: 'SERVICE', of: (row) => row.service },
    { header: 'STARTED', of: (row) => ago(row.startedAt, now) },
    { header: 'COUNT', of: (row) => String(row.count), align: 'right' },
    { header: 'TAKEN BY', of: (row) => (row.acknowledgedBy === null ? null : called(row.acknowledgedBy)) },
    { header: 'TITLE', of: (row) => row.title, elastic: true },
    { header: 'TEAM', of: (row) => row.team, wide: true },
    { header: 'SOURCE', of: (row) => row.source, wide: true },
    { header: 'ID', of: (row) => row.id, wide: true },
  ]
}

export const showAlert: Run = async (call) => {
  const api = await openApi(call)
  const id = await oneAlertId(api, call.args[0] ?? '')
  const alert = await api.client['alerts.read']({ params: { id } })
  const called = await calledNames(api, [alert.acknowledgedBy, ...alert.pages.map((each) => each.person)])
  await printDetail(call, alertDetail(call, alert, called))
  return exitCodes.ok
}

function alertDetail({ shell }: Call, alert: Alert, called: Called): Detail {
  const when = (time: string | null) => (time === null ? null : exactAndAgo(time, shell.zone, shell.now()))
  return {
    title: `Alert ${alert.number} · ${alert.title}`,
    facts: [
      ['State', stateCell(alert.status).text],
      [
        'Severity',
        `${stateCell(alert.severity).text}${alert.severityGiven === null ? '' : ` (sent as ${alert.severityGiven})`}`,
      ],
      [
        'Service',
        alert.service === null ? 'unknown' : `${alert.service}${alert.tier === null ? '' : `, tier ${alert.tier}`}`,
      ],
      ['Team', alert.team],
      ['Started', when(alert.startedAt)],
      ['Last seen', `${when(alert.lastSeenAt)}, ${alert.count === 1 ? 'once' : `${alert.count} times`}`],
      [
        'Taken by',
        alert.acknowledgedBy === null ? null : `${called(alert.acknowledgedBy)}, ${when(alert.acknowledgedAt)}`,
      ],
      ['Snoozed until', when(alert.snoozedUntil)],
      ['Ended', alert.resolvedAt === null ? null : `${when(alert.resolvedAt)}, ${alert.ended ?? ''}`],
      ['Waits', alert.pausedUntil === null ? null : `until ${when(alert.pausedUntil)}: it usually heals by itself`],
      ['Flapping', alert.flapping ? 'it keeps beginning and ending' : null],
      ['Rated', alert.useful === null ? null : alert.useful ? 'useful' : 'noise'],
      ['Silenced by', alert.silencedBy],
      ['Paged with', alert.pagedWith === null ? null : `alert ${alert.pagedWith.number}; acknowledging one takes both`],
      ['Its page is also about', alert.pagedTogether.map((each) => String(each.number)).join(', ')],
      ['Source', alert.source],
      ['Id', alert.id],
    ],
    sections: [
      {
        title: 'Why',
        lines: alert.trace.map((step) =>
          harmless(`${exact(step.at, shell.zone)}  ${step.rule}: ${step.verdict}, ${step.because}`),
        ),
      },
      {
        title: 'Pages',
        lines: alert.pages.map((page) =>
          harmless(
            `${exact(page.at, shell.zone)}  ${page.person === null ? `webhook ${page.webhook}` : `${called(page.person)} by ${page.channel}`}: ${page.state}${page.because === null ? '' : `, ${page.because}`}`,
          ),
        ),
      },
      { title: 'Labels', lines: pairs(alert.labels) },
      { title: 'Annotations', lines: pairs(alert.annotations) },
      { title: 'Links', lines: alert.links.map((link) => harmless(`${link.title}: ${link.url}`)) },
    ],
    name: `alert/${alert.number}`,
    document: alert,
  }
}

const pairs = (map: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(map).map(([name, value]) => harmless(`${name}: ${value}`))

export const acknowledge: Run = (call) => answer(call, 'acknowledge', 'Taken')
export const unacknowledge: Run = (call) => answer(call, 'unacknowledge', 'Given back')

export const resolve: Run = async (call) => {
  const note = call.options.text('note')
  if (note === null || call.args.length > 1) return answer(call, 'resolve', 'Closed')
  const api = await openApi(call)
  const id = await oneAlertId(api, call.args[0] ?? '')
  const useful = usefulOf(call)
  const body = { note, ...(useful === null ? {} : { useful }) }
  const alert = await api.client['alerts.resolve']({ params: { id }, body })
  say(call, `Closed alert ${alert.number}: ${alert.title}`)
  return exitCodes.ok
}

/** One alert by its own operation, whose refusals say more; several in one request. */
async function answer(
  call: Call,
  action: 'acknowledge' | 'unacknowledge' | 'resolve',
  done: string,
): Promise<ExitCode> {
  const api = await openApi(call)
  const ids = await alertIds(api, call.args)
  const [only] = ids
  const said = action === 'unacknowledge' ? null : usefulOf(call)
  const rating = said === null ? {} : { useful: said }
  if (ids.length === 1 && only !== undefined) {
    const params = { id: only }
    const alert =
      action === 'resolve'
        ? await api.client['alerts.resolve']({ params, body: rating })
        : action === 'acknowledge'
          ? await api.client['alerts.acknowledge']({ params, query: rating })
          : await api.client['alerts.unacknowledge']({ params })
    say(call, `${done}: alert ${alert.number}, ${alert.title}`)
    return exitCodes.ok
  }
  const result = await api.client['alerts.bulk']({ body: { ids, action, ...rating } })
  say(call, `${done}: ${result.done.length} of ${ids.length} alerts.`)
  for (const each of result.refused) call.shell.err.write(`✗ ${harmless(`${each.id}: ${each.detail}`)}\n`)
  if (result.refused.length === 0) return exitCodes.ok
  return result.done.length === 0 ? exitCodes.conflict : exitCodes.partial
}

export const snooze: Run = async (call) => {
  const forMs = call.options.durationMs('for')
  if (forMs === null) throw usageError('For how long?', 'Say it: mainstay alerts snooze 42 --for 30m')
  const api = await openApi(call)
  for (const id of await alertIds(api, call.args)) {
    const alert = await api.client['alerts.snooze']({ params: { id }, body: { forMs } })
    say(call, `Snoozed alert ${alert.number} for ${formatDuration(forMs)}; paging starts again by itself.`)
  }
  return exitCodes.ok
}

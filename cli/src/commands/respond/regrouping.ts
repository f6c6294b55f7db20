// Which alerts are one problem: causes, splitting off, taking back, and what was learnt of it.
import type { LearntPair, RelatedToIncident } from '../../../../client/src/operations.gen.ts'
import { notFound, openApi } from '../../connection/api.ts'
import { exitCodes, usageError } from '../../exit-codes.ts'
import type { Call, Run } from '../../line/command.ts'
import { printListing, say } from '../../print/output.ts'
import { ago } from '../../print/times.ts'
import { alertIds, oneIncidentId } from './references.ts'

function reasonOf(call: Call, example: string): string {
  const reason = call.options.text('reason')
  if (reason === null) throw usageError('Why?', `Say it: --reason "${example}"`)
  return reason
}

type Cause = RelatedToIncident['causes'][number]

export const listCauses: Run = async (call) => {
  const api = await openApi(call)
  const id = await oneIncidentId(api, call.args[0] ?? '')
  const { causes, looked } = await api.client['incidents.related']({ params: { id } })
  await printListing<Cause>(call, {
    rows: causes,
    columns: [
      { header: 'SERVICE', of: (row) => row.service },
      { header: 'SCORE', of: (row) => row.score.toFixed(2), align: 'right' },
      { header: 'BECAUSE', of: (row) => row.because.join('; '), elastic: true },
    ],
    nameOf: (row) => `service/${row.service}`,
    none: 'No signal speaks for one service more than for another.',
  })
  if (looked === null) say(call, 'Nothing is measured of these services: alerts and changes alone say so.')
  else
    say(
      call,
      `Looked at ${looked.series} series of ${looked.services} services against the day before; ${looked.deviating} left the usual.`,
    )
  return exitCodes.ok
}

export const splitIncident: Run = async (call) => {
  const [reference = '', ...alerts] = call.args
  const reason = reasonOf(call, 'another rollout')
  const title = call.options.text('title')
  const api = await openApi(call)
  const told = await api.client['incidents.split']({
    params: { id: await oneIncidentId(api, reference) },
    body: {
      alerts: [...(await alertIds(api, alerts))],
      reason,
      learn: !call.options.has('once'),
      ...(title === null ? {} : { title }),
    },
  })
  say(call, `Split off incident ${told.to.number}: ${told.to.title}`)
  for (const pair of told.pairs) say(call, `Learnt: ${pair.sentence}`)
  say(call, `Undo: mainstay incident undo ${told.from.number} --reason "…"`)
  return exitCodes.ok
}

export const undoRegrouping: Run = async (call) => {
  const [reference = ''] = call.args
  const reason = reasonOf(call, 'it was one problem')
  const api = await openApi(call)
  const id = await oneIncidentId(api, reference)
  const { items } = await api.client['incidents.regroupings']({ params: { id } })
  const last = items.find((each) => each.undoneAt === null)
  if (last === undefined)
    throw notFound('Nobody split it or merged another into it.', 'See `mainstay incident show` for its timeline.')
  const undone = await api.client['incidents.undo-regrouping']({
    params: { id, regrouping: last.id },
    body: { reason },
  })
  const count = undone.alerts.length === 1 ? 'one alert' : `${undone.alerts.length} alerts`
  say(call, `Took the ${undone.kind} back: ${count} returned to incident ${undone.from.number}.`)
  return exitCodes.ok
}

export const listLearnt: Run = async (call) => {
  const service = call.options.text('service')
  const api = await openApi(call)
  const { items } = await api.client['correlation.pairs']({ query: service === null ? {} : { service } })
  await printListing<LearntPair>(call, {
    rows: items,
    columns: [
      { header: 'VERDICT', of: (row) => row.verdict },
      { header: 'SENTENCE', of: (row) => row.sentence, elastic: true },
      { header: 'BECAUSE', of: (row) => row.because, elastic: true },
      { header: 'USED', of: (row) => String(row.used), align: 'right' },
      { header: 'SAID', of: (row) => ago(row.saidAt, call.shell.now()) },
      { header: 'UNTIL', of: (row) => row.until.slice(0, 10) },
      { header: 'ID', of: (row) => row.id },
    ],
    nameOf: (row) => row.id,
    none: 'Nothing was learnt about alerts yet.',
  })
  return exitCodes.ok
}

export const forgetLearnt: Run = async (call) => {
  const [id = ''] = call.args
  const reason = reasonOf(call, 'it was one rollout')
  const api = await openApi(call)
  const pair = await api.client['correlation.forget-pair']({ params: { id }, body: { reason } })
  say(call, `Forgotten: ${pair.sentence}`)
  return exitCodes.ok
}

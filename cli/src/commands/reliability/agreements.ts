import type { AgreementSummary } from '../../../../client/src/operations.gen.ts'
import { openApi } from '../../connection/api.ts'
import { copyText } from '../../connection/download.ts'
import { exitCodes, usageError } from '../../exit-codes.ts'
import type { Run } from '../../line/command.ts'
import { inTable, needName, printDetail, printListing, say } from '../../print/output.ts'
import { harmless } from '../../print/text-width.ts'
import { exact } from '../../print/times.ts'

const words = { kept: 'kept', missed: '⬣ missed', open: 'open' } as const

export const listAgreements: Run = async (call) => {
  const api = await openApi(call)
  const state = call.options.has('removed') ? 'removed' : 'declared'
  const { items } = await api.client['agreements.list']({ query: { state } })
  await printListing<AgreementSummary>(call, {
    rows: items,
    columns: [
      { header: 'NAME', of: (row) => row.name },
      { header: 'CUSTOMER', of: (row) => row.customer, elastic: true },
      { header: state === 'removed' ? 'VERDICT' : 'SO FAR', of: (row) => words[row.verdict] },
      { header: 'PROMISED', of: (row) => `${row.targetText} %`, align: 'right' },
      { header: 'ATTAINED', of: (row) => row.attainedText, align: 'right' },
      { header: 'PERIOD', of: (row) => row.title ?? row.period },
      { header: 'MEASURED BY', of: (row) => row.subject.name, wide: true },
      { header: 'TO SETTLE', of: (row) => String(row.unsettled), align: 'right', wide: true },
    ],
    nameOf: (row) => `servicelevelagreement/${row.name}`,
    none:
      state === 'removed'
        ? 'No agreement that was removed had a settled period.'
        : 'No agreements. Declare one: mainstay apply -f agreement.yaml',
  })
  if (!inTable(call)) return exitCodes.ok
  for (const { name, warning, unsettled } of items) {
    if (warning !== null) say(call, harmless(`${name}: ${warning}`))
    if (unsettled > 0) say(call, `${name}: ${unsettled} ended and wait to be settled.`)
  }
  return exitCodes.ok
}

export const showStatement: Run = async (call) => {
  const name = needName(call, 'mainstay sla statement shop-gold')
  const ago = call.options.integer('ago', 0, 60)
  if (call.options.has('csv')) {
    const path = `/api/v1/agreements/${encodeURIComponent(name)}/statement.csv${ago === null ? '' : `?ago=${ago}`}`
    await copyText(call, path)
    return exitCodes.ok
  }
  const api = await openApi(call)
  const statement = await api.client['agreements.statement']({
    params: { name },
    query: ago === null ? {} : { ago },
  })
  const at = (time: string) => exact(time, statement.period.zone)
  const { creditLeast, creditMost, period } = statement
  const [least, most] = [creditLeast.text, creditMost.text]
  await printDetail(call, {
    title: `${statement.displayName} · ${period.title}`,
    facts: [
      ['Customer', statement.terms.customer],
      ['Verdict', `${words[statement.verdict]}${period.running ? ' so far' : ''}`],
      ['In words', statement.sentence],
      ['Period', `${at(period.start)} to ${at(period.end)}, ${period.zone}`],
      ['Promised', `${statement.terms.targetText} %`],
      ['Attained', statement.attainedText],
      ['Credit', least === most ? least : `from ${least} to ${most}`],
      ['What is near', statement.next === null ? null : statement.next.sentence],
      ['Down', statement.downMinutes === null ? null : `${statement.downMinutes} min`],
      ['Requests', statement.good === null ? null : `${statement.good} good, ${statement.bad ?? 0} failed`],
      ['Excluded', `${statement.excludedMinutes} min`],
      ['Not measured', `${statement.unknownMinutes} min`],
      ['Settled', statement.settled === null ? 'not yet' : `${at(statement.settled.at)} by ${statement.settled.by}`],
    ],
    sections: [
      {
        title: 'Downtime',
        lines: statement.outages.map(
          ({ from, to, minutes, counted }) =>
            `${at(from)} to ${at(to)}, ${minutes} min${counted ? '' : ', too short by the contract'}`,
        ),
      },
      {
        title: 'Excluded by contract',
        lines: statement.exclusions.map(({ from, to, reason }) => harmless(`${at(from)} to ${at(to)}: ${reason}`)),
      },
      { title: 'Notes', lines: statement.notes.map((note) => harmless(note)) },
    ],
    name: `servicelevelagreement/${name}`,
    document: statement,
  })
  return exitCodes.ok
}

export const settleAgreement: Run = async (call) => {
  const name = needName(call, 'mainstay sla settle shop-gold --unmeasured up')
  const { options } = call
  const unmeasured = options.text('unmeasured')
  const reason = options.text('reason')
  if (unmeasured !== 'up' && unmeasured !== 'down')
    throw usageError('--unmeasured is missing.', 'Say what time that was not measured counts for: up or down.')
  if (reason === null) throw usageError('--reason is missing.', 'What is settled is handed to a customer: say why.')
  const api = await openApi(call)
  const query = { ago: options.integer('ago', 0, 60) ?? 1 }
  const { period } = await api.client['agreements.statement']({ params: { name }, query })
  const settled = await api.client['agreements.settle']({
    params: { name },
    body: { start: period.start, unmeasured, reason },
  })
  say(call, harmless(`${period.title} is settled. ${settled.sentence}`))
  return exitCodes.ok
}

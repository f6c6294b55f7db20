// How long what is kept, what the last round removed, and the legal holds that forbid it.
import { openApi } from '../../connection/api.ts'
import { exitCodes, usageError } from '../../exit-codes.ts'
import type { Run } from '../../line/command.ts'
import { printListing, say } from '../../print/output.ts'
import { ago } from '../../print/times.ts'

export const showRetention: Run = async (call) => {
  const api = await openApi(call)
  const { rows, running, held, startedAt } = await api.client['retention.read']()
  await printListing(call, {
    rows,
    columns: [
      { header: 'ROWS', of: (row) => row.name },
      { header: 'KEPT', of: (row) => (row.days === null ? 'for ever' : `${row.days} days`) },
      { header: 'REMOVED', of: (row) => String(row.removed) },
      { header: 'REFERRED TO', of: (row) => String(row.heldBack) },
      { header: 'SETTING', of: (row) => row.setting, wide: true },
      { header: 'WHAT', of: (row) => row.summary, elastic: true },
    ],
    nameOf: (row) => row.name,
    none: 'Nothing is removed.',
  })
  if (held) say(call, 'A legal hold on everything is in force: nothing is removed.')
  else if (startedAt === null) say(call, 'No round has run yet.')
  else if (running)
    say(call, `A round is under way since ${ago(startedAt, call.shell.now())}; it works in quiet moments.`)
  else say(call, `The last round began ${ago(startedAt, call.shell.now())}.`)
  return exitCodes.ok
}

export const listHolds: Run = async (call) => {
  const api = await openApi(call)
  const { items } = await api.client['holds.list']()
  await printListing(call, {
    rows: items,
    columns: [
      { header: 'ID', of: (row) => row.id },
      { header: 'ON', of: (row) => `${row.kind} ${row.name}`.trim() },
      { header: 'SINCE', of: (row) => ago(row.placedAt, call.shell.now()) },
      { header: 'BY', of: (row) => row.placedBy },
      { header: 'WHY', of: (row) => row.reason, elastic: true },
    ],
    nameOf: (row) => row.id,
    none: 'Nothing is held.',
  })
  return exitCodes.ok
}

const kinds = ['everything', 'service', 'incident', 'person'] as const

export const placeHold: Run = async (call) => {
  const [word, name] = call.args
  const kind = kinds.find((each) => each === word)
  if (kind === undefined || (kind === 'everything') !== (name === undefined))
    throw usageError('What is held?', 'One of: everything · service NAME · incident NUMBER · person NAME.')
  const reason = call.options.text('reason')
  if (reason === null) throw usageError('Why?', 'Say it: --reason "audit of 2026". It stays in the journal.')
  const api = await openApi(call)
  const hold = await api.client['holds.place']({ body: { kind, reason, ...(name === undefined ? {} : { name }) } })
  say(call, `Held: ${`${hold.kind} ${hold.name}`.trim()}. Lift it with: mainstay hold lift ${hold.id} --reason …`)
  return exitCodes.ok
}

export const liftHold: Run = async (call) => {
  const reason = call.options.text('reason')
  if (reason === null) throw usageError('Why?', 'Say it: --reason "the audit is over". It stays in the journal.')
  const api = await openApi(call)
  for (const id of call.args) {
    const hold = await api.client['holds.lift']({ params: { id }, body: { reason } })
    say(call, `${`${hold.kind} ${hold.name}`.trim()} is held no more.`)
  }
  return exitCodes.ok
}

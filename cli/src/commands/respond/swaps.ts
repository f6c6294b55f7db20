import { openApi } from '../../connection/api.ts'
import { exitCodes, usageError } from '../../exit-codes.ts'
import type { Run } from '../../line/command.ts'
import { printListing, say } from '../../print/output.ts'
import { exact } from '../../print/times.ts'
import { timeOption } from './schedule.ts'

export const listSwaps: Run = async (call) => {
  const { shell } = call
  const api = await openApi(call)
  const { items } = await api.client['swaps.list']({ query: call.options.has('all') ? { all: true } : {} })
  await printListing(call, {
    rows: items,
    columns: [
      { header: 'ID', of: (row) => row.id },
      { header: 'SCHEDULE', of: (row) => row.schedule },
      { header: 'FROM', of: (row) => exact(row.start, shell.zone) },
      { header: 'TO', of: (row) => exact(row.end, shell.zone) },
      { header: 'WHO', of: (row) => row.asker },
      { header: 'ASKS', of: (row) => row.candidate ?? 'anybody' },
      { header: 'STATE', of: (row) => row.state },
      { header: 'WHY', of: (row) => row.reason, elastic: true },
    ],
    nameOf: (row) => `swap/${row.id}`,
    none: 'No open swap requests.',
  })
  return exitCodes.ok
}

export const askSwap: Run = async (call) => {
  const [start, end] = [timeOption(call, 'from'), timeOption(call, 'to')]
  if (start === null || end === null)
    throw usageError('Which shift?', 'Say it: --from 2026-12-24T09:00:00+01:00 --to 2026-12-25T09:00:00+01:00')
  const reason = call.options.text('reason')
  if (reason === null) throw usageError('Why?', 'Say it: --reason "wedding of my sister"')
  const candidate = call.options.text('with')
  const api = await openApi(call)
  const swap = await api.client['swaps.create']({
    params: { name: call.args[0] ?? '' },
    body: { start, end, reason, ...(candidate === null ? {} : { candidate }) },
  })
  say(call, `Asked ${swap.candidate ?? 'anybody'}. The shift is yours until somebody takes it (${swap.id}).`)
  return exitCodes.ok
}

export const acceptSwap: Run = async (call) => {
  const api = await openApi(call)
  const swap = await api.client['swaps.accept']({
    params: { id: call.args[0] ?? '' },
    body: { despite: call.options.has('despite') },
  })
  say(
    call,
    `The shift of ${swap.asker} is yours: ${exact(swap.start, call.shell.zone)} to ${exact(swap.end, call.shell.zone)}.`,
  )
  return exitCodes.ok
}

export const declineSwap: Run = async (call) => {
  const note = call.options.text('note')
  const api = await openApi(call)
  await api.client['swaps.decline']({ params: { id: call.args[0] ?? '' }, body: note === null ? {} : { note } })
  say(call, 'Declined.')
  return exitCodes.ok
}

export const withdrawSwap: Run = async (call) => {
  const api = await openApi(call)
  await api.client['swaps.withdraw']({ params: { id: call.args[0] ?? '' } })
  say(call, 'Taken back.')
  return exitCodes.ok
}

// Who hears of a status page.
import { openApi } from '../../connection/api.ts'
import { exitCodes } from '../../exit-codes.ts'
import type { Run } from '../../line/command.ts'
import { printListing, say } from '../../print/output.ts'
import { stateCell } from '../../print/table.ts'
import { harmless } from '../../print/text-width.ts'

export const listSubscribers: Run = async (call) => {
  const [page = ''] = call.args
  const api = await openApi(call)
  const query = { limit: 500, ...(call.options.has('failing') ? { failing: true } : {}) }
  const { items, nextCursor } = await api.client['statuspages.subscribers']({ params: { page }, query })
  await printListing(call, {
    rows: items,
    columns: [
      { header: 'ADDRESS', of: (row) => harmless(row.address) },
      { header: 'BY', of: (row) => row.channel },
      { header: 'CUSTOMER', of: (row) => row.customer ?? '' },
      { header: 'STATE', of: (row) => stateCell(row.state) },
      { header: 'OF', of: (row) => row.components?.join(', ') ?? 'everything', elastic: true },
      { header: 'FAILED BECAUSE', of: (row) => harmless(row.because ?? ''), elastic: true },
      { header: 'ID', of: (row) => row.id },
    ],
    nameOf: (row) => `statussubscriber/${row.id}`,
    none: 'Nobody subscribed.',
  })
  if (nextCursor !== null) say(call, 'These are the first 500.')
  return exitCodes.ok
}

export const subscribe: Run = async (call) => {
  const [page = ''] = call.args
  const { options } = call
  const [email, webhook] = [options.text('email'), options.text('webhook')]
  const api = await openApi(call)
  await api.client['statuspages.subscribe']({
    params: { page },
    body: {
      ...(email === null ? {} : { email }),
      ...(webhook === null ? {} : { webhook }),
      components: [...options.all('component')],
    },
  })
  say(call, 'It is asked whether it wants to hear of the page, unless it does already.')
  return exitCodes.ok
}

export const resumeSubscriber: Run = async (call) => {
  const [id = ''] = call.args
  const api = await openApi(call)
  const { address } = await api.client['statuspages.resume-subscriber']({ params: { id } })
  say(call, `${harmless(address)} hears of the page again.`)
  return exitCodes.ok
}

export const removeSubscriber: Run = async (call) => {
  const [id = ''] = call.args
  const api = await openApi(call)
  await api.client['statuspages.remove-subscriber']({ params: { id } })
  say(call, 'Nothing more is sent there.')
  return exitCodes.ok
}

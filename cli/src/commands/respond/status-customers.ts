// Customers of a status page: how their views stand, and the secret links to them.
import type { StatusCustomerView } from '../../../../client/src/operations.gen.ts'
import { openApi } from '../../connection/api.ts'
import { exitCodes } from '../../exit-codes.ts'
import type { Run } from '../../line/command.ts'
import { inTable, printDetail, printListing, say } from '../../print/output.ts'
import { stateCell } from '../../print/table.ts'
import { harmless } from '../../print/text-width.ts'
import { ago } from '../../print/times.ts'

export const listCustomers: Run = async (call) => {
  const [page] = call.args
  const api = await openApi(call)
  const { items } = await api.client['statuscustomers.list']({ query: page === undefined ? {} : { page } })
  await printListing<StatusCustomerView>(call, {
    rows: items,
    columns: [
      { header: 'CUSTOMER', of: (row) => row.name },
      { header: 'PAGE', of: (row) => row.page },
      { header: 'STATE', of: (row) => stateCell(row.state) },
      { header: 'OPEN', of: (row) => String(row.open.length), align: 'right' },
      { header: 'SUBSCRIBERS', of: (row) => String(row.subscribers.confirmed), align: 'right' },
      {
        header: 'LINK',
        of: (row) =>
          row.link === null ? 'none' : `${ago(row.link.madeAt, call.shell.now())}, ${harmless(row.link.madeBy)}`,
      },
      { header: 'SEES', of: (row) => row.components.map((each) => each.name).join(', '), elastic: true },
    ],
    nameOf: (row) => `statuscustomer/${row.name}`,
    none: 'No customers.',
  })
  return exitCodes.ok
}

/** The address alone goes to the output, so that a script may hand it on. */
export const makeLink: Run = async (call) => {
  const [customer = ''] = call.args
  const api = await openApi(call)
  const made = await api.client['statuscustomers.link']({ params: { customer } })
  if (!inTable(call)) {
    await printDetail(call, { title: '', facts: [], name: `statuscustomer/${customer}`, document: made })
    return exitCodes.ok
  }
  say(call, 'Whoever has this address reads the view. It is shown only now; one made before leads nowhere any more.')
  call.shell.out.write(`${made.url}\n`)
  return exitCodes.ok
}

export const revokeLink: Run = async (call) => {
  const [customer = ''] = call.args
  const api = await openApi(call)
  await api.client['statuscustomers.revoke']({ params: { customer } })
  say(call, 'The link leads nowhere any more. Who subscribed by it goes on hearing: see status subscribers.')
  return exitCodes.ok
}

// Work of the product's own that failed for good: seen, retried or given up by an administrator.
import { openApi, readPages } from '../../connection/api.ts'
import { exitCodes, usageError } from '../../exit-codes.ts'
import type { Call, Run } from '../../line/command.ts'
import { printListing, say } from '../../print/output.ts'
import { ago } from '../../print/times.ts'

const most = 100_000

export const listWork: Run = async (call) => {
  const api = await openApi(call)
  const { items, more } = await readPages(
    (page) => api.client['work.set-aside']({ query: { ...page, ...kindOf(call) } }),
    call.options.integer('limit', 1, most) ?? 100,
  )
  await printListing(call, {
    rows: items,
    more,
    columns: [
      { header: 'ID', of: (row) => String(row.id) },
      { header: 'SET ASIDE', of: (row) => ago(row.setAsideAt, call.shell.now()) },
      { header: 'KIND', of: (row) => row.kind },
      { header: 'ABOUT', of: (row) => row.key, elastic: true, wide: true },
      { header: 'TRIED', of: (row) => String(row.attempts) },
      { header: 'WHY', of: (row) => row.lastError, elastic: true },
    ],
    nameOf: (row) => String(row.id),
    none: 'Nothing is set aside.',
  })
  return exitCodes.ok
}

export const retryWork: Run = async (call) => {
  const kind = call.options.text('kind')
  if ((kind === null) === (call.args.length === 0))
    throw usageError('Which work?', 'Name ids of `mainstay work list`, or a kind: --kind notifications.deliver.')
  const api = await openApi(call)
  // Listed first: what fails again meanwhile is not taken a second time.
  const ids =
    kind === null
      ? call.args.map(idOf)
      : (await readPages((page) => api.client['work.set-aside']({ query: { ...page, kind } }), most)).items.map(
          (row) => row.id,
        )
  for (const id of ids) {
    const row = await api.client['work.retry']({ params: { id } })
    say(call, `${row.kind} ${id} runs again.`)
  }
  if (ids.length === 0) say(call, 'Nothing of this kind is set aside.')
  return exitCodes.ok
}

export const dropWork: Run = async (call) => {
  const reason = call.options.text('reason')
  if (reason === null) throw usageError('Why?', 'Say it: --reason "the channel is gone". It stays in the journal.')
  const api = await openApi(call)
  for (const id of call.args.map(idOf)) {
    const row = await api.client['work.drop']({ params: { id }, body: { reason } })
    say(call, `${row.kind} ${id} is given up.`)
  }
  return exitCodes.ok
}

function kindOf({ options }: Call): { readonly kind?: string } {
  const kind = options.text('kind')
  return kind === null ? {} : { kind }
}

function idOf(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw usageError(`"${text}" is no id.`, 'Ids stand in `mainstay work list`.')
  return Number(text)
}

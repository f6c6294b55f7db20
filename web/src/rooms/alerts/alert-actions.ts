// Acknowledge, snooze, resolve: shown at once, sent, and taken back when the server refuses or the person says undo.
import type { InfiniteData } from '@tanstack/react-query'
import { plural } from '../../parts/format.ts'
import { presentMs } from '../../parts/now.ts'
import { type Alert, type AlertDetail, type AlertVerb, alerts, type Page } from '../../shell/api.ts'
import { queries } from '../../shell/queries.ts'
import { say } from '../../shell/undo.tsx'
import { alertName } from '../../shell/words.ts'

export type AlertPages = InfiniteData<Page<Alert>, string>

function patchOf(verb: AlertVerb, by: string, forMs: number): Partial<Alert> {
  const now = new Date(presentMs()).toISOString()
  switch (verb) {
    case 'acknowledge':
      return { status: 'acknowledged', acknowledgedBy: by, acknowledgedAt: now }
    case 'unacknowledge':
      return { status: 'firing', acknowledgedBy: null, acknowledgedAt: null }
    case 'snooze':
      return { status: 'snoozed', snoozedUntil: new Date(presentMs() + forMs).toISOString() }
    case 'resolve':
      return { status: 'resolved', resolvedAt: now }
  }
}

/** Changes rows wherever they are cached; answers how to put back what was there. */
function patchCached(ids: ReadonlySet<string>, patch: Partial<Alert>): () => void {
  const before = [
    ...queries.getQueriesData<AlertPages>({ queryKey: ['alerts', 'list'] }),
    ...queries.getQueriesData<AlertDetail>({ queryKey: ['alerts', 'one'] }),
  ]
  queries.setQueriesData<AlertPages>({ queryKey: ['alerts', 'list'] }, (data) =>
    data === undefined
      ? data
      : {
          ...data,
          pages: data.pages.map((page) => ({
            ...page,
            items: page.items.map((row) => (ids.has(row.id) ? { ...row, ...patch } : row)),
          })),
        },
  )
  queries.setQueriesData<AlertDetail>({ queryKey: ['alerts', 'one'] }, (data) =>
    data !== undefined && ids.has(data.id) ? { ...data, ...patch } : data,
  )
  return () => {
    for (const [key, data] of before) queries.setQueryData(key, data)
  }
}

const pastWords: Readonly<Record<AlertVerb, string>> = {
  acknowledge: 'Acknowledged',
  unacknowledge: 'No longer acknowledged',
  snooze: 'Snoozed',
  resolve: 'Resolved',
}

export interface AlertOrder {
  readonly rows: readonly Pick<Alert, 'id' | 'number' | 'status'>[]
  readonly verb: AlertVerb
  readonly by: string
  readonly forMs?: number
  /** What they say of it in the same breath. */
  readonly useful?: boolean
}

/** Resolves when the server has accepted; rejects with its refusal after putting everything back. */
export async function carryOut(order: AlertOrder): Promise<void> {
  const ids = order.rows.map((row) => row.id)
  await queries.cancelQueries({ queryKey: ['alerts'] })
  const rating = order.useful === undefined ? {} : { useful: order.useful }
  const putBack = patchCached(new Set(ids), { ...patchOf(order.verb, order.by, order.forMs ?? 0), ...rating })
  const [only] = order.rows
  let refused: readonly string[] = []
  try {
    refused = await send(order, ids)
  } catch (error) {
    putBack()
    throw error
  }
  void queries.invalidateQueries({ queryKey: ['alerts'] })
  void queries.invalidateQueries({ queryKey: ['overview'] })
  const name = order.rows.length === 1 && only !== undefined ? alertName(only) : plural(order.rows.length, 'alert')
  const undoable = order.verb === 'acknowledge' && order.rows.every((row) => row.status === 'firing')
  const notTaken = refused.length === 0 ? '' : ` ${refused.length} refused: ${refused[0] ?? ''}`
  say({
    sentence: `${pastWords[order.verb]}: ${name}.${notTaken}`,
    undo: undoable
      ? () => {
          carryOut({ ...order, verb: 'unacknowledge' }).catch((error: unknown) =>
            say({ sentence: error instanceof Error ? error.message : 'It could not be undone.', undo: null }),
          )
        }
      : null,
  })
}

/** Whether alerts were worth it, open or over; one after the other. */
export async function rateAll(rows: AlertOrder['rows'], useful: boolean | null): Promise<void> {
  const putBack = patchCached(new Set(rows.map((row) => row.id)), { useful })
  try {
    for (const row of rows) await alerts.rate(row.id, useful)
  } catch (error) {
    putBack()
    throw error
  }
  void queries.invalidateQueries({ queryKey: ['alerts'] })
}

/** Answers why some of many were refused; the refusal of a single one is thrown. */
async function send(order: AlertOrder, ids: readonly string[]): Promise<readonly string[]> {
  const { verb, forMs, useful } = order
  const rating = useful === undefined ? {} : { useful }
  const [only] = ids
  if (ids.length === 1 && only !== undefined) {
    await alerts.act(only, verb, { ...rating, ...(forMs === undefined ? {} : { forMs }) })
    return []
  }
  if (verb !== 'snooze') return (await alerts.bulk(ids, verb, rating)).refused.map((each) => each.detail)
  // There is no bulk snooze: one after the other, and the first refusal ends it where the person sees it.
  for (const id of ids) await alerts.act(id, verb, forMs === undefined ? {} : { forMs })
  return []
}

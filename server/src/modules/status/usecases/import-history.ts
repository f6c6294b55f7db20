// What another status page told before this one: written down as past, told to nobody, the same again changes nothing.
import type { Actor } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { componentCalled, decidePast, titleLimit } from '../core/index.ts'
import type { PastPost } from '../import.ports.ts'
import { statusImported } from '../status.contract.ts'
import type { StatusPorts } from '../status.ports.ts'
import { countRevision, insertPastPost, insertPastUpdates } from '../status.store.ts'
import { needPage } from './find-page.ts'

export interface ImportOrder {
  readonly page: string
  readonly text: string
  readonly dryRun: boolean
  readonly actor: Actor
}

export interface Imported {
  readonly from: string
  readonly added: number
  readonly known: number
  /** `API outage: it is not over; publish it here`. */
  readonly leftOut: readonly string[]
  /** Components that were named there and that the page does not have. */
  readonly missing: readonly string[]
}

export async function importHistory(
  needs: Needs,
  ports: Pick<StatusPorts, 'readExport' | 'personOf'>,
  order: ImportOrder,
): Promise<Imported> {
  const found = ports.readExport(order.text)
  if (found === null)
    throw new AppError(
      'invalid',
      'status.unknown-export',
      'This is no history of Statuspage or Cachet: give the JSON of its incidents.',
    )
  const author = await ports.personOf(needs.database, order.actor)
  const write = async (tx: Tx): Promise<Imported> => {
    const page = await needPage(tx, order.page)
    const now = await tx.now()
    const leftOut: string[] = []
    let [added, known] = [0, 0]
    for (const post of found.posts) {
      const verdict = decidePast(page, post.updates, now)
      if (!verdict.ok) {
        leftOut.push(`${titleOf(post)}: ${verdict.because}`)
        continue
      }
      const [first, last] = [verdict.updates[0], verdict.updates.at(-1)]
      if (first === undefined || last === undefined) continue
      const id = needs.newId()
      const { source, kind, startsAt, endsAt } = post
      const times = { startsAt, endsAt, openedAt: first.at, closedAt: last.at }
      const row = { id, page: page.name, source, kind, title: titleOf(post), state: last.state, createdBy: author }
      if (!(await insertPastPost(tx, { ...row, ...times }))) {
        known += 1
        continue
      }
      const updates = verdict.updates.map((each, at) => ({ ...each, id: needs.newId(), number: at + 1, author }))
      await insertPastUpdates(tx, id, updates)
      added += 1
    }
    const missing = found.components.filter((name) => componentCalled(page, name) === null)
    if (added > 0) {
      await countRevision(tx)
      await needs.journal.publish(tx, statusImported, {
        actor: order.actor,
        subject: { kind: 'status-page', id: page.name },
        data: { page: page.name, from: found.from, added },
      })
    }
    return { from: found.from, added, known, leftOut, missing }
  }
  return order.dryRun ? needs.database.rehearse(write) : needs.database.transaction(write)
}

const titleOf = (post: PastPost): string => {
  const title = post.title.trim().slice(0, titleLimit)
  return title === '' ? 'Untitled' : title
}

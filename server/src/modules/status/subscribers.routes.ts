import { AppError } from '../../kernel/app-error.ts'
import { formatInstant, type Instant } from '../../kernel/instant.ts'
import { type BoundOperation, route } from '../../platform/http/operation.ts'
import { decodeCursor, toPage } from '../../platform/http/page.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { keyOf, readKey, type StatusPage } from './core/index.ts'
import { languageFor } from './reading.ts'
import type { StatusPorts } from './status.ports.ts'
import * as contract from './subscribers.contract.ts'
import { findSubscriber, listSubscribers, type SubscriberRow } from './subscribers.store.ts'
import { findPage, needPage, needShown, shownOf } from './usecases/find-page.ts'
import { endSubscription, resumeSubscription, subscribe } from './usecases/subscribe.ts'

const timeOrNull = (at: Instant | null): string | null => (at === null ? null : formatInstant(at))

export function subscriberRoutes(needs: Needs, ports: StatusPorts): readonly BoundOperation[] {
  const { database } = needs
  // A page that is not there is nobody's; who may not look is told that first.
  const teamOfPage = async (page: string) => (await findPage(database, page))?.team ?? null
  const teamOfSubscriber = async (id: string) => {
    const found = await findSubscriber(database, id)
    return found === null ? null : teamOfPage(readKey(found.page).page)
  }
  return [
    route(contract.subscribe, async ({ params, body, actor }) => {
      const page = await needPage(database, params.page)
      // Strangers learn nothing of a private page, not even that it is there.
      if (page.visibility === 'private' && actor.kind === 'link')
        throw new AppError('not-found', 'status.unknown-page', `There is no status page "${params.page}".`)
      const { email, webhook, components, language } = body
      const to = { email: email ?? null, webhook: webhook ?? null }
      await subscribe(needs, ports, {
        page: page.name,
        ...to,
        components: components ?? [],
        language: language ?? null,
      })
      return { asked: true as const }
    }),
    route(
      contract.listSubscribers,
      async ({ params, query }) => {
        const page = await needPage(database, params.page)
        const limit = query.limit ?? 100
        const [after] = decodeCursor(query.cursor, ['string']) ?? []
        const views = await shownOf(database, page.name)
        const of = { keys: [page.name, ...views.map(keyOf)], failing: query.failing ?? false }
        const rows = await listSubscribers(database, of, typeof after === 'string' ? after : null, limit + 1)
        return toPage(
          rows,
          limit,
          (row) => [row.id],
          (row) => present(views.find((each) => keyOf(each) === row.page) ?? page, row),
        )
      },
      async ({ params }) => teamOfPage(params.page),
    ),
    route(
      contract.resumeSubscriber,
      async ({ params, actor }) => {
        const row = await resumeSubscription(needs, { id: params.id, actor })
        return present(await needShown(database, row.page), row)
      },
      async ({ params }) => teamOfSubscriber(params.id),
    ),
    route(
      contract.removeSubscriber,
      async ({ params, actor }) => {
        await endSubscription(needs, { id: params.id, actor })
        return null
      },
      async ({ params }) => teamOfSubscriber(params.id),
    ),
  ]
}

function present(of: StatusPage, row: SubscriberRow) {
  const { id, channel, label, confirmedAt, pausedAt } = row
  const { components, language } = confirmedAt === null ? (row.wanted ?? row) : row
  const state: 'paused' | 'waiting' | 'hearing' =
    pausedAt !== null ? 'paused' : confirmedAt === null ? 'waiting' : 'hearing'
  return {
    ...{
      id,
      page: of.name,
      customer: of.customer?.name ?? null,
      channel,
      address: label ?? '…',
      components: components === null ? null : [...components],
    },
    language: languageFor(of, language),
    state,
    since: timeOrNull(confirmedAt),
    failingSince: timeOrNull(row.failingSince),
    because: row.failedBecause,
  }
}

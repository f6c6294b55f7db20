import { AppError } from '../../kernel/app-error.ts'
import { formatInstant, type Instant, parseInstant } from '../../kernel/instant.ts'
import { type BoundOperation, route } from '../../platform/http/operation.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { findResource } from '../catalog/index.ts'
import { type ImageKind, keyOf, monthOf, proofName, proofText, readKey, uptimeText, wordsOf } from './core/index.ts'
import { type HostRow, listHosts } from './hosts.store.ts'
import * as images from './images.contract.ts'
import { type ImageRow, listImages } from './images.store.ts'
import { readStatusPage } from './kinds/status-page.ts'
import { presentPost } from './present-post.ts'
import { addressOf } from './reading.ts'
import * as contract from './status.contract.ts'
import type { StatusPorts } from './status.ports.ts'
import { findPost } from './status.store.ts'
import { readMonth } from './status-months.ts'
import type { Snapshot } from './status-snapshot.ts'
import { countsFrom, type PageView, readViews, withUpdates } from './status-view.ts'
import { countHearing, type Hearing } from './subscribers.store.ts'
import { removeImage, uploadImage } from './usecases/change-image.ts'
import { checkHost } from './usecases/check-host.ts'
import { draftPost } from './usecases/draft.ts'
import { findShown, needCustomerPage, needPage } from './usecases/find-page.ts'
import { importHistory } from './usecases/import-history.ts'
import { planOf, publishPost, updatePost } from './usecases/publish.ts'

const timeOrNull = (at: Instant | null): string | null => (at === null ? null : formatInstant(at))
const instantOf = (text: string | undefined): Instant | null => (text === undefined ? null : parseInstant(text))

export function statusRoutes(needs: Needs, ports: StatusPorts, snapshot: Snapshot): readonly BoundOperation[] {
  const { database } = needs
  const views = async (only: string | null) => {
    const hearing = await countHearing(database)
    const found = await readViews(database, countsFrom(database, ports), only)
    const around = { hearing, pictures: await listImages(database), hosts: await listHosts(database) }
    return found.map((view) => present(view, around, needs.publicUrl))
  }
  const postOf = async (id: string): Promise<contract.StatusPostReply> => {
    const [post] = await withUpdates(
      database,
      [await findPost(database, id)].flatMap((each) => each ?? []),
    )
    if (post === undefined) throw unknownPost()
    const shown = await findShown(database, post.page)
    return presentPost(post, shown?.customer?.name ?? null)
  }
  const keyFor = async (page: string, customer: string | undefined): Promise<string> => {
    if (customer === undefined) return page
    const shown = await needCustomerPage(database, customer)
    if (shown.name === page) return keyOf(shown)
    throw new AppError('not-found', 'status.unknown-customer', `The page "${page}" has no customer "${customer}".`)
  }
  // A page that is not there is nobody's; who may not look is told that first.
  const teamOf = async (page: string) =>
    (await findResource(database, { kind: 'StatusPage', name: page }).then((found) =>
      found === null ? null : readStatusPage(found.document).team,
    )) ?? null
  return [
    route(contract.listPages, async () => ({ items: await views(null) })),
    route(contract.readPage, async ({ params }) => {
      const [view] = await views(params.page)
      if (view !== undefined) return view
      throw new AppError('not-found', 'status.unknown-page', `There is no status page "${params.page}".`)
    }),
    route(contract.readHistory, async ({ params, query }) => {
      const page = await needPage(database, params.page)
      const found = await readMonth(database, page, query.month ?? monthOf(await database.now(), page.zone))
      const { month, posts, older, newer } = found
      return { month, posts: posts.map((each) => presentPost(each)), older, newer }
    }),
    route(contract.draftPost, async ({ params, query }) =>
      draftPost(database, await keyFor(params.page, query.customer), query.incident),
    ),
    route(
      contract.publishPost,
      async ({ params, body, actor }) => {
        const { kind, title, titles, bodies, state, incident, notify, impacts } = body
        const plan = planOf(instantOf(body.startsAt), instantOf(body.endsAt))
        const texts = { title, titles: titles ?? {}, body: body.body, bodies: bodies ?? {} }
        const page = await keyFor(params.page, body.customer)
        const order = { page, kind, state, ...texts, plan, actor }
        const id = await publishPost(needs, ports, {
          ...order,
          impacts: impacts ?? {},
          incident: incident ?? null,
          notify: notify ?? true,
        })
        await snapshot.refresh()
        return postOf(id)
      },
      async ({ params }) => teamOf(params.page),
    ),
    route(
      contract.importHistory,
      async ({ params, body, actor }) => {
        const dryRun = body.dryRun ?? false
        const found = await importHistory(needs, ports, { page: params.page, text: body.text, dryRun, actor })
        await snapshot.refresh()
        return { ...found, leftOut: [...found.leftOut], missing: [...found.missing] }
      },
      async ({ params }) => teamOf(params.page),
    ),
    route(
      contract.checkPageHost,
      async ({ params, actor }) => {
        await needPage(database, params.page)
        const row = await checkHost(needs, ports, params.page, actor)
        await snapshot.refresh()
        return presentHost(row)
      },
      async ({ params }) => teamOf(params.page),
    ),
    route(
      images.uploadImage,
      async ({ params, body, actor }) => {
        const { page, kind } = params
        const { type, digest } = await uploadImage(needs, { page, kind, data: body.data, actor })
        await snapshot.refresh()
        return { kind, type, url: imageUrl(needs.publicUrl, { page, kind, digest }) }
      },
      async ({ params }) => teamOf(params.page),
    ),
    route(
      images.removeImage,
      async ({ params, actor }) => {
        await removeImage(needs, { ...params, actor })
        await snapshot.refresh()
        return null
      },
      async ({ params }) => teamOf(params.page),
    ),
    route(
      contract.updatePost,
      async ({ params, body, actor }) => {
        const { state, impacts, notify, bodies } = body
        const order = { id: params.id, state, body: body.body, bodies: bodies ?? {}, actor }
        await updatePost(needs, ports, { ...order, impacts: impacts ?? null, notify: notify ?? true })
        await snapshot.refresh()
        return postOf(params.id)
      },
      async ({ params }) => {
        const post = await findPost(database, params.id)
        return post === null ? null : teamOf(readKey(post.page).page)
      },
    ),
  ]
}

const imageUrl = (publicUrl: string, { page, kind, digest }: Pick<ImageRow, 'page' | 'kind' | 'digest'>): string =>
  `${publicUrl}/status/${page}/images/${kind}?v=${digest}`

const unknownPost = (): AppError =>
  new AppError('not-found', 'status.unknown-post', 'Nothing with this id was published.')

interface Around {
  readonly hearing: readonly Hearing[]
  readonly pictures: readonly ImageRow[]
  readonly hosts: readonly HostRow[]
}

function presentHost(row: HostRow) {
  const { host: name, token, verifiedAt, because, checkedAt } = row
  const record = { name: proofName(name), type: 'TXT' as const, value: proofText(token) }
  return { name, answers: verifiedAt !== null, record, because, checkedAt: timeOrNull(checkedAt) }
}

function present(view: PageView, { hearing, pictures, hosts }: Around, publicUrl: string): contract.StatusPageReply {
  const { page, overall, components } = view
  const pictureOf = (kind: ImageKind) => {
    const found = pictures.find((each) => each.page === page.name && each.kind === kind)
    return found === undefined ? null : imageUrl(publicUrl, found)
  }
  const own = hosts.find((each) => each.page === page.name)
  const at = { publicUrl, host: own === undefined || own.verifiedAt === null ? null : own.host, there: false }
  const heard = hearing.find((each) => each.page === page.name)
  return {
    name: page.name,
    title: page.title,
    visibility: page.visibility,
    url: addressOf(page, at).url,
    logo: pictureOf('logo'),
    icon: pictureOf('icon'),
    state: overall.state,
    host: own === undefined ? null : presentHost(own),
    languages: [...page.languages],
    sentence: wordsOf.en.overall(overall.state, overall.all),
    components: components.map(({ name, title, group, state, services, objective, uptime }) => ({
      name,
      title,
      group,
      state,
      services: [...services],
      objective,
      uptime: {
        ratio: uptime?.ratio ?? null,
        measuredDays: uptime?.measuredDays ?? 0,
        sentence: uptime === null ? wordsOf.en.noData : uptimeText(uptime, 'en'),
      },
    })),
    subscribers: { confirmed: heard?.confirmed ?? 0, waiting: heard?.waiting ?? 0, paused: heard?.paused ?? 0 },
    open: view.open.map((each) => presentPost(each)),
    past: view.past.map((each) => presentPost(each)),
    asOf: formatInstant(view.asOf),
  }
}

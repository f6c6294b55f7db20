// The pages as they are sent, in memory: drawn when something changed, sent without asking the database. When it does
// not answer, the last copy stays and says how old it is.
import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { minute, second } from '../../kernel/duration.ts'
import type { Instant } from '../../kernel/instant.ts'
import { monotonicMs } from '../../platform/monotonic.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { firstLanguage, type ImageKind, type Language, type StatusPage, type Uptime } from './core/index.ts'
import { listCustomers } from './customers.store.ts'
import { listHosts } from './hosts.store.ts'
import { type Image, listImages, readImages } from './images.store.ts'
import { addressOf, type PageAddress, type Reading, type Standing, speakingOf } from './reading.ts'
import type { StatusPorts } from './status.ports.ts'
import { readRevision } from './status.store.ts'
import { maintenanceOf } from './status-calendar.ts'
import { readCustomerViews } from './status-customer-view.ts'
import { atomFeed, rssFeed } from './status-feed.ts'
import { historyHtml, statusHtml, subscribeHtml } from './status-html.ts'
import { digestOf } from './status-secret.ts'
import { brandStyle } from './status-style.ts'
import { type CountsOf, countsFrom, type PageView, readViews } from './status-view.ts'

export interface Copy {
  readonly type: string
  readonly body: Buffer
  readonly gzip: Buffer
  readonly etag: string
}

export type CopyName = 'brand' | 'page' | 'subscribe' | 'history' | 'atom' | 'rss' | 'maintenance'

export interface PageCopies {
  readonly page: StatusPage
  readonly view: PageView
  /** Drawn when it is first asked for, and kept until the page changes. `there`: it is read under the host of its own. */
  readonly copy: (name: CopyName, language: Language, there: boolean) => Copy
  readonly address: (there: boolean) => PageAddress
  readonly images: Readonly<Partial<Record<ImageKind, Image>>>
}

export interface Snapshot {
  readonly find: (page: string) => PageCopies | null
  /** A customer's view of the page, by the secret of its link. */
  readonly findFor: (page: string, secret: string) => PageCopies | null
  /** The page that answers under a host; null when none does. */
  readonly pageOf: (host: string) => string | null
  /** Looks whether anything changed and draws again; never throws. */
  readonly refresh: () => Promise<void>
  readonly start: () => Promise<void>
  readonly stop: () => void
}

const lookEveryMs = 2 * second
/** Uptime and the time of the copy move on even when nobody publishes. */
const drawEveryMs = minute
/** Adding up ninety days of counts for each component is dear. */
const countsHoldMs = 5 * minute
/** Older than this without a word from the database, a copy says so. */
const staleAfterMs = 30 * second

export function createSnapshot(
  needs: Needs,
  ports: Pick<StatusPorts, 'dailyCounts' | 'calendar'>,
  monotonic: () => number = monotonicMs,
): Snapshot {
  let pages: ReadonlyMap<string, PageCopies> = new Map()
  let views: readonly PageView[] = []
  /** By the digest of their link: the secret itself is known only while somebody asks with it. */
  let customers: ReadonlyMap<string, PageView> = new Map()
  let drawnFor = new Map<string, PageCopies>()
  let hosts: ReadonlyMap<string, string> = new Map()
  let pictures: readonly Image[] = []
  let revision = -1
  let drawnAt = Number.NEGATIVE_INFINITY
  let heardAt = monotonic()
  let stale = false
  let timer: NodeJS.Timeout | null = null
  let looking: Promise<void> | null = null
  const counts = rememberCounts(countsFrom(needs.database, ports), monotonic)

  const readPictures = async (): Promise<void> => {
    const listed = await listImages(needs.database)
    const known = new Map(pictures.map((each) => [each.digest, each]))
    const missing = [...new Set(listed.map((each) => each.digest).filter((digest) => !known.has(digest)))]
    for (const each of await readImages(needs.database, missing)) known.set(each.digest, each)
    pictures = listed.flatMap((row) => {
      const found = known.get(row.digest)
      return found === undefined ? [] : [{ ...row, bytes: found.bytes }]
    })
  }
  const imagesOf = (page: string) =>
    Object.fromEntries(pictures.flatMap((each) => (each.page === page ? [[each.kind, each]] : [])))
  const copies = (view: PageView, secret?: string): PageCopies => {
    const of = { view, stale, images: imagesOf(view.page.name) }
    const host = [...hosts].find(([, page]) => page === view.page.name)?.[0] ?? null
    const under = secret === undefined ? {} : { secret }
    return copiesOf(of, { publicUrl: needs.publicUrl, host, ...under }, ports.calendar)
  }
  const findFor = (page: string, secret: string): PageCopies | null => {
    const digest = digestOf(secret)
    const view = customers.get(digest)
    if (view === undefined || view.page.name !== page) return null
    const known = drawnFor.get(digest)
    if (known !== undefined) return known
    const drawn = copies(view, secret)
    drawnFor.set(digest, drawn)
    return drawn
  }
  const readCustomers = async (): Promise<void> => {
    const rows = (await listCustomers(needs.database)).filter((each) => each.digest !== null)
    const found = await readCustomerViews(needs.database, counts, { pages: views, rows })
    customers = new Map(
      rows.flatMap(({ id, digest }) => {
        const view = found.find((each) => each.page.customer?.id === id)
        return view === undefined || digest === null ? [] : [[digest, view]]
      }),
    )
  }
  const draw = (): void => {
    pages = new Map(views.map((view) => [view.page.name, copies(view)]))
    drawnFor = new Map()
    // What nearly everybody reads is ready before somebody asks.
    for (const { page, copy } of pages.values()) copy('page', firstLanguage(page), false)
  }
  const look = async (): Promise<void> => {
    const newest = await readRevision(needs.database)
    if (newest !== revision || stale || monotonic() - drawnAt >= drawEveryMs) {
      views = await readViews(needs.database, counts, null)
      await readCustomers()
      await readPictures()
      const rows = await listHosts(needs.database)
      hosts = new Map(rows.flatMap((row) => (row.verifiedAt === null ? [] : [[row.host, row.page]])))
      revision = newest
      stale = false
      drawnAt = monotonic()
      draw()
    }
    heardAt = monotonic()
  }
  const refresh = async (): Promise<void> => {
    // A look that is under way may have begun before the change: another one follows it.
    if (looking !== null) await looking
    looking = look()
      .catch((error: unknown) => {
        if (stale || monotonic() - heardAt < staleAfterMs) return
        stale = true
        draw()
        needs.log.warn('Status pages are shown from a copy: the database does not answer.', { error })
      })
      .finally(() => {
        looking = null
      })
    await looking
  }
  return {
    find: (page) => pages.get(page) ?? null,
    findFor,
    pageOf: (host) => hosts.get(host) ?? null,
    refresh,
    start: async () => {
      await refresh()
      timer = setInterval(() => {
        // A slow database is asked once at a time.
        if (looking === null) void refresh()
      }, lookEveryMs).unref()
    },
    stop: () => {
      if (timer !== null) clearInterval(timer)
    },
  }
}

function rememberCounts(countsOf: CountsOf, monotonic: () => number): CountsOf {
  const known = new Map<string, { readonly at: number; readonly uptime: Uptime | null }>()
  return async (objective: string, now: Instant) => {
    const found = known.get(objective)
    if (found !== undefined && monotonic() - found.at < countsHoldMs) return found.uptime
    const uptime = await countsOf(objective, now)
    known.set(objective, { at: monotonic(), uptime })
    return uptime
  }
}

function copiesOf(
  of: Pick<Reading, 'view' | 'stale'> & Pick<PageCopies, 'images'>,
  at: Omit<Standing, 'there'>,
  calendar: StatusPorts['calendar'],
): PageCopies {
  const { page } = of.view
  const address = (there: boolean) => addressOf(page, { ...at, there })
  const drawn = new Map<string, Copy>()
  const draw: Readonly<Record<CopyName, (reading: Reading) => Copy>> = {
    brand: ({ page: { color } }) => copyOf('text/css; charset=utf-8', color === null ? '' : brandStyle(color)),
    page: (reading) => copyOf('text/html; charset=utf-8', statusHtml(reading)),
    subscribe: (reading) => copyOf('text/html; charset=utf-8', subscribeHtml(reading)),
    history: (reading) => copyOf('text/html; charset=utf-8', historyHtml(reading)),
    atom: (reading) => copyOf('application/atom+xml; charset=utf-8', atomFeed(reading)),
    rss: (reading) => copyOf('application/rss+xml; charset=utf-8', rssFeed(reading)),
    maintenance: (reading) => copyOf('text/calendar; charset=utf-8', calendar.write(maintenanceOf(reading))),
  }
  return {
    page,
    view: of.view,
    images: of.images,
    address,
    copy: (name, language, there) => {
      const key = `${name} ${language} ${there}`
      const found = drawn.get(key)
      if (found !== undefined) return found
      const copy = draw[name]({ ...speakingOf(page, language, address(there)), ...of })
      drawn.set(key, copy)
      return copy
    },
  }
}

function copyOf(type: string, text: string): Copy {
  const body = Buffer.from(text)
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
  return { type, body, gzip: gzipSync(body, { level: 6 }), etag }
}

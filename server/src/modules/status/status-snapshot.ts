// The pages as they are sent, in memory: drawn when something changed, sent without asking the database. When it does
// not answer, the last copy stays and says how old it is.
import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { minute, second } from '../../kernel/duration.ts'
import type { Instant } from '../../kernel/instant.ts'
import { monotonicMs } from '../../platform/monotonic.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { firstLanguage, type ImageKind, type Language, type StatusPage, type Uptime } from './core/index.ts'
import { type Image, listImages, readImages } from './images.store.ts'
import { addressOf, type PageAddress, type Reading, speakingOf } from './reading.ts'
import type { StatusPorts } from './status.ports.ts'
import { readRevision } from './status.store.ts'
import { maintenanceOf } from './status-calendar.ts'
import { atomFeed, rssFeed } from './status-feed.ts'
import { historyHtml, statusHtml, subscribeHtml } from './status-html.ts'
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
  /** Drawn when it is first asked for, and kept until the page changes. */
  readonly copy: (name: CopyName, language: Language) => Copy
  readonly images: Readonly<Partial<Record<ImageKind, Image>>>
}

export interface Snapshot {
  readonly find: (page: string) => PageCopies | null
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
  const draw = (): void => {
    pages = new Map(
      views.map((view) => {
        const of = { view, stale, images: imagesOf(view.page.name) }
        return [view.page.name, copiesOf(of, addressOf(view.page, needs.publicUrl), ports.calendar)]
      }),
    )
    // What nearly everybody reads is ready before somebody asks.
    for (const { page, copy } of pages.values()) copy('page', firstLanguage(page))
  }
  const look = async (): Promise<void> => {
    const newest = await readRevision(needs.database)
    if (newest !== revision || stale || monotonic() - drawnAt >= drawEveryMs) {
      views = await readViews(needs.database, counts, null)
      await readPictures()
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
  address: PageAddress,
  calendar: StatusPorts['calendar'],
): PageCopies {
  const { page } = of.view
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
    images: of.images,
    copy: (name, language) => {
      const key = `${name} ${language}`
      const found = drawn.get(key)
      if (found !== undefined) return found
      const copy = draw[name]({ ...speakingOf(page, language, address), ...of })
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

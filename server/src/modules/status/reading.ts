// One reading of a page: in which language, under which address. Everything that is drawn is drawn from one.
import { formatInstant, type Instant } from '../../kernel/instant.ts'
import {
  firstLanguage,
  type ImageKind,
  type Language,
  type PageWords,
  type StatusPage,
  spokenIn,
  timeText,
  wordsOf,
} from './core/index.ts'
import type { ImageRow } from './images.store.ts'
import type { UpdateRow } from './status.store.ts'
import type { PageView, PostView } from './status-view.ts'

export interface Speaking {
  readonly page: StatusPage
  readonly language: Language
  readonly words: PageWords
  readonly address: PageAddress
}

export interface Reading extends Speaking {
  readonly view: PageView
  /** The database has not answered for a while, and this copy is all there is. */
  readonly stale: boolean
  readonly images: Pictures
}

export type Pictures = Readonly<Partial<Record<ImageKind, ImageRow>>>

export interface PageAddress {
  /** `https://status.example.org/status/shop`, for mails and feeds. */
  readonly url: string
  /** `/` where the page is all there is under its host. */
  readonly root: '' | '/'
  /** Of links in mails, whatever they do. */
  readonly origin: string
  /** `/status/shop`: what links on the page begin with. */
  readonly base: string
}

export interface Standing {
  readonly publicUrl: string
  /** The page's own, when it answers there. */
  readonly host: string | null
  /** True when it is read under that host. */
  readonly there: boolean
  /** Of a customer's view: what its address ends with. */
  readonly secret?: string
}

/** Everything that is told elsewhere names the page's own host where it has one; links on a page stay on the host they are read under. */
export function addressOf(page: Pick<StatusPage, 'name'>, { publicUrl, host, there, secret }: Standing): PageAddress {
  const under = secret === undefined ? '' : `/c/${secret}`
  const base = `/status/${page.name}${under}`
  const origin = host === null ? publicUrl : `https://${host}`
  if (host === null) return { origin, root: '', url: `${origin}${base}`, base }
  return { origin, root: under === '' ? '/' : '', url: `${origin}${under}`, base: there ? under : base }
}

export function speakingOf(page: StatusPage, language: Language, address: PageAddress): Speaking {
  return { page, language, words: wordsOf[language], address }
}

/** In the language somebody chose, while the page still has it. */
export function languageFor(page: StatusPage, chosen: string | null): Language {
  return page.languages.find((each) => each === chosen) ?? firstLanguage(page)
}

/** A link to the same page in the same language, as it stands in an attribute. */
export function linkTo({ page, address, language }: Speaking, path = '', other: Language = language): string {
  const query = other === firstLanguage(page) ? '' : `${path.includes('?') ? '&amp;' : '?'}lang=${other}`
  return `${path === '' && address.base === '' ? '/' : `${address.base}${path}`}${query}`
}

/** As `linkTo`, whole. */
export function urlTo({ page, address, language }: Speaking, path = '', other: Language = language): string {
  return `${address.url}${path === '' ? address.root : path}${other === firstLanguage(page) ? '' : `${path.includes('?') ? '&' : '?'}lang=${other}`}`
}

export const timeIn = ({ page, language }: Speaking, at: Instant): string => timeText(at, language, page.zone)

/** For people in words, for machines in the attribute. */
export const timeTag = (speaking: Speaking, at: Instant): string =>
  `<time datetime="${formatInstant(at)}">${timeIn(speaking, at)}</time>`

export const titleIn = ({ page, language }: Speaking, post: Pick<PostView, 'title' | 'titles'>) =>
  spokenIn(post.title, post.titles, language, firstLanguage(page))

export const bodyIn = ({ page, language }: Speaking, update: Pick<UpdateRow, 'body' | 'bodies'>) =>
  spokenIn(update.body, update.bodies, language, firstLanguage(page))

/** As it stands above a feed or a calendar: `Shop (For Acme)`. */
export const pageTitle = ({ page, words }: Speaking): string =>
  page.customer === null ? page.title : `${page.title} (${words.page.forCustomer(page.customer.title)})`

// What customers open: pages and feeds from memory, a form, two kinds of links. No sign-in, except for private pages.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../kernel/app-error.ts'
import type { WireDoor } from '../../platform/http/server.ts'
import type { Needs } from '../../platform/room/needs.ts'
import {
  chooseLanguage,
  imageKinds,
  isMonth,
  keyOf,
  languages,
  type PageWords,
  readHost,
  readKey,
  type StatusPage,
  wordsOf,
} from './core/index.ts'
import { linkTo, speakingOf } from './reading.ts'
import type { StatusPorts } from './status.ports.ts'
import { monthHtml, type Notice, noticeHtml } from './status-html.ts'
import type { rememberMonths } from './status-months.ts'
import type { CopyName, PageCopies, Snapshot } from './status-snapshot.ts'
import { statusStyle } from './status-style.ts'
import { type Followed, followLink, type LinkVerb, subscribe } from './usecases/subscribe.ts'

/** Short enough that an update is seen soon, long enough that a crowd is served by the caches in between. */
const cacheSeconds = 15

export function statusWireRoutes(
  needs: Needs,
  ports: StatusPorts,
  snapshot: Snapshot,
  months: ReturnType<typeof rememberMonths>,
) {
  return (server: FastifyInstance, door: WireDoor): void => {
    void server.register(async (scope) => {
      scope.removeAllContentTypeParsers()
      scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit: 4_096 }, (_request, body, done) =>
        done(null, body),
      )

      /** Read under the host of the page's own: links stay there. */
      const isThere = (request: FastifyRequest): boolean => {
        const host = readHost(request.headers.host)
        return host !== null && snapshot.pageOf(host) !== null
      }
      const find = (request: FastifyRequest): PageCopies | null => {
        const [page, secret] = [named(request, 'page'), named(request, 'secret')]
        return secret === '' ? snapshot.find(page) : snapshot.findFor(page, secret)
      }
      const show = (name: CopyName) => async (request: FastifyRequest, reply: FastifyReply) => {
        const found = find(request)
        if (found === null) return noPage(request, reply)
        // Public pages ask nobody, not even the database: they are needed most when everything else is down.
        const { languages: spoken } = found.page
        if (needsSession(found.page)) await door.admit(request, 'status.read-private')
        const copy = found.copy(
          name,
          chooseLanguage(spoken, query(request, 'lang'), accepted(request)),
          isThere(request),
        )
        reply
          .header('etag', copy.etag)
          .header('vary', spoken.length > 1 ? 'accept-encoding, accept-language' : 'accept-encoding')
          .headers(keeping(found.page))
        if (request.headers['if-none-match'] === copy.etag) return reply.code(304).send()
        reply.type(copy.type)
        const packed = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))
        return packed ? reply.header('content-encoding', 'gzip').send(copy.gzip) : reply.send(copy.body)
      }
      scope.get('/status/page.css', { config: { operationId: 'status.read-public' } }, async (_request, reply) =>
        reply.type('text/css; charset=utf-8').header('cache-control', 'public, max-age=3600').send(statusStyle),
      )
      const history = async (request: FastifyRequest, reply: FastifyReply) => {
        const month = query(request, 'month')
        const found = find(request)
        if (month === null || !isMonth(month) || found === null) return show('history')(request, reply)
        const { page } = found
        if (needsSession(page)) await door.admit(request, 'status.read-private')
        // Asks the database, so that a crowd is held back here and not there.
        await door.admit(request, 'status.read-month')
        const language = chooseLanguage(page.languages, query(request, 'lang'), accepted(request))
        const speaking = speakingOf(page, language, found.address(isThere(request)))
        const read = await months(page, month)
        const { history: title, away: sentence } = wordsOf[language].page
        if (read === null)
          return notice(reply.header('retry-after', '60'), 503, {
            ...{ language, title, sentence, button: null, back: linkTo(speaking) },
          })
        const view = { ...found.view, asOf: read.view.asOf }
        const html = monthHtml({ ...speaking, view, stale: read.stale, images: found.images }, read.view)
        return reply
          .header('vary', page.languages.length > 1 ? 'accept-encoding, accept-language' : 'accept-encoding')
          .headers(keeping(page))
          .type('text/html; charset=utf-8')
          .send(html)
      }
      const image = async (request: FastifyRequest, reply: FastifyReply) => {
        const found = find(request)
        const kind = imageKinds.find((each) => each === named(request, 'kind'))
        const picture = found === null || kind === undefined ? undefined : found.images[kind]
        if (found === null || picture === undefined) return noPage(request, reply)
        if (needsSession(found.page)) await door.admit(request, 'status.read-private')
        const open = found.page.visibility === 'public' && found.page.customer === null
        // The digest in the address changes with the picture. Whatever the bytes are, they are never a document that runs.
        const kept = open && query(request, 'v') === picture.digest ? 'public, max-age=31536000, immutable' : 'no-cache'
        return reply
          .headers(open ? { 'cache-control': kept } : keeping(found.page))
          .header('content-security-policy', "default-src 'none'; sandbox")
          .type(picture.type)
          .send(picture.bytes)
      }
      // A proxy asks before it gets a certificate for a name: only names of pages of ours are worth one.
      scope.get('/status/-/ask', { config: { operationId: 'status.read-public' } }, async (request, reply) => {
        const host = readHost(query(request, 'domain') ?? undefined)
        const known = host !== null && snapshot.pageOf(host) !== null
        return reply
          .code(known ? 200 : 404)
          .type('text/plain; charset=utf-8')
          .send(known ? 'yes' : 'no')
      })
      const take = async (request: FastifyRequest, reply: FastifyReply) => {
        const found = find(request)
        const page = named(request, 'page')
        const secret = named(request, 'secret')
        if (found !== null && needsSession(found.page)) await door.admit(request, 'status.read-private')
        await door.admit(request, 'status.subscribe')
        // A page declared a moment ago is in no copy yet; a link that is in none is no link.
        if (found === null && (secret !== '' || readKey(page).customer !== null)) return noPage(request, reply)
        const sent = new URLSearchParams(typeof request.body === 'string' ? request.body : '')
        const webhook = sent.get('webhook')
        const language = chooseLanguage(found?.page.languages ?? languages, sent.get('lang'), accepted(request))
        const words = wordsOf[language]
        const back = found === null ? null : linkTo(speakingOf(found.page, language, found.address(isThere(request))))
        if (secret !== '' && found !== null) reply.headers(keeping(found.page))
        const tell = (status: number, title: string, sentence: string) =>
          notice(reply, status, { language, title, sentence, button: null, back })
        try {
          const email = webhook === null ? (sent.get('email') ?? '') : null
          const to = { email, webhook, components: sent.getAll('component'), language }
          await subscribe(needs, ports, { page: found === null ? page : keyOf(found.page), ...to })
        } catch (error) {
          if (!(error instanceof AppError) || error.kind === 'unavailable') throw error
          if (error.kind === 'not-found') return noPage(request, reply)
          const { noEmail, noWebhook, tooMany, refused } = words.subscription
          if (error.kind === 'limited') return tell(429, refused, tooMany)
          return tell(422, refused, webhook === null ? noEmail : noWebhook)
        }
        const { lookMail, askedByMail, lookHook, askedByHook } = words.subscription
        return webhook === null ? tell(202, lookMail, askedByMail) : tell(202, lookHook, askedByHook)
      }
      scope.get('/status/:page', { config: { operationId: 'status.read-public' } }, show('page'))
      scope.get('/status/:page/brand.css', { config: { operationId: 'status.read-public' } }, show('brand'))
      scope.get('/status/:page/images/:kind', { config: { operationId: 'status.read-private' } }, image)
      scope.get('/status/:page/subscribe', { config: { operationId: 'status.read-public' } }, show('subscribe'))
      scope.get('/status/:page/history', { config: { operationId: 'status.read-month' } }, history)
      scope.get('/status/:page/feed.atom', { config: { operationId: 'status.read-public' } }, show('atom'))
      scope.get('/status/:page/feed.rss', { config: { operationId: 'status.read-public' } }, show('rss'))
      scope.get('/status/:page/maintenance.ics', { config: { operationId: 'status.read-public' } }, show('maintenance'))
      scope.post('/status/:page/subscribe', { config: { operationId: 'status.subscribe' } }, take)

      scope.get('/status/:page/c/:secret', { config: { operationId: 'status.read-public' } }, show('page'))
      scope.get('/status/:page/c/:secret/brand.css', { config: { operationId: 'status.read-public' } }, show('brand'))
      scope.get('/status/:page/c/:secret/images/:kind', { config: { operationId: 'status.read-private' } }, image)
      scope.get(
        '/status/:page/c/:secret/subscribe',
        { config: { operationId: 'status.read-public' } },
        show('subscribe'),
      )
      scope.get('/status/:page/c/:secret/history', { config: { operationId: 'status.read-month' } }, history)
      scope.get('/status/:page/c/:secret/feed.atom', { config: { operationId: 'status.read-public' } }, show('atom'))
      scope.get('/status/:page/c/:secret/feed.rss', { config: { operationId: 'status.read-public' } }, show('rss'))
      scope.get(
        '/status/:page/c/:secret/maintenance.ics',
        { config: { operationId: 'status.read-public' } },
        show('maintenance'),
      )
      scope.post('/status/:page/c/:secret/subscribe', { config: { operationId: 'status.subscribe' } }, take)
      const backTo = (request: FastifyRequest, { page, language }: Followed): string | null => {
        // The way to a customer's view is its secret, which is not known here.
        const found = page.customer === null ? snapshot.find(page.name) : null
        return found === null ? null : linkTo(speakingOf(page, language, found.address(isThere(request))))
      }
      const link = (verb: LinkVerb, look: boolean) => async (request: FastifyRequest, reply: FastifyReply) => {
        await door.admit(request, 'status.follow-link')
        const followed = await followLink(needs, ports, verb, named(request, 'token'), { look })
        if (followed === null) {
          const language = chooseLanguage(languages, query(request, 'lang'), accepted(request))
          const { nowhere, nowhereHint } = wordsOf[language].links
          return notice(reply, 404, { language, title: nowhere, sentence: nowhereHint, button: null, back: null })
        }
        const { language } = followed
        const { title, sentence } = linkWords(wordsOf[language].links, verb, look)
        const back = look ? null : backTo(request, followed)
        return notice(reply, 200, { language, title, sentence, button: look ? title : null, back })
      }
      scope.get('/status/confirm/:token', { config: { operationId: 'status.follow-link' } }, link('confirm', true))
      scope.post('/status/confirm/:token', { config: { operationId: 'status.follow-link' } }, link('confirm', false))
      scope.get('/status/unsubscribe/:token', { config: { operationId: 'status.follow-link' } }, link('leave', true))
      scope.post('/status/unsubscribe/:token', { config: { operationId: 'status.follow-link' } }, link('leave', false))
    })
  }
}

/** A customer's link is its permission, of a private page too. */
const needsSession = ({ visibility, customer }: StatusPage): boolean => visibility === 'private' && customer === null

const keeping = ({ visibility, customer }: StatusPage): Record<string, string> =>
  customer !== null
    ? { 'cache-control': 'private, no-store', 'referrer-policy': 'no-referrer', 'x-robots-tag': 'noindex' }
    : { 'cache-control': visibility === 'public' ? `public, max-age=${cacheSeconds}` : 'private, no-store' }

function linkWords(words: PageWords['links'], verb: LinkVerb, look: boolean) {
  if (verb === 'confirm')
    return look
      ? { title: words.confirm, sentence: words.confirmHint }
      : { title: words.confirmed, sentence: words.confirmedHint }
  return look ? { title: words.leave, sentence: words.leaveHint } : { title: words.left, sentence: words.leftHint }
}

function notice(reply: FastifyReply, status: number, told: Notice): FastifyReply {
  return reply.code(status).type('text/html; charset=utf-8').send(noticeHtml(told))
}

function noPage(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const language = chooseLanguage(languages, query(request, 'lang'), accepted(request))
  const { noPage: title, noPageHint: sentence } = wordsOf[language].links
  return notice(reply, 404, { language, title, sentence, button: null, back: null })
}

const accepted = (request: FastifyRequest): string | undefined => request.headers['accept-language']

function query({ query: given }: FastifyRequest, name: string): string | null {
  const found = typeof given === 'object' && given !== null ? new Map(Object.entries(given)).get(name) : undefined
  return typeof found === 'string' ? found : null
}

function named({ params }: FastifyRequest, name: string): string {
  const found = typeof params === 'object' && params !== null ? new Map(Object.entries(params)).get(name) : undefined
  return typeof found === 'string' ? found : ''
}

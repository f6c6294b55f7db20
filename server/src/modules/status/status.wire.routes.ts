// What customers open: pages and feeds from memory, a form, two kinds of links. No sign-in, except for private pages.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../kernel/app-error.ts'
import type { WireDoor } from '../../platform/http/server.ts'
import type { Needs } from '../../platform/room/needs.ts'
import type { StatusPorts } from './status.ports.ts'
import { noticeHtml } from './status-html.ts'
import type { CopyName, Snapshot } from './status-snapshot.ts'
import { statusStyle } from './status-style.ts'
import { followLink, type LinkVerb, subscribe } from './usecases/subscribe.ts'

/** Short enough that an update is seen soon, long enough that a crowd is served by the caches in between. */
const cacheSeconds = 15

export function statusWireRoutes(needs: Needs, ports: StatusPorts, snapshot: Snapshot) {
  return (server: FastifyInstance, door: WireDoor): void => {
    void server.register(async (scope) => {
      scope.removeAllContentTypeParsers()
      scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit: 4_096 }, (_request, body, done) =>
        done(null, body),
      )

      const show = (name: CopyName) => async (request: FastifyRequest, reply: FastifyReply) => {
        const found = snapshot.find(named(request, 'page'))
        if (found === null) return notice(reply, 404, 'There is no such page', 'Check the address.', null)
        // Public pages ask nobody, not even the database: they are needed most when everything else is down.
        if (found.visibility === 'private') await door.admit(request, 'status.read-private')
        const copy = found.copies[name]
        reply
          .header('etag', copy.etag)
          .header('vary', 'accept-encoding')
          .header(
            'cache-control',
            found.visibility === 'public' ? `public, max-age=${cacheSeconds}` : 'private, no-store',
          )
        if (request.headers['if-none-match'] === copy.etag) return reply.code(304).send()
        reply.type(copy.type)
        const packed = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))
        return packed ? reply.header('content-encoding', 'gzip').send(copy.gzip) : reply.send(copy.body)
      }
      scope.get('/status/page.css', { config: { operationId: 'status.read-public' } }, async (_request, reply) =>
        reply.type('text/css; charset=utf-8').header('cache-control', 'public, max-age=3600').send(statusStyle),
      )
      scope.get('/status/:page', { config: { operationId: 'status.read-public' } }, show('page'))
      scope.get('/status/:page/subscribe', { config: { operationId: 'status.read-public' } }, show('subscribe'))
      scope.get('/status/:page/history', { config: { operationId: 'status.read-private' } }, show('history'))
      scope.get('/status/:page/feed.atom', { config: { operationId: 'status.read-public' } }, show('atom'))
      scope.get('/status/:page/feed.rss', { config: { operationId: 'status.read-public' } }, show('rss'))

      scope.get('/status/:page/maintenance.ics', { config: { operationId: 'status.read-public' } }, show('maintenance'))

      scope.post('/status/:page/subscribe', { config: { operationId: 'status.subscribe' } }, async (request, reply) => {
        const page = named(request, 'page')
        if (snapshot.find(page)?.visibility === 'private') await door.admit(request, 'status.read-private')
        await door.admit(request, 'status.subscribe')
        const sent = new URLSearchParams(typeof request.body === 'string' ? request.body : '')
        const webhook = sent.get('webhook')
        const components = sent.getAll('component')
        const email = webhook === null ? (sent.get('email') ?? '') : null
        try {
          await subscribe(needs, ports, { page, email, webhook, components })
        } catch (error) {
          if (!(error instanceof AppError) || error.kind === 'unavailable') throw error
          const status = error.kind === 'not-found' ? 404 : error.kind === 'limited' ? 429 : 422
          return notice(reply, status, 'Not subscribed', error.message, status === 404 ? null : page)
        }
        return notice(
          reply,
          202,
          webhook === null ? 'Look into your mailbox' : 'Look at what the webhook got',
          `${webhook === null ? 'A mail' : 'The first request'} asks you to confirm. Nothing else is sent before you do.`,
          page,
        )
      })
      const link = (verb: LinkVerb, look: boolean) => async (request: FastifyRequest, reply: FastifyReply) => {
        await door.admit(request, 'status.follow-link')
        const page = await followLink(needs, ports, verb, named(request, 'token'), { look })
        if (page === null)
          return notice(
            reply,
            404,
            'This link leads nowhere',
            'It is too old, or it was cut. Subscribe again on the page.',
            null,
          )
        const words = linkWords[verb][look ? 'look' : 'done']
        return notice(reply, 200, words.title, words.sentence, look ? null : page, look ? words.title : null)
      }
      scope.get('/status/confirm/:token', { config: { operationId: 'status.follow-link' } }, link('confirm', true))
      scope.post('/status/confirm/:token', { config: { operationId: 'status.follow-link' } }, link('confirm', false))
      scope.get('/status/unsubscribe/:token', { config: { operationId: 'status.follow-link' } }, link('leave', true))
      scope.post('/status/unsubscribe/:token', { config: { operationId: 'status.follow-link' } }, link('leave', false))
    })
  }
}

const linkWords = {
  confirm: {
    look: { title: 'Confirm', sentence: 'Press the button to hear of incidents and maintenance.' },
    done: { title: 'Subscribed', sentence: 'You will hear of incidents and maintenance.' },
  },
  leave: {
    look: { title: 'Unsubscribe', sentence: 'Press the button to hear nothing more of this page.' },
    done: { title: 'Unsubscribed', sentence: 'Nothing more is sent to you.' },
  },
} as const

function notice(
  reply: FastifyReply,
  status: number,
  title: string,
  sentence: string,
  back: string | null,
  button: string | null = null,
): FastifyReply {
  return reply.code(status).type('text/html; charset=utf-8').send(noticeHtml({ title, sentence, button, back }))
}

function named({ params }: FastifyRequest, name: string): string {
  const found = typeof params === 'object' && params !== null ? new Map(Object.entries(params)).get(name) : undefined
  return typeof found === 'string' ? found : ''
}

// Outside the JSON API: the answer page of messages at /a/{token}, and calendars at /calendars/{secret}.ics.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { WireDoor } from '../../platform/http/server.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { answerPage, answerPageStyle, worthWords } from './answer-page.ts'
import type { OncallPorts } from './oncall.ports.ts'
import { answerLinkAnyhow, lookAtLinkAnyhow } from './usecases/answer-aboard.ts'
import { rateByLink, type Shown } from './usecases/answer-by-link.ts'
import { readFeed } from './usecases/publish-calendar.ts'

const operation = 'oncall.acknowledge-link'

interface Named {
  Params: { token: string }
}

export function oncallWireRoutes(needs: Needs, ports: OncallPorts) {
  return (server: FastifyInstance, door: WireDoor): void => {
    const tokenOf = async (request: FastifyRequest<Named>): Promise<string> => {
      await door.admit(request, operation)
      return request.params.token
    }
    server.get(
      '/calendars/:token',
      { config: { operationId: 'calendars.read' } },
      async (request: FastifyRequest<Named>, reply: FastifyReply) => {
        await door.admit(request, 'calendars.read')
        const text = await readFeed(needs, ports, request.params.token.replace(/\.ics$/, ''))
        if (text === null) return reply.code(404).type('text/plain; charset=utf-8').send('There is no such calendar.\n')
        // Only the subscriber may keep it, and not for long: a shift that moved shows within minutes.
        return reply.type('text/calendar; charset=utf-8').header('cache-control', 'private, max-age=300').send(text)
      },
    )
    void server.register(async (scope) => {
      // A form, a one-click mail client or nothing at all: beyond the token only a word on whether it was worth it.
      scope.removeAllContentTypeParsers()
      scope.addContentTypeParser(
        'application/x-www-form-urlencoded',
        { parseAs: 'string', bodyLimit: 4_096 },
        (_request, body, done) => done(null, worthIn(String(body))),
      )
      scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit: 4_096 }, (_request, _body, done) => done(null))
      scope.get('/a/page.css', { config: { operationId: 'oncall.acknowledge-link' } }, async (_request, reply) =>
        reply.type('text/css; charset=utf-8').header('cache-control', 'public, max-age=86400').send(answerPageStyle),
      )
      scope.get<Named>('/a/:token', { config: { operationId: 'oncall.acknowledge-link' } }, async (request, reply) =>
        send(reply, await lookAtLinkAnyhow(needs, ports, await tokenOf(request))),
      )
      scope.post<Named>('/a/:token', { config: { operationId: 'oncall.acknowledge-link' } }, async (request, reply) =>
        send(
          reply,
          typeof request.body === 'boolean'
            ? await rateByLink(needs, ports, await tokenOf(request), request.body)
            : await answerLinkAnyhow(needs, ports, await tokenOf(request)),
        ),
      )
    })
  }
}

/** Undefined for every other form: mail clients send `List-Unsubscribe=One-Click`. */
function worthIn(body: string): boolean | undefined {
  const word = new URLSearchParams(body).get('worth')
  return word === 'useful' || word === 'noise' ? worthWords[word] : undefined
}

function send(reply: FastifyReply, { status, page }: Shown): FastifyReply {
  return reply.code(status).type('text/html; charset=utf-8').send(answerPage(page))
}

// Serves the built console: hashed files for ever, the page itself fresh, with a style nonce of its own.
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { pageSecurityPolicy } from '../platform/http/security-headers.ts'

/** Paths that belong to the API or to other products' wire formats and must answer 404 as problems, not as the page. */
const notPages = /^\/(api|v1|v2|a|hooks|status|healthz|readyz|metrics|version|assets)(\/|$)/

export async function serveConsole(
  server: FastifyInstance,
  folder: string,
  onMissing: (request: FastifyRequest, reply: FastifyReply) => FastifyReply,
): Promise<void> {
  const page = path.join(folder, 'index.html')
  if (!existsSync(page)) return
  const template = readFileSync(page, 'utf8')
  await server.register(fastifyStatic, {
    root: folder,
    index: false,
    wildcard: false,
    // The build lays compressed copies beside its files.
    preCompressed: true,
    // Its own header would replace ours.
    cacheControl: false,
    // Names under assets/ carry a hash of their content.
    setHeaders: (reply, file) => {
      reply.setHeader('vary', 'accept-encoding')
      reply.setHeader(
        'cache-control',
        file.includes(`${path.sep}assets${path.sep}`) ? 'public, max-age=31536000, immutable' : 'no-cache',
      )
    },
  })
  server.setNotFoundHandler(async (request, reply) => {
    const url = request.url.split('?')[0] ?? '/'
    if (request.method === 'GET' && !notPages.test(url) && !path.extname(url)) return sendPage(reply, template)
    return onMissing(request, reply)
  })
  server.get('/', async (_request, reply) => sendPage(reply, template))
}

function sendPage(reply: FastifyReply, template: string): FastifyReply {
  const nonce = randomBytes(18).toString('base64')
  return reply
    .header('content-security-policy', pageSecurityPolicy(nonce))
    .header('cache-control', 'no-cache')
    .type('text/html; charset=utf-8')
    .send(template.replaceAll('{{nonce}}', nonce))
}

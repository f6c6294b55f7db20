// Serves the built console: hashed files for ever, the page itself fresh, with a style nonce of its own.
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { pageSecurityPolicy } from '../platform/http/security-headers.ts'
import { sessionCookie } from '../platform/http/server.ts'
import { type ConsoleFile, cacheControlOf, encodingFor, isKnown, readConsoleFiles } from './console-files.ts'

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
  const files = readPageFiles(path.join(folder, 'pages.json'))
  const { kept, left } = readConsoleFiles(folder)
  for (const file of kept) server.get(file.address, (request, reply) => sendFile(request, reply, file))
  await server.register(fastifyStatic, {
    root: folder,
    // Only what did not fit into memory, by its own routes.
    serve: false,
    // The build lays compressed copies beside its files.
    preCompressed: true,
    // Its own header would replace ours.
    cacheControl: false,
    setHeaders: (reply, file) => {
      reply.setHeader('vary', 'accept-encoding')
      reply.setHeader('cache-control', cacheControlOf(path.relative(folder, file).split(path.sep).join('/')))
    },
  })
  for (const name of left) server.get(`/${name}`, (_request, reply) => reply.sendFile(name))
  server.setNotFoundHandler(async (request, reply) => {
    const url = request.url.split('?')[0] ?? '/'
    if (request.method === 'GET' && !notPages.test(url) && !path.extname(url))
      return sendPage(request, reply, template, files)
    return onMissing(request, reply)
  })
  server.get('/', async (request, reply) => sendPage(request, reply, template, files))
}

function sendFile(request: FastifyRequest, reply: FastifyReply, file: ConsoleFile): FastifyReply {
  reply.headers({
    vary: 'accept-encoding',
    'cache-control': file.cacheControl,
    etag: file.etag,
    'last-modified': file.modified,
  })
  if (isKnown(request.headers, file)) return reply.code(304).send()
  const encoding = encodingFor(request.headers['accept-encoding'], file)
  if (encoding !== null) reply.header('content-encoding', encoding)
  return reply.type(file.type).send(encoding === null ? file.plain : file.compressed[encoding])
}

function sendPage(
  request: FastifyRequest,
  reply: FastifyReply,
  template: string,
  files: readonly PageFiles[],
): FastifyReply {
  const nonce = randomBytes(18).toString('base64')
  const session = bringsSession(request) ? 'brought' : 'none'
  return reply
    .header('content-security-policy', pageSecurityPolicy(nonce))
    .header('cache-control', 'no-cache')
    .type('text/html; charset=utf-8')
    .send(
      template
        .replaceAll('{{nonce}}', nonce)
        .replace('{{session}}', session)
        .replace('</head>', `${preloads(request, files)}</head>`),
    )
}

/** What the build says of its pages: see tools/console-page.ts. */
interface PageFiles {
  readonly pattern: RegExp
  readonly links: string
}

function readPageFiles(file: string): readonly PageFiles[] {
  if (!existsSync(file)) return []
  const pages: readonly { pattern: string; scripts: string[]; styles: string[] }[] = JSON.parse(
    readFileSync(file, 'utf8'),
  )
  return pages.map(({ pattern, scripts, styles }) => ({
    pattern: new RegExp(pattern),
    links: [
      ...scripts.map((href) => `<link rel="modulepreload" crossorigin href="${href}">`),
      ...styles.map((href) => `<link rel="preload" as="style" crossorigin href="${href}">`),
    ].join(''),
  }))
}

/** For whom the page will be drawn, its files are named at once; a stranger is led to the door. */
function preloads(request: FastifyRequest, files: readonly PageFiles[]): string {
  if (!bringsSession(request)) return ''
  const address = request.url.split('?')[0] ?? '/'
  return files.find(({ pattern }) => pattern.test(address))?.links ?? ''
}

// Whether the page may ask early for what only a known person gets; the cookie itself stays unread here.
const bringsSession = (request: FastifyRequest): boolean => request.headers.cookie?.includes(sessionCookie) === true

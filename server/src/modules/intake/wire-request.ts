// A request of a sender: its bytes, and where its token stands.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isJsonObject } from '../../kernel/json.ts'
import type { Incoming } from './usecases/admit-delivery.ts'

/** 64 alarms of an Alertmanager are some 200 kB; the largest documented delivery (SNS) is 256 KiB. */
export const bodyLimit = 4 * 1024 * 1024

/** From here on a body stays bytes: signatures are over bytes, and SNS calls its JSON text/plain. */
export function keepBytes(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit }, (_request, body, done) => done(null, body))
}

export function incomingOf(request: FastifyRequest): Pick<Incoming, 'headers' | 'body'> {
  const headers = Object.fromEntries(
    Object.entries(request.headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  )
  return { headers, body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0) }
}

/** Bearer, Opsgenie's GenieKey, or the password of basic authentication; last the address, for senders with nothing else. */
export function tokenOf(request: FastifyRequest): string | null {
  const header = request.headers.authorization ?? ''
  const given = /^(?:Bearer|GenieKey|Token) (\S{1,200})$/i.exec(header)?.[1]
  if (given !== undefined) return given
  const basic = /^Basic ([A-Za-z0-9+/=]{1,400})$/i.exec(header)?.[1]
  if (basic !== undefined) {
    const text = Buffer.from(basic, 'base64').toString('utf8')
    return text.slice(text.indexOf(':') + 1) || null
  }
  const { query } = request
  return isJsonObject(query) && typeof query.token === 'string' ? query.token : null
}

export function paramOf(request: FastifyRequest, name: string): string | null {
  const value = isJsonObject(request.params) ? request.params[name] : null
  return typeof value === 'string' && value !== '' ? value : null
}

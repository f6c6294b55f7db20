// A declared server, ready to be asked: its address and a fetch that carries its credentials.
import { AppError } from '../../kernel/app-error.ts'
import { minute } from '../../kernel/duration.ts'
import { isJsonObject } from '../../kernel/json.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { findResource } from '../catalog/index.ts'
import { type Connection, readConnection } from './core/index.ts'
import type { TelemetryPorts } from './telemetry.ports.ts'

export type Server = { readonly url: string; readonly intervalMs: number } & (
  | { readonly state: 'open'; readonly fetch: typeof globalThis.fetch }
  | { readonly state: 'closed'; readonly detail: string }
)

type Limits = Parameters<TelemetryPorts['egress']['fetch']>[1]

/** Null when nothing of that name is declared any more. */
export async function openServer(
  needs: Needs,
  ports: TelemetryPorts,
  dataSource: string,
  limits: Limits,
  family: 'prometheus' | 'scrape' = 'prometheus',
): Promise<Server | null> {
  const stored = await findResource(needs.database, { kind: 'DataSource', name: dataSource })
  const details = stored?.document.spec.connectionDetails
  if (!isJsonObject(details)) return null
  const { connection, faults } = readConnection(details, '/spec/connectionDetails')
  if (connection === null) {
    const detail = faults[0]?.detail ?? 'It cannot be reached as declared.'
    return { state: 'closed', url: 'http://unknown', intervalMs: minute, detail }
  }
  const { url, intervalMs } = connection
  try {
    const headers = headersOf(connection, ports.secret)
    const send = ports.egress.fetch(`${family}:${dataSource}`, limits)
    return { state: 'open', url, intervalMs, fetch: withHeaders(send, headers) }
  } catch (error) {
    if (error instanceof AppError) return { state: 'closed', url, intervalMs, detail: error.message }
    throw error
  }
}

/** Secrets are read anew each time: a rotated file counts at once, and nothing of it stays here. */
export function headersOf(connection: Connection, secret: TelemetryPorts['secret']): Readonly<Record<string, string>> {
  const { url, bearer, basic, headers } = connection
  const sent: Record<string, string> = {}
  for (const { name, value } of headers) sent[name] = 'text' in value ? value.text : secret(value.secret, url)
  if (bearer !== null) sent.authorization = `Bearer ${secret(bearer, url)}`
  if (basic !== null)
    sent.authorization = `Basic ${Buffer.from(`${basic.username}:${secret(basic.password, url)}`, 'utf8').toString('base64')}`
  return sent
}

function withHeaders(send: typeof globalThis.fetch, own: Readonly<Record<string, string>>): typeof globalThis.fetch {
  return (input, init) => {
    const headers = new Headers(init?.headers)
    for (const [name, value] of Object.entries(own)) headers.set(name, value)
    return send(input, { ...init, headers })
  }
}

// Asks a resolver for records: the machine's own, or one that the probe names and an administrator allows.
import { Resolver } from 'node:dns/promises'
import { isIP } from 'node:net'
import { AppError } from '../../kernel/app-error.ts'
import type { AskedCheck } from '../../modules/telemetry/core/index.ts'
import type { Egress } from '../../platform/egress/index.ts'
import { connector } from './connector.ts'

type DnsCheck = Extract<AskedCheck, { kind: 'dns' }>

export async function resolveRecords(egress: Egress, check: DnsCheck): Promise<readonly string[]> {
  const resolver = new Resolver({ timeout: check.timeoutMs, tries: 1 })
  if (check.server !== null) resolver.setServers([await allowed(egress, check.server, check.timeoutMs)])
  const late = setTimeout(() => resolver.cancel(), check.timeoutMs)
  try {
    return await ask(resolver, check)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    // The name is there without such records: that is an answer, and an empty one.
    if (code === 'ENODATA') return []
    throw new AppError('unavailable', 'probe.no-answer', wordsOf(code, check.name), { cause: error })
  } finally {
    clearTimeout(late)
  }
}

function wordsOf(code: string, name: string): string {
  if (code === 'ENOTFOUND') return `There is no name ${name}.`
  if (code === 'ESERVFAIL') return 'The resolver failed (SERVFAIL).'
  if (code === 'EREFUSED') return 'The resolver refused to answer.'
  return `The resolver did not answer (${code === '' ? 'unknown' : code}).`
}

/** `10.0.0.2`, `10.0.0.2:5353`, `[fd00::2]:53`, checked against the list of the connector. */
async function allowed(egress: Egress, server: string, timeoutMs: number): Promise<string> {
  const [, bracketed, plain, portText] = /^(?:\[([^\]]+)\]|([^:]+|[0-9a-fA-F:]+))(?::(\d{1,5}))?$/.exec(server) ?? []
  const host = bracketed ?? plain ?? ''
  if (isIP(host) === 0)
    throw new AppError('invalid', 'probe.resolver-invalid', `${server} is not the address of a resolver.`)
  const port = portText === undefined ? 53 : Number(portText)
  await egress.resolveChecked({ connector, host, port, tls: false, timeoutMs })
  return isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`
}

async function ask(resolver: Resolver, { name, type }: DnsCheck): Promise<readonly string[]> {
  switch (type) {
    case 'A':
      return resolver.resolve4(name)
    case 'AAAA':
      return resolver.resolve6(name)
    case 'CNAME':
      return resolver.resolveCname(name)
    case 'NS':
      return resolver.resolveNs(name)
    case 'TXT':
      return (await resolver.resolveTxt(name)).map((parts) => parts.join(''))
    case 'MX':
      return (await resolver.resolveMx(name)).map(({ priority, exchange }) => `${priority} ${exchange}`)
  }
}

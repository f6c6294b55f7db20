// The rules for everything that leaves: which connector may reach which internal target, and what nobody may reach.
import { readFileSync } from 'node:fs'
import { statusHookConnector } from '../integrations/webhook/status-hook.ts'
import { AppError } from '../kernel/app-error.ts'
import { trackers } from '../modules/tickets/index.ts'
import type { Config } from '../platform/config/config.ts'
import { type ConnectionSettings, hostsOf } from '../platform/database/connection.ts'
import {
  type AllowedTarget,
  createEgress,
  type Egress,
  type EgressPolicy,
  policyFaults,
  type Resolve,
  schemes,
} from '../platform/egress/index.ts'
import type { Log } from '../platform/log/log.ts'

/** `webhook=10.2.0.0/16:443;smtp=127.0.0.1/32:25,127.0.0.1/32:587` */
export function readAllowances(text: string | null): readonly EgressPolicy[] {
  if (text === null) return []
  const byConnector = new Map<string, AllowedTarget[]>()
  for (const part of text.split(';').map((each) => each.trim())) {
    if (part === '') continue
    const match = /^([a-z][a-z0-9:._-]{0,62})=(.+)$/.exec(part)
    if (match === null) throw wrong(`"${part}" is not connector=CIDR:port`)
    const [, connector = '', targets = ''] = match
    for (const target of targets.split(',')) {
      const found = /^\[?([0-9a-fA-F.:]+\/\d{1,3})\]?:(\d{1,5}|any)$/.exec(target.trim())
      if (found === null) throw wrong(`"${target}" is not CIDR:port such as 10.2.0.0/16:443`)
      const [, cidr = '', port = ''] = found
      const allowed: AllowedTarget = { cidr, ports: port === 'any' ? 'any' : [Number(port)], schemes }
      byConnector.set(connector, [...(byConnector.get(connector) ?? []), allowed])
    }
  }
  const policies = [...byConnector].map(([connector, allow]) => ({ connector, allow }))
  for (const policy of policies) for (const fault of policyFaults(policy)) throw wrong(fault)
  return policies
}

/** `prometheus:main=/etc/ssl/company.pem;probe=/etc/ssl/company.pem` */
export function readAuthorities(text: string | null): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const part of (text ?? '').split(';').map((each) => each.trim())) {
    if (part === '') continue
    const [, connector = '', file = ''] = /^([a-z][a-z0-9:._-]{0,62})=(.+)$/.exec(part) ?? []
    if (file === '') throw wrongAuthority(`"${part}" is not connector=file`)
    const pem = readPem(file)
    if (!pem.includes('-----BEGIN CERTIFICATE-----')) throw wrongAuthority(`${file} holds no certificate in PEM`)
    found.set(connector, pem)
  }
  return found
}

function readPem(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw wrongAuthority(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}

const insideToo: EgressPolicy = {
  connector: 'otlp',
  allow: ['127.0.0.0/8', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'].map((cidr) => ({
    cidr,
    ports: 'any',
    schemes,
  })),
}

export interface OutgoingOptions {
  readonly config: Config
  readonly log: Log
  readonly database: ConnectionSettings
  readonly ownPort: () => number
  /** Where names lead; the system's resolver unless said. */
  readonly resolve?: Resolve
}

export function openEgress(options: OutgoingOptions): Egress {
  const policies = new Map(
    readAllowances(options.config.get('MAINSTAY_EGRESS_ALLOW')).map((policy) => [policy.connector, policy]),
  )
  const authorities = readAuthorities(options.config.get('MAINSTAY_EGRESS_CA'))
  // `prometheus:main` falls back to what `prometheus` may reach and trusts.
  const of = <T>(known: ReadonlyMap<string, T>, connector: string) =>
    known.get(connector) ?? known.get(connector.split(':')[0] ?? '')
  return createEgress({
    ...(options.resolve === undefined ? {} : { resolve: options.resolve }),
    // `otlp` goes where the operator's own OTEL_ variables point, which is nearly always inside.
    policies: (connector) => {
      const policy = of(policies, connector) ?? (connector === 'otlp' ? insideToo : null)
      const authority = of(authorities, connector)
      return {
        allow: [],
        ...policy,
        connector,
        ...(authority === undefined ? {} : { tls: { authorities: [authority] } }),
        ...(connector === 'probe' ? { breaker: false as const } : {}),
        // Strangers name these, and their first message carries a secret.
        ...(isTracker(connector) || connector === statusHookConnector ? { plainOnlyAllowed: true } : {}),
      }
    },
    guard: {
      ownPorts: () => [options.ownPort()],
      endpoints: () => hostsOf(options.database),
    },
    observe: (record) => {
      if (record.code !== null) options.log.info('An outgoing request did not succeed.', { ...record })
    },
  })
}

const isTracker = (connector: string): boolean => trackers.some((each) => each === connector)

function wrongAuthority(what: string): AppError {
  return new AppError('invalid', 'config.invalid', `MAINSTAY_EGRESS_CA cannot be used: ${what}.`)
}

function wrong(what: string): AppError {
  return new AppError('invalid', 'config.invalid', `MAINSTAY_EGRESS_ALLOW cannot be used: ${what}.`)
}

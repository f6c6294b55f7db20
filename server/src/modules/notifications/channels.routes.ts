import { AppError } from '../../kernel/app-error.ts'
import { formatInstant } from '../../kernel/instant.ts'
import { type BoundOperation, route } from '../../platform/http/operation.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { type ConnectionRow, listConnections } from './channels.store.ts'
import { type ConnectionKind, type ContactKind, connectionKinds, contactKinds } from './core/index.ts'
import * as contract from './notifications.contract.ts'
import type { AnsweringPorts, NotificationPorts } from './notifications.ports.ts'
import { connectChannel, disconnectChannel } from './usecases/connections.ts'

/** Slack, Mattermost and Teams work without, by incoming webhooks; then they are one-way. */
const connectionOf: Readonly<Partial<Record<ContactKind, { kind: ConnectionKind; needed: boolean }>>> = {
  slack: { kind: 'slack', needed: false },
  mattermost: { kind: 'mattermost', needed: false },
  teams: { kind: 'teams', needed: false },
  telegram: { kind: 'telegram', needed: true },
  sms: { kind: 'twilio', needed: true },
  voice: { kind: 'twilio', needed: true },
}

const answersByItself: ReadonlySet<ContactKind> = new Set(['webpush', 'ntfy', 'mattermost'])

export function channelRoutes(
  needs: Needs,
  ports: NotificationPorts,
  answering: AnsweringPorts | null,
): readonly BoundOperation[] {
  const list = async () => {
    const rows = await listConnections(needs.database)
    return { items: contactKinds.map((kind) => stateOf(needs, ports, kind, rows)) }
  }
  return [
    route(contract.listChannels, list),
    route(contract.connectChannel, async ({ params, body, actor }) => {
      if (answering === null)
        throw new AppError('conflict', 'notifications.no-connections', 'This server has no chat and no telephone.')
      const settings = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined))
      await connectChannel(needs, ports, answering.connectors, { kind: kindOf(params.kind), settings, actor })
      return list()
    }),
    route(contract.disconnectChannel, async ({ params, actor }) => {
      await disconnectChannel(needs, { kind: kindOf(params.kind), actor })
      return null
    }),
  ]
}

function kindOf(text: string): ConnectionKind {
  const kind = connectionKinds.find((each) => each === text)
  if (kind !== undefined) return kind
  const known = connectionKinds.join(', ')
  throw new AppError('not-found', 'notifications.unknown-channel', `"${text}" is not connected here: ${known} are.`)
}

function stateOf(
  needs: Needs,
  ports: NotificationPorts,
  kind: ContactKind,
  rows: readonly ConnectionRow[],
): contract.ChannelStateReply {
  const connection = connectionOf[kind]
  const row = rows.find((each) => each.kind === connection?.kind)
  const present = ports.channels[kind] !== undefined
  const missing = connection?.needed === true && row === undefined
  return {
    kind,
    connection: connection?.kind ?? null,
    available: present && !missing,
    twoWay: answersByItself.has(kind) || (connection !== undefined && row !== undefined),
    because: missing
      ? 'An administrator connects it first: Settings, Channels.'
      : present
        ? null
        : 'This server was started without it.',
    connected: row === undefined ? null : { shown: shownOf(row), by: row.updatedBy, at: formatInstant(row.updatedAt) },
    addresses: addressesOf(kind, needs.publicUrl),
  }
}

function shownOf({ shown }: ConnectionRow): Record<string, string | null> {
  return Object.fromEntries(
    Object.entries(shown).map(([name, value]) => [name, typeof value === 'string' ? value : null]),
  )
}

function addressesOf(kind: ContactKind, publicUrl: string): contract.ChannelStateReply['addresses'] {
  if (kind === 'slack') return [{ label: 'Interactivity request URL', url: `${publicUrl}/hooks/slack` }]
  if (kind === 'sms') return [{ label: 'A message comes in', url: `${publicUrl}/hooks/twilio-sms` }]
  return []
}

// What a Mattermost server is to us: who our bot is, in which team its channels are made, whether the server confirms
// addresses, and the key it signs with. Asked seldom: it hardly ever changes.
import { createPublicKey, type KeyObject } from 'node:crypto'
import type { JsonObject } from '../../kernel/json.ts'
import type { ChatOutcome } from '../../modules/chat/chat.ports.ts'
import { wordsOf } from '../../modules/notifications/channel-http.ports.ts'
import type { Egress } from '../../platform/egress/index.ts'
import { monotonicMs } from '../../platform/monotonic.ts'
import { callMattermost, listOf, objectOf } from './mattermost-api.ts'
import { type MattermostSettings, readMattermostSettings } from './mattermost-channel.ts'

export interface MattermostSite {
  readonly settings: MattermostSettings
  readonly botId: string
  readonly botName: string
  /** Null when the bot is in several teams and none was named. */
  readonly team: { readonly id: string; readonly name: string } | null
  /** Nobody there has an address that was not proved. */
  readonly confirmsAddresses: boolean
  readonly signingKey: KeyObject | null
}

export interface SiteOptions {
  readonly egress: Pick<Egress, 'request'>
  readonly settings: () => Promise<JsonObject | null>
}

/** Answers what is known unless it is older than this; while the server is away, whatever was known. 0 asks in any case. */
export type FindSite = (maxAgeMs?: number) => Promise<ChatOutcome<MattermostSite>>

const knownForMs = 600_000
export const notConnected = { kind: 'wait', because: 'Mattermost is not connected.', afterMs: null } as const

export function createFindSite({ egress, settings }: SiteOptions): FindSite {
  let known: { readonly of: string; readonly at: number; readonly site: MattermostSite } | null = null
  return async (maxAgeMs = knownForMs) => {
    const read = readMattermostSettings(await settings())
    if (read === null) return notConnected
    const of = JSON.stringify(read)
    if (known !== null && known.of === of && monotonicMs() - known.at < maxAgeMs)
      return { kind: 'done', value: known.site }
    const found = await askSite(egress, read)
    if (found.kind === 'done') known = { of, at: monotonicMs(), site: found.value }
    else if (known?.of === of && maxAgeMs > 0) return { kind: 'done', value: known.site }
    return found
  }
}

async function askSite(
  egress: Pick<Egress, 'request'>,
  settings: MattermostSettings,
): Promise<ChatOutcome<MattermostSite>> {
  const me = await callMattermost(egress, settings, { method: 'GET', path: '/users/me' })
  if (me.kind !== 'done') return me
  const listed = await callMattermost(egress, settings, { method: 'GET', path: '/users/me/teams' })
  if (listed.kind !== 'done') return listed
  const config = await callMattermost(egress, settings, { method: 'GET', path: '/config/client?format=old' })
  if (config.kind !== 'done') return config
  const teams = listOf(listed.value).map(({ id, name }) => ({ id: wordsOf(id), name: wordsOf(name) }))
  const named = settings.team === null ? null : (teams.find((each) => each.name === settings.team) ?? null)
  const { id, username } = objectOf(me.value)
  const { RequireEmailVerification, AsymmetricSigningPublicKey } = objectOf(config.value)
  return {
    kind: 'done',
    value: {
      settings,
      botId: wordsOf(id),
      botName: wordsOf(username),
      team: settings.team !== null ? named : teams.length === 1 ? (teams[0] ?? null) : null,
      confirmsAddresses: RequireEmailVerification === 'true',
      signingKey: keyOf(AsymmetricSigningPublicKey),
    },
  }
}

/** PKIX in base64, as every client of Mattermost is given it. */
function keyOf(value: unknown): KeyObject | null {
  if (typeof value !== 'string' || value === '' || value.length > 2_000) return null
  try {
    return createPublicKey({ key: Buffer.from(value, 'base64'), format: 'der', type: 'spki' })
  } catch {
    return null
  }
}

export function teamMissing({ settings, botName }: MattermostSite): string {
  return settings.team === null
    ? `The bot ${botName} is in several teams or in none: name the one for incidents under Settings, Channels.`
    : `The bot ${botName} is no member of a team "${settings.team}". Add it there, or name another team.`
}

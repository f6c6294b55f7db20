// Our own tokens: by the app's secret, from the tenant's token endpoint, one for each resource; kept until shortly before
// they end, and asked for again when one is not taken.
import type { ChatOutcome } from '../../modules/chat/chat.ports.ts'
import { outcomeOfFailure } from '../../modules/chat/chat-http.ports.ts'
import { jsonOf, outcomeOf, wordsOf } from '../../modules/notifications/channel-http.ports.ts'
import type { Egress, Reply } from '../../platform/egress/index.ts'
import { monotonicMs } from '../../platform/monotonic.ts'
import { hostsOf, type TeamsSettings } from './teams-settings.ts'
import { waitOf } from './teams-wait.ts'

export type TeamsResource = 'connector' | 'graph'

export interface TeamsTokens {
  readonly of: (settings: TeamsSettings, resource: TeamsResource) => Promise<ChatOutcome<string>>
  /** It was not taken: the next one is a new one. */
  readonly drop: (token: string) => void
}

/** Renewed before it ends, or a call under way would end with it. */
const earlyMs = 5 * 60_000
const timeouts = { headersMs: 6_000, totalMs: 8_000 } as const

export function createTeamsTokens(egress: Pick<Egress, 'request'>): TeamsTokens {
  const kept = new Map<string, { readonly of: string; readonly token: string; readonly until: number }>()
  return {
    of: async (settings, resource) => {
      const of = JSON.stringify([settings.appId, settings.appSecret, settings.tenant, settings.cloud, settings.apiUrl])
      const known = kept.get(resource)
      if (known !== undefined && known.of === of && monotonicMs() < known.until)
        return { kind: 'done', value: known.token }
      const asked = await askToken(egress, settings, resource)
      if (asked.kind !== 'done') return asked
      const { token, livesMs } = asked.value
      kept.set(resource, { of, token, until: monotonicMs() + Math.max(livesMs / 2, livesMs - earlyMs) })
      return { kind: 'done', value: token }
    },
    drop: (token) => {
      for (const [resource, each] of kept) if (each.token === token) kept.delete(resource)
    },
  }
}

export async function askToken(
  egress: Pick<Egress, 'request'>,
  settings: TeamsSettings,
  resource: TeamsResource,
): Promise<ChatOutcome<{ readonly token: string; readonly livesMs: number }>> {
  const { login, issuer, graph } = hostsOf(settings)
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: settings.appId,
    client_secret: settings.appSecret,
    scope: `${resource === 'graph' ? graph : issuer}/.default`,
  }).toString()
  let reply: Reply
  try {
    reply = await egress.request({
      connector: 'teams',
      method: 'POST',
      url: `${login}/${encodeURIComponent(settings.tenant)}/oauth2/v2.0/token`,
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body,
      timeouts,
    })
  } catch (error) {
    // A token asked for twice is nobody's harm.
    const failed = outcomeOfFailure(outcomeOf(error))
    return failed.kind === 'lost' ? { kind: 'wait', because: failed.because, afterMs: null } : failed
  }
  const { access_token, expires_in, error, error_description } = jsonOf(reply)
  if (reply.status === 200 && typeof access_token === 'string' && access_token !== '') {
    const seconds = Number(expires_in)
    return { kind: 'done', value: { token: access_token, livesMs: seconds > 0 ? seconds * 1_000 : earlyMs } }
  }
  if (reply.status === 429 || reply.status >= 500 || typeof error !== 'string')
    return { kind: 'wait', because: `Microsoft Entra answered ${reply.status}.`, afterMs: waitOf(reply) }
  // `AADSTS7000215: Invalid client secret provided.` The rest is numbers of the request.
  const [said = error] = wordsOf(error_description).split(/ (?:Trace ID|Correlation ID|Timestamp)/)
  return {
    kind: 'wait',
    because: `Microsoft Entra gives the app no token: ${said} Connect it again under Settings, Channels.`,
    afterMs: null,
    locked: true,
  }
}

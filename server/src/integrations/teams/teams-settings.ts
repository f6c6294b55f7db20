// What is kept of a Teams bot, and where Microsoft is for it. Each of its clouds has hosts of its own; nothing is asked of,
// and nothing believed from, any other.
import type { JsonObject } from '../../kernel/json.ts'

export const teamsClouds = ['public', 'gcc', 'gcc-high', 'dod', 'china'] as const
export type TeamsCloud = (typeof teamsClouds)[number]

export interface TeamsSettings {
  /** Of the bot's registration, and of the tenant it belongs to. */
  readonly appId: string
  readonly appSecret: string
  readonly tenant: string
  readonly cloud: TeamsCloud
  /** Where incidents get their threads; null while none is named. */
  readonly channel: TeamsChannelPlace | null
  /** One address in place of all of Microsoft's. */
  readonly apiUrl: string | null
}

export interface TeamsChannelPlace {
  /** `19:…@thread.tacv2` */
  readonly id: string
  readonly name: string
  /** The Microsoft 365 group of its team. */
  readonly team: string
}

/** Where this cloud is: constants of Microsoft's documentation and of its SDK. */
export interface TeamsHosts {
  readonly login: string
  /** OpenID metadata of the keys that sign what comes in. */
  readonly metadata: string
  /** Of those tokens; and the resource ours are for. */
  readonly issuer: string
  /** Where messages go when no activity said it. */
  readonly service: string
  /** Origins an activity may name. */
  readonly services: readonly string[]
  readonly graph: string
  readonly links: string
}

const clouds: Readonly<Record<TeamsCloud, TeamsHosts>> = {
  public: {
    login: 'https://login.microsoftonline.com',
    metadata: 'https://login.botframework.com/v1/.well-known/openidconfiguration',
    issuer: 'https://api.botframework.com',
    service: 'https://smba.trafficmanager.net/teams',
    services: ['https://smba.trafficmanager.net'],
    graph: 'https://graph.microsoft.com',
    links: 'https://teams.microsoft.com',
  },
  gcc: {
    login: 'https://login.microsoftonline.com',
    metadata: 'https://login.botframework.com/v1/.well-known/openidconfiguration',
    issuer: 'https://api.botframework.com',
    service: 'https://smba.infra.gcc.teams.microsoft.com/teams',
    services: ['https://smba.infra.gcc.teams.microsoft.com', 'https://smba.trafficmanager.net'],
    graph: 'https://graph.microsoft.com',
    links: 'https://teams.microsoft.com',
  },
  'gcc-high': {
    login: 'https://login.microsoftonline.us',
    metadata: 'https://login.botframework.azure.us/v1/.well-known/openidconfiguration',
    issuer: 'https://api.botframework.us',
    service: 'https://smba.infra.gov.teams.microsoft.us/teams',
    services: ['https://smba.infra.gov.teams.microsoft.us'],
    graph: 'https://graph.microsoft.us',
    links: 'https://gov.teams.microsoft.us',
  },
  dod: {
    login: 'https://login.microsoftonline.us',
    metadata: 'https://login.botframework.azure.us/v1/.well-known/openidconfiguration',
    issuer: 'https://api.botframework.us',
    service: 'https://smba.infra.dod.teams.microsoft.us/teams',
    services: ['https://smba.infra.dod.teams.microsoft.us'],
    graph: 'https://dod-graph.microsoft.us',
    links: 'https://dod.teams.microsoft.us',
  },
  china: {
    login: 'https://login.partner.microsoftonline.cn',
    metadata: 'https://login.botframework.azure.cn/v1/.well-known/openidconfiguration',
    issuer: 'https://api.botframework.azure.cn',
    service: 'https://frontend.botapi.msg.infra.teams.microsoftonline.cn/teams',
    services: ['https://frontend.botapi.msg.infra.teams.microsoftonline.cn'],
    graph: 'https://microsoftgraph.chinacloudapi.cn',
    links: 'https://teams.microsoftonline.cn',
  },
}

export function hostsOf({ cloud, apiUrl }: Pick<TeamsSettings, 'cloud' | 'apiUrl'>): TeamsHosts {
  const hosts = clouds[cloud]
  if (apiUrl === null) return hosts
  return {
    ...hosts,
    login: apiUrl,
    metadata: `${apiUrl}/v1/.well-known/openidconfiguration`,
    service: `${apiUrl}/teams`,
    services: [new URL(apiUrl).origin],
    graph: `${apiUrl}/graph`,
  }
}

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
export const isGuid = (text: string): boolean => guid.test(text)

/** As an administrator gave them, or as they were kept; null when they are no settings of a bot. */
export function readTeamsSettings(settings: JsonObject | null): TeamsSettings | null {
  if (settings === null) return null
  const { appId, appSecret, tenant, apiUrl } = settings
  const cloud = teamsClouds.find((each) => each === settings.cloud) ?? 'public'
  if (typeof appId !== 'string' || typeof appSecret !== 'string' || typeof tenant !== 'string') return null
  return {
    appId: appId.toLowerCase(),
    appSecret,
    tenant: tenant.toLowerCase(),
    cloud,
    channel: readPlace(settings.channel),
    apiUrl: typeof apiUrl === 'string' && URL.canParse(apiUrl) ? apiUrl.replace(/\/+$/, '') : null,
  }
}

function readPlace(channel: unknown): TeamsChannelPlace | null {
  if (typeof channel === 'string') return readChannelLink(channel)?.channel ?? null
  if (typeof channel !== 'object' || channel === null) return null
  const { id, name, team } = { id: null, name: null, team: null, ...channel }
  return typeof id === 'string' && typeof name === 'string' && typeof team === 'string' ? { id, name, team } : null
}

export interface ChannelLink {
  readonly channel: TeamsChannelPlace
  readonly tenant: string | null
}

/** What "Get link to channel" copies: `…/l/channel/19%3A…%40thread.tacv2/Incidents?groupId=…&tenantId=…`. */
export function readChannelLink(link: string): ChannelLink | null {
  if (!URL.canParse(link)) return null
  const { pathname, searchParams } = new URL(link)
  const [, written = '', named = ''] = /^\/l\/channel\/([^/]+)(?:\/([^/]*))?/.exec(pathname) ?? []
  const id = decoded(written)
  const team = (searchParams.get('groupId') ?? '').toLowerCase()
  const tenant = (searchParams.get('tenantId') ?? '').toLowerCase()
  if (id === null || !isChannelId(id) || !isGuid(team)) return null
  return {
    channel: { id, name: (decoded(named) ?? '').slice(0, 100) || 'channel', team },
    tenant: isGuid(tenant) ? tenant : null,
  }
}

export const isChannelId = (text: string): boolean => /^19:[\w-]{1,120}@thread\.(tacv2|skype)$/.test(text)

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

/** Where an activity says it came from, if that is Microsoft's connector; null for anything else. */
export function knownService(settings: TeamsSettings, url: unknown): string | null {
  if (typeof url !== 'string' || url.length > 500 || !URL.canParse(url)) return null
  const { origin, pathname, search, hash, username, password } = new URL(url)
  const isPlain = search === '' && hash === '' && username === '' && password === ''
  if (!isPlain || !hostsOf(settings).services.includes(origin)) return null
  return `${origin}${pathname.replace(/\/+$/, '')}`
}

// The operations the console calls, one function each. No other file of the console names a path.
import type * as T from './api-types.ts'
import { call, client, filled, type Query } from './http.ts'

export type * from './api-types.ts'

const v1 = '/api/v1'
const part = encodeURIComponent
type Signal = AbortSignal

const get = <R>(path: string, signal: Signal, query?: Query) =>
  call<R>('GET', `${v1}${path}`, query === undefined ? { signal } : { signal, query })
const post = <R>(path: string, body: unknown = {}) => call<R>('POST', `${v1}${path}`, { body })

export const session = {
  read: (signal: Signal) => get<{ person: T.Person }>('/session', signal),
  signIn: (body: { email: string; password: string }) => post<{ person: T.Person }>('/session', body),
  signOut: () => call<null>('DELETE', `${v1}/session`),
  setupState: (signal: Signal) => get<T.Setup>('/setup', signal),
  setup: (body: { token: string; email: string; name: string; password: string }) =>
    post<{ person: T.Person }>('/setup', body),
  oidcStart: `${v1}/oidc/start`,
}

export const people = {
  list: (signal: Signal) => get<T.Page<T.Person>>('/people', signal, { limit: 500 }),
  create: (body: { email: string; name: string; role: T.Role; password?: string }) => post<T.Person>('/people', body),
  update: (id: string, body: { role?: T.Role; disabled?: boolean }) =>
    call<T.Person>('PATCH', `${v1}/people/${part(id)}`, { body }),
}

export const keys = {
  list: (signal: Signal) => get<T.Page<T.ApiKey>>('/keys', signal),
  create: (body: { name: string; role: T.Role; scopes: string[] }) => post<T.ApiKey & { token: string }>('/keys', body),
  revoke: (id: string) => call<null>('DELETE', `${v1}/keys/${part(id)}`),
}

export const sessions = {
  list: (signal: Signal) => get<T.Page<T.SessionRow>>('/sessions', signal),
  revoke: (id: string) => call<null>('DELETE', `${v1}/sessions/${part(id)}`),
}

export interface ServiceQuery extends Query {
  readonly team?: string
  readonly tier?: number
  readonly search?: string
  readonly limit?: number
  readonly cursor?: string
}

export const catalog = {
  services: (query: ServiceQuery, signal: Signal) => client['services.list']({ query: filled(query), signal }),
  service: (name: string, signal: Signal) => client['services.read']({ params: { name }, signal }),
  blastRadius: (name: string, signal: Signal) => client['services.blast-radius']({ params: { name }, signal }),
  teams: (signal: Signal) => client['teams.list']({ signal }),
  resource: (plural: string, name: string, signal: Signal) =>
    client['resources.read']({ params: { plural, name }, signal }),
  resources: (plural: string, signal: Signal) =>
    client['resources.list']({ params: { plural }, query: { limit: 500 }, signal }),
  kinds: (signal: Signal) => client['resources.kinds']({ signal }),
  plan: (body: T.ApplyOrder) => client['resources.plan']({ body }),
  apply: (body: T.ApplyOrder) => client['resources.apply']({ body }),
}

export const telemetry = {
  sources: (signal: Signal) => get<T.Page<T.TelemetrySource>>('/telemetry/sources', signal),
  probes: (signal: Signal) => get<T.Page<T.Probe>>('/probes', signal),
}

export const objectives = {
  list: (query: Query, signal: Signal) => get<T.Page<T.Objective>>('/objectives', signal, query),
  read: (name: string, signal: Signal) => get<T.ObjectiveDetail>(`/objectives/${part(name)}`, signal),
  series: (name: string, query: Query, signal: Signal) =>
    get<{ points: readonly T.SeriesPoint[] }>(`/objectives/${part(name)}/series`, signal, query),
  ledger: (name: string, signal: Signal) => get<T.Ledger>(`/objectives/${part(name)}/ledger`, signal),
  slices: (name: string, query: Query, signal: Signal) =>
    get<T.Slices>(`/objectives/${part(name)}/slices`, signal, query),
}

export const changes = {
  list: (query: Query, signal: Signal) => get<T.Page<T.Change>>('/changes', signal, query),
}

export type AlertVerb = 'acknowledge' | 'unacknowledge' | 'snooze' | 'resolve'

export const alerts = {
  list: (query: Query, signal: Signal) => get<T.Page<T.Alert>>('/alerts', signal, query),
  read: (id: string, signal: Signal) => get<T.AlertDetail>(`/alerts/${part(id)}`, signal),
  act: (id: string, verb: AlertVerb, body: Record<string, unknown> = {}) =>
    post<unknown>(`/alerts/${part(id)}/${verb}`, body),
  bulk: (ids: readonly string[], verb: AlertVerb, body: Record<string, unknown> = {}) =>
    post<unknown>('/alerts/bulk', { ids, action: verb, ...body }),
}

export const oncall = {
  now: (signal: Signal) => get<T.OnCallNow>('/oncall/now', signal),
  me: (signal: Signal) => get<T.OnCallMe>('/oncall/me', signal),
  final: (name: string, query: Query, signal: Signal) =>
    get<T.FinalSchedule>(`/schedules/${part(name)}/final`, signal, query),
  override: (schedule: string, body: { person: string; start: string; end: string; reason?: string }) =>
    post<unknown>(`/schedules/${part(schedule)}/overrides`, body),
  simulate: (policy: string, body: { at: string; urgency: 'high' | 'low' }) =>
    post<{ steps: readonly T.SimulatedStep[] }>(`/escalation-policies/${part(policy)}/simulate`, body),
}

export const notifications = {
  contacts: (signal: Signal) => get<T.Page<T.Contact>>('/contacts', signal),
  createContact: (body: Record<string, unknown>) => post<T.Contact>('/contacts', body),
  verifyContact: (id: string, code: string) => post<unknown>(`/contacts/${part(id)}/verify`, { code }),
  deleteContact: (id: string) => call<null>('DELETE', `${v1}/contacts/${part(id)}`),
  testContact: (id: string) => post<unknown>(`/contacts/${part(id)}/test`),
  rules: (signal: Signal) => get<{ rules: readonly T.NotificationRule[] }>('/notification-rules', signal),
  replaceRules: (rules: readonly T.NotificationRule[]) =>
    call<unknown>('PUT', `${v1}/notification-rules`, { body: { rules } }),
  webPushKey: () => call<{ publicKey: string }>('GET', `${v1}/webpush/key`),
}

export const incidents = {
  list: (query: Query, signal: Signal) => get<T.Page<T.Incident>>('/incidents', signal, query),
  read: (id: string, signal: Signal) => get<T.IncidentDetail>(`/incidents/${part(id)}`, signal),
  timeline: (id: string, signal: Signal) =>
    get<T.Page<T.TimelineItem>>(`/incidents/${part(id)}/timeline`, signal, { limit: 500 }),
  declare: (body: { title: string; severity: T.Severity; services: string[] }) => post<T.Incident>('/incidents', body),
  update: (id: string, body: Record<string, unknown>) =>
    call<T.IncidentDetail>('PATCH', `${v1}/incidents/${part(id)}`, { body }),
  transition: (id: string, to: string, note: string | null) =>
    post<unknown>(`/incidents/${part(id)}/transition`, note === null ? { to } : { to, note }),
  acknowledge: (id: string) => post<unknown>(`/incidents/${part(id)}/acknowledge`),
  assignRole: (id: string, role: string, person: string) =>
    post<unknown>(`/incidents/${part(id)}/roles`, { role, person }),
  note: (id: string, text: string) => post<unknown>(`/incidents/${part(id)}/notes`, { text }),
}

export const journal = {
  list: (query: Query, signal: Signal) => get<T.Page<T.JournalEntry>>('/journal', signal, query),
  verify: (signal: Signal) => get<T.JournalVerdict>('/journal/verify', signal),
  exportPath: `${v1}/journal/export`,
  streamPath: `${v1}/stream`,
}

export const overview = {
  read: (signal: Signal) => get<T.Overview>('/overview', signal),
}

export const platform = {
  version: (signal: Signal) => call<T.Version>('GET', '/version', { signal }),
}

export const demo = {
  read: (signal: Signal) => get<T.Demo>('/demo', signal),
  break: (service: string, mode: string) => post<unknown>('/demo/break', { service, mode }),
  repair: (service?: string) => post<unknown>('/demo/repair', service === undefined ? {} : { service }),
}

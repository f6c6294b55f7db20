// The operations the console calls, one function each. No other file of the console names one.

import type { Operations } from '../../../client/src/operations.gen.ts'
import { filled, type Query } from '../parts/query-text.ts'
import type * as T from './api-types.ts'
import { client, read } from './http.ts'

export type * from './api-types.ts'

const v1 = '/api/v1'
const part = encodeURIComponent
type Signal = AbortSignal

const get = <R>(path: string, signal: Signal, query?: Query) =>
  read<R>(`${v1}${path}`, query === undefined ? { signal } : { signal, query: filled(query) })

export const session = {
  /** Null when nobody is signed in by a session. */
  read: async (signal: Signal) => (await client['session.read']({ signal })).person,
  signIn: (body: { email: string; password: string }) => client['session.sign-in']({ body }),
  signOut: () => client['session.sign-out'](),
  setupState: (signal: Signal) => client['identity.setup-state']({ signal }),
  setup: (body: { token: string; email?: string; name?: string; password: string; timeZone?: string }) =>
    client['identity.setup']({ body }),
  oidcStart: `${v1}/oidc/start`,
}

export type SavedList = 'incidents' | 'alerts'
export const savedViews = {
  list: async (list: SavedList, signal: Signal) => (await client['identity.views']({ params: { list }, signal })).views,
  save: async (list: SavedList, body: { name: string; query: string }) =>
    (await client['identity.save-view']({ params: { list }, body })).views,
  forget: async (list: SavedList, name: string) =>
    (await client['identity.forget-view']({ params: { list }, query: { name } })).views,
}

export const people = {
  list: (signal: Signal) => client['people.list']({ query: { limit: 500 }, signal }),
  create: (body: { email: string; name: string; role: T.Role }) => client['people.create']({ body }),
  invite: (id: string) => client['people.invite']({ params: { id } }),
  update: (id: string, body: { role?: T.Role; disabled?: boolean }) =>
    client['people.update']({ params: { id }, body }),
}

export const keys = {
  list: (signal: Signal) => client['keys.list']({ query: { limit: 500 }, signal }),
  create: (body: { name: string; role: T.Role; scopes: readonly string[] }) => client['keys.create']({ body }),
  revoke: (id: string) => client['keys.revoke']({ params: { id } }),
}

export const sessions = {
  list: (person: string, signal: Signal) => client['sessions.list']({ query: { limit: 500, person }, signal }),
  revoke: (id: string) => client['sessions.revoke']({ params: { id } }),
}

export const retention = {
  read: (signal: Signal) => client['retention.read']({ signal }),
  holds: (signal: Signal) => client['holds.list']({ signal }),
  place: (body: { kind: T.HoldKind; name?: string; reason: string }) => client['holds.place']({ body }),
  lift: (id: string, reason: string) => client['holds.lift']({ params: { id }, body: { reason } }),
}

export const work = {
  setAside: (signal: Signal) => client['work.set-aside']({ query: { limit: 500 }, signal }),
  retry: (id: number) => client['work.retry']({ params: { id } }),
  drop: (id: number, reason: string) => client['work.drop']({ params: { id }, body: { reason } }),
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

type Lacking = NonNullable<NonNullable<Operations['telemetry.coverage']['input']['query']>['missing']>
export interface CoverageQuery extends Query {
  readonly search?: string
  readonly missing?: Lacking
  readonly sort?: 'name' | 'missing' | 'samples'
  readonly limit: number
  readonly cursor?: string
}

export const telemetry = {
  sources: (signal: Signal) => client['telemetry.sources']({ query: { limit: 500 }, signal }),
  signals: (name: string, query: { from: string; to: string }, signal: Signal) =>
    client['telemetry.signals']({ params: { name }, query, signal }),
  coverage: (query: CoverageQuery, signal: Signal) => client['telemetry.coverage']({ query: filled(query), signal }),
  serviceCoverage: (name: string, signal: Signal) => client['telemetry.service-coverage']({ params: { name }, signal }),
  probes: (signal: Signal) => client['probes.list']({ query: { limit: 500 }, signal }),
  probePage: (query: { limit: number; cursor?: string }, signal: Signal) => client['probes.list']({ query, signal }),
  probe: (name: string, signal: Signal) => client['probes.read']({ params: { name }, signal }),
  probeResults: (name: string, signal: Signal) =>
    client['probes.results']({ params: { name }, query: { limit: 500 }, signal }),
}

export const intake = {
  sources: (signal: Signal) => client['intake.list']({ signal }),
  source: (name: string, signal: Signal) => client['intake.read']({ params: { name }, signal }),
  issueToken: (name: string) => client['intake.issue-token']({ params: { name }, body: {} }),
  revokeToken: (name: string, id: string) => client['intake.revoke-token']({ params: { name, id } }),
  setSecret: (name: string, secret: string) => client['intake.set-secret']({ params: { name }, body: { secret } }),
  removeSecret: (name: string) => client['intake.remove-secret']({ params: { name } }),
  preview: (body: { source: string; body: string; mapping?: T.IntakeMapping }, signal: Signal) =>
    client['intake.preview']({ body, signal }),
  orphans: (query: { source: string; limit: number }, signal: Signal) => client['intake.orphans']({ query, signal }),
  unclaimed: (signal: Signal) => client['intake.unclaimed']({ signal }),
  replay: (id: string) => client['intake.replay']({ params: { id } }),
  dismiss: (id: string) => client['intake.dismiss']({ params: { id }, body: {} }),
}

/** The whole declaration: what is left out is taken away. */
export const declareAlertSource = ({ metadata, spec }: Pick<T.Resource, 'metadata' | 'spec'>) =>
  client['resources.apply']({
    body: {
      documents: JSON.stringify({ apiVersion: 'mainstay.dev/v1', kind: 'AlertSource', metadata, spec }),
      manager: 'console',
    },
  })

export const objectives = {
  list: (query: Query, signal: Signal) => get<T.Page<T.Objective>>('/objectives', signal, query),
  counts: (query: Query, signal: Signal) => get<T.ObjectiveCounts>('/objective-counts', signal, query),
  read: (name: string, signal: Signal) => get<T.ObjectiveDetail>(`/objectives/${part(name)}`, signal),
  series: (name: string, query: Query, signal: Signal) =>
    get<{ points: readonly T.SeriesPoint[] }>(`/objectives/${part(name)}/series`, signal, query),
  ledger: (name: string, signal: Signal) => get<T.Ledger>(`/objectives/${part(name)}/ledger`, signal),
  /** The step is in milliseconds. */
  slices: (name: string, query: { from: string; to: string; step: number }, signal: Signal) =>
    client['telemetry.slices']({ params: { name }, query, signal }),
}

interface ChangeQuery extends Query {
  readonly service?: string | null | undefined
  readonly from?: string
  readonly to?: string
  readonly limit?: number
}

export const changes = {
  list: (query: ChangeQuery, signal: Signal) => client['changes.list']({ query: filled(query), signal }),
}

export type AlertVerb = 'acknowledge' | 'unacknowledge' | 'snooze' | 'resolve'
export type AlertFilter = T.AlertStatus | 'open'

interface AlertQuery extends Query {
  readonly status?: AlertFilter | null
  readonly service?: string
  readonly team?: string
  readonly rule?: string
  readonly search?: string
  readonly number?: number
  readonly limit?: number
  readonly cursor?: string
}

export const alerts = {
  list: (query: AlertQuery, signal: Signal) => client['alerts.list']({ query: filled(query), signal }),
  read: (id: string, signal: Signal) => client['alerts.read']({ params: { id }, signal }),
  act: (id: string, verb: AlertVerb, more: { readonly forMs?: number; readonly useful?: boolean } = {}) => {
    const params = { id }
    const { forMs = 0, ...rating } = more
    if (verb === 'snooze') return client['alerts.snooze']({ params, body: { forMs } })
    if (verb === 'resolve') return client['alerts.resolve']({ params, body: rating })
    if (verb === 'acknowledge') return client['alerts.acknowledge']({ params, query: rating })
    return client['alerts.unacknowledge']({ params })
  },
  bulk: (ids: readonly string[], action: Exclude<AlertVerb, 'snooze'>, rating: { readonly useful?: boolean } = {}) =>
    client['alerts.bulk']({ body: { ids, action, ...rating } }),
  rate: (id: string, useful: boolean | null) => client['alerts.rate']({ params: { id }, body: { useful } }),
  quality: (
    query: { by: 'rule' | 'service' | 'team'; from: string; zone: string | undefined; limit: number },
    signal: Signal,
  ) => client['alerts.quality']({ query: filled(query), signal }),
}

export const silences = {
  list: (signal: Signal) => client['silences.list']({ signal }),
  /** Makes none. */
  preview: (body: { sets: T.Silence['sets']; endsAt: string }, signal: Signal) =>
    client['silences.preview']({ body, signal }),
  create: (body: Parameters<(typeof client)['silences.create']>[0]['body']) => client['silences.create']({ body }),
  end: (id: string) => client['silences.expire']({ params: { id } }),
}

/** A policy as edited, for a simulation. */
export type PolicySpec = NonNullable<NonNullable<Parameters<(typeof client)['policies.simulate']>[0]['body']>['spec']>

export const oncall = {
  now: (signal: Signal) => client['oncall.now']({ signal }),
  me: (signal: Signal) => client['oncall.me']({ signal }),
  final: (name: string, query: { from: string; to: string }, signal: Signal) =>
    client['schedules.final']({ params: { name }, query, signal }),
  overrides: (name: string, signal: Signal) => client['overrides.list']({ params: { name }, signal }),
  override: (name: string, body: T.OverrideOrder) => client['overrides.create']({ params: { name }, body }),
  endOverride: (id: string) => client['overrides.delete']({ params: { id } }),
  lint: (name: string, signal: Signal) => client['schedules.lint']({ params: { name }, signal }),
  load: (name: string, query: { from: string; to: string }, signal: Signal) =>
    client['schedules.load']({ params: { name }, query, signal }),
  /** Saves nothing. */
  preview: (name: string, body: { override: T.OverrideOrder; from: string; to: string }, signal: Signal) =>
    client['schedules.preview']({ params: { name }, body, signal }),
  at: (at: string, signal: Signal) => client['oncall.now']({ query: { at }, signal }),
  swaps: (schedule: string, signal: Signal) => client['swaps.list']({ query: { schedule }, signal }),
  askSwap: (name: string, body: T.SwapOrder) => client['swaps.create']({ params: { name }, body }),
  acceptSwap: (id: string, despite: boolean) => client['swaps.accept']({ params: { id }, body: { despite } }),
  declineSwap: (id: string) => client['swaps.decline']({ params: { id }, body: {} }),
  withdrawSwap: (id: string) => client['swaps.withdraw']({ params: { id } }),
  calendars: (signal: Signal) => client['calendars.list']({ signal }),
  createCalendar: (body: { kind: 'person' } | { kind: 'schedule' | 'team'; name: string }) =>
    client['calendars.create']({ body }),
  closeCalendar: (id: string) => client['calendars.delete']({ params: { id } }),
  simulate: (name: string, body: { at: string; urgency: 'high' | 'low'; spec?: PolicySpec }) =>
    client['policies.simulate']({ params: { name }, body }),
  escalation: (alert: string, signal: Signal) => client['escalations.read']({ params: { alert }, signal }),
  reapply: (alert: string) => client['escalations.reapply']({ params: { alert } }),
  escalate: (alert: string) => client['escalations.escalate']({ params: { alert } }),
}

export const notifications = {
  contacts: (signal: Signal) => client['contacts.list']({ signal }),
  createContact: (body: T.ContactOrder) => client['contacts.create']({ body }),
  /** Without a code, a new one is sent. */
  verifyContact: (id: string, code: string | null) =>
    client['contacts.verify']({ params: { id }, body: code === null ? {} : { code } }),
  deleteContact: (id: string) => client['contacts.delete']({ params: { id } }),
  testContact: (id: string) => client['contacts.test']({ params: { id } }),
  rules: (signal: Signal) => client['rules.read']({ signal }),
  replaceRules: (body: T.NotificationRules) => client['rules.replace']({ body }),
  channels: (signal: Signal) => client['channels.list']({ signal }),
  /** Asks the provider first; a wrong secret is refused with its words. */
  connectChannel: (kind: T.ConnectionKind, body: T.ChannelConnectionOrder) =>
    client['channels.connect']({ params: { kind }, body }),
  disconnectChannel: (kind: T.ConnectionKind) => client['channels.disconnect']({ params: { kind } }),
  webPushKey: () => client['webpush.key'](),
}

interface IncidentQuery extends Query {
  readonly status?: 'open' | 'planned' | 'over' | 'resolved'
  readonly search?: string
  readonly cursor?: string
  readonly service?: string
  readonly number?: number
  readonly limit?: number
}

export const incidents = {
  list: (query: IncidentQuery, signal: Signal) => client['incidents.list']({ query: filled(query), signal }),
  read: (id: string, signal: Signal) => client['incidents.read']({ params: { id }, signal }),
  timeline: (id: string, after: number, signal: Signal) =>
    client['incidents.timeline']({ params: { id }, query: { limit: 1000, after }, signal }),
  declare: (body: { title: string; severity: T.Severity; services: readonly string[] }) =>
    client['incidents.declare']({ body }),
  update: (id: string, body: { title?: string; severity?: string; reason?: string; callUrl?: string | null }) =>
    client['incidents.update']({ params: { id }, body }),
  transition: (id: string, to: T.IncidentStatus, note: string | null) =>
    client['incidents.transition']({ params: { id }, body: note === null ? { to } : { to, note } }),
  /** The one who asks takes it. */
  takeRole: (id: string, role: T.IncidentRole) => client['incidents.assign-role']({ params: { id }, body: { role } }),
  note: (id: string, text: string) => client['incidents.note']({ params: { id }, body: { text } }),
}

export const status = {
  list: (signal: Signal) => client['statuspages.list']({ signal }),
  draft: (page: string, incident: string, customer: string) =>
    client['statuspages.draft']({ params: { page }, query: customer === '' ? { incident } : { incident, customer } }),
  customers: (page: string, signal: Signal) =>
    client['statuscustomers.list']({ query: page === '' ? {} : { page }, signal }),
  linkCustomer: (customer: string) => client['statuscustomers.link']({ params: { customer } }),
  revokeCustomer: (customer: string) => client['statuscustomers.revoke']({ params: { customer } }),
  publish: (page: string, body: T.PublishOrder) => client['statuspages.publish']({ params: { page }, body }),
  update: (id: string, body: T.UpdateOrder) => client['statuspages.update']({ params: { id }, body }),
  history: (page: string, month: string, signal: Signal) =>
    client['statuspages.history']({ params: { page }, query: filled({ month }), signal }),
  checkHost: (page: string) => client['statuspages.check-host']({ params: { page } }),
  uploadImage: (page: string, kind: 'logo' | 'icon', data: string) =>
    client['statuspages.upload-image']({ params: { page, kind }, body: { data } }),
  removeImage: (page: string, kind: 'logo' | 'icon') => client['statuspages.remove-image']({ params: { page, kind } }),
  subscribers: (page: string, cursor: string | undefined, signal: Signal) =>
    client['statuspages.subscribers']({ params: { page }, query: filled({ limit: 50, cursor }), signal }),
  subscribe: (page: string, body: { email?: string; webhook?: string; components: string[] }) =>
    client['statuspages.subscribe']({ params: { page }, body }),
  resume: (id: string) => client['statuspages.resume-subscriber']({ params: { id } }),
  unsubscribe: (id: string) => client['statuspages.remove-subscriber']({ params: { id } }),
}

interface JournalQuery extends Query {
  readonly subjectKind?: string
  readonly subjectId?: string
  readonly service?: string
  readonly type?: string
  readonly limit?: number
  readonly cursor?: string
}

export const journal = {
  list: (query: JournalQuery, signal: Signal) => client['journal.list']({ query: filled(query), signal }),
  verify: (signal: Signal) => client['journal.verify']({ signal }),
  exportPath: `${v1}/journal/export`,
  streamPath: `${v1}/stream`,
}

export const overview = {
  read: (signal: Signal) => client['overview.read']({ signal }),
}

export const platform = {
  version: (signal: Signal) => read<T.Version>('/version', { signal }),
  readiness: (signal: Signal) => read<T.Readiness>('/readyz', { signal }),
}

export const demo = {
  read: (signal: Signal) => client['demo.read']({ signal }),
  break: (service: string, mode: string) => client['demo.break']({ body: { service, mode } }),
  repair: (service?: string) => client['demo.repair']({ body: service === undefined ? {} : { service } }),
}

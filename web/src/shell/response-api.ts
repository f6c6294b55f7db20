// The operations of the incident room and of postmortems, one function each; beside api.ts, which holds the others.
import type {
  CorrectiveAction,
  GraphPin,
  Incident,
  IncidentImpact,
  IncidentItem,
  IncidentUpdate,
  Postmortem,
  PostmortemSummary,
  RelatedToIncident,
  SeverityDefinition,
  UpdateProposal,
} from '../../../client/src/index.ts'
import { filled, type Query } from '../parts/query-text.ts'
import { client } from './http.ts'

export type {
  CorrectiveAction,
  GraphPin,
  IncidentImpact,
  IncidentItem,
  IncidentUpdate,
  Postmortem,
  PostmortemSummary,
  SeverityDefinition,
  UpdateProposal,
}
export type Related = RelatedToIncident
export type ItemKind = IncidentItem['kind']
export type ItemState = IncidentItem['state']
export type Audience = IncidentUpdate['audience']
/** With the audience `customer`, its name. */
export interface Addressee {
  readonly audience: Audience
  readonly customer?: string
}
export type IncidentKind = Incident['kind']
export type IncidentRole = Incident['roles'][number]['role']
export type Factor = Postmortem['factors'][number]
export type ActionKind = CorrectiveAction['kind']
export type ProofSignal = NonNullable<CorrectiveAction['signal']>
type Signal = AbortSignal

export interface DeclareOrder {
  readonly title: string
  readonly severity?: string
  readonly peopleAffected?: number
  readonly services: readonly string[]
  readonly kind: IncidentKind
  readonly startedAt?: string
  readonly resolvedAt?: string
  readonly startsAt?: string
  readonly endsAt?: string
  readonly maintenance?: string
  readonly alerts?: readonly string[]
}

export interface NewItem {
  readonly kind: ItemKind
  readonly text: string
  readonly owner?: string
  readonly reason?: string
  readonly verify?: { readonly objective: string; readonly holdMs?: number }
  readonly vendorCase?: { readonly vendor: string; readonly caseNumber?: string }
}

export interface ItemChange {
  readonly state?: ItemState
  readonly reason?: string
  readonly owner?: string | null
  readonly evidence?: { readonly side: 'for' | 'against'; readonly text: string }
  readonly caseNumber?: string
}

export const incidentRoom = {
  severities: (signal: Signal) => client['incidents.severities']({ signal }),
  propose: (services: readonly string[], people: number | null, signal: Signal) =>
    client['incidents.propose']({
      body: { services: [...services], ...(people === null ? {} : { peopleAffected: people }) },
      signal,
    }),
  declare: (body: DeclareOrder) => {
    const { services, alerts, ...rest } = body
    return client['incidents.declare']({
      body: { ...rest, services: [...services], ...(alerts === undefined ? {} : { alerts: [...alerts] }) },
    })
  },
  replan: (id: string, body: { startsAt?: string; endsAt?: string; reason: string }) =>
    client['incidents.replan']({ params: { id }, body }),
  wentWrong: (id: string, body: { reason: string; severity?: string; startedAt?: string }) =>
    client['incidents.went-wrong']({ params: { id }, body }),
  offer: (id: string, role: IncidentRole, person: string) =>
    client['incidents.offer-role']({ params: { id }, body: { role, person } }),
  answer: (id: string, role: IncidentRole, accept: boolean) =>
    client['incidents.answer-offer']({ params: { id }, body: { role, accept } }),
  correctTime: (id: string, body: { time: IncidentTime; at: string | null; reason: string }) =>
    client['incidents.correct-time']({ params: { id }, body }),
  noteAt: (id: string, text: string, at: string) => client['incidents.note']({ params: { id }, body: { text, at } }),
  work: (id: string, signal: Signal) => client['incidents.work']({ params: { id }, signal }),
  addItem: (id: string, body: NewItem) => client['incidents.add-item']({ params: { id }, body }),
  changeItem: (id: string, item: string, body: ItemChange) =>
    client['incidents.change-item']({ params: { id, item }, body }),
  pin: (id: string, body: { objective: string; from: string; to: string }) =>
    client['incidents.pin-graph']({ params: { id }, body }),
  place: (id: string, entry: number, body: { at: string; reason: string }) =>
    client['incidents.place-entry']({ params: { id, entry }, body }),
  related: (id: string, signal: Signal) => client['incidents.related']({ params: { id }, signal }),
  updates: (id: string, signal: Signal) => client['incidents.updates']({ params: { id }, signal }),
  draft: (id: string, to: Addressee, signal?: Signal) =>
    client['incidents.draft-update']({
      params: { id },
      query: to,
      ...(signal === undefined ? {} : { signal }),
    }),
  post: (id: string, to: Addressee, text: string) =>
    client['incidents.post-update']({ params: { id }, body: { ...to, text } }),
  proposeUpdate: (id: string, to: Addressee, text: string) =>
    client['incidents.propose-update']({ params: { id }, body: { ...to, text } }),
  withdrawUpdate: (id: string, number: number) =>
    client['incidents.withdraw-update']({ params: { id, number }, body: {} }),
  decideUpdate: (id: string, number: number, verdict: { approve: boolean; reason?: string }) =>
    client['incidents.decide-update']({ params: { id, number }, body: verdict }),
  impact: (id: string, signal: Signal) => client['incidents.impact']({ params: { id }, signal }),
  stateImpact: (id: string, statement: string | null, spans: readonly ImpactSpan[], hurt: WhoIsHurt) =>
    client['incidents.state-impact']({
      params: { id },
      body: {
        statement,
        spans: spans.map((each) => ({ ...each })),
        people: hurt.people,
        regions: [...hurt.regions],
        customers: [...hurt.customers],
      },
    }),
  restrict: (id: string, body: { kind: 'normal' | 'security'; readers: readonly string[]; reason: string }) =>
    client['incidents.restrict']({ params: { id }, body: { ...body, readers: [...body.readers] } }),
  merge: (id: string, into: string, reason: string, people: number | null) =>
    client['incidents.merge']({ params: { id }, body: { into, reason, ...(people === null ? {} : { people }) } }),
  relate: (id: string, other: string, relation: 'child-of' | 'related', reason: string) =>
    client['incidents.relate']({ params: { id }, body: { other, relation, reason } }),
  export: (id: string) => client['incidents.export']({ params: { id } }),
}

export interface WhoIsHurt {
  readonly people: number | null
  readonly regions: readonly string[]
  readonly customers: readonly string[]
}

export interface ImpactSpan {
  readonly service: string
  readonly startedAt: string
  readonly endedAt: string | null
}
export type IncidentTime = 'impactStartedAt' | 'detectedAt' | 'acknowledgedAt' | 'mitigatedAt' | 'resolvedAt'

export const postmortems = {
  list: (query: Query, signal: Signal) => client['postmortems.list']({ query: filled(query), signal }),
  read: (id: string, signal: Signal) => client['postmortems.read']({ params: { id }, signal }),
  open: (incident: string) => client['postmortems.open']({ body: { incident } }),
  write: (id: string, section: Postmortem['sections'][number]['section'], body: string, version: number) =>
    client['postmortems.write-section']({ params: { id, section }, body: { body, version } }),
  factors: (id: string, factors: readonly Factor[], version: number) =>
    client['postmortems.write-factors']({
      params: { id },
      body: { factors: factors.map((each) => ({ ...each, leadsTo: [...each.leadsTo] })), version },
    }),
  refresh: (id: string) => client['postmortems.refresh-facts']({ params: { id } }),
  move: (id: string, to: Postmortem['status'], note: string) =>
    client['postmortems.transition']({ params: { id }, body: note === '' ? { to } : { to, note } }),
  export: (id: string) => client['postmortems.export']({ params: { id } }),
}

export interface NewAction {
  readonly title: string
  readonly kind: ActionKind
  readonly owner: string
  readonly dueAt: string
  readonly size?: 'S' | 'M' | 'L'
}

export const actions = {
  list: (query: Query, signal: Signal) => client['actions.list']({ query: filled(query), signal }),
  add: (postmortem: string, body: NewAction) => client['actions.add']({ params: { id: postmortem }, body }),
  finish: (id: string, signal: ProofSignal) => client['actions.finish']({ params: { id }, body: { signal } }),
  change: (id: string, state: 'open' | 'dropped', reason: string) =>
    client['actions.change']({ params: { id }, body: { state, reason } }),
  resize: (id: string, size: 'S' | 'M' | 'L' | null) => client['actions.change']({ params: { id }, body: { size } }),
  ageing: (signal: Signal) => client['actions.ageing']({ signal }),
}

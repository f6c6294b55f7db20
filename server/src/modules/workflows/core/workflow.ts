// A workflow as it is declared: on what, when, and which steps in which order.
import { day, minute, parseDuration, second } from '../../../kernel/duration.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/json.ts'
import {
  type Addressee,
  type IncidentRole,
  incidentRoles,
  refuseAddressee,
  updateAudiences,
} from '../../incidents/core/index.ts'

/** What happens to an incident that a workflow may wait for. */
export const triggers = [
  'declared',
  'activated',
  'mitigated',
  'resolved',
  'reopened',
  'reviewed',
  'severity-changed',
  'role-taken',
  'role-vacant',
  'update-overdue',
  'alert-joined',
] as const
export type Trigger = (typeof triggers)[number]
/** And somebody may start one. */
export type Cause = Trigger | 'by-hand'

export const pageTargets = ['policy', 'team', 'schedule', 'person'] as const
export type PageTarget = { readonly kind: (typeof pageTargets)[number]; readonly name: string }

export type Action =
  | { readonly kind: 'page'; readonly to: PageTarget; readonly message: string | null }
  | { readonly kind: 'chat'; readonly chat: string }
  | { readonly kind: 'ticket'; readonly connection: string; readonly title: string | null }
  | { readonly kind: 'task'; readonly text: string; readonly owner: string | null; readonly dueInMs: number | null }
  | {
      readonly kind: 'assign'
      readonly role: IncidentRole
      readonly to: { readonly kind: 'person' | 'schedule'; readonly name: string }
    }
  | { readonly kind: 'update'; readonly to: Addressee; readonly text: string | null }
  | { readonly kind: 'status'; readonly page: string }
  | { readonly kind: 'webhook'; readonly hook: string }
  | {
      readonly kind: 'call'
      readonly at:
        | { readonly kind: 'url'; readonly template: string }
        | { readonly kind: 'hook'; readonly name: string }
    }
export const actionKinds = [
  'page',
  'chat',
  'ticket',
  'task',
  'assign',
  'update',
  'status',
  'webhook',
  'call',
] as const satisfies readonly Action['kind'][]
export type ActionKind = (typeof actionKinds)[number]

export interface Step {
  readonly name: string
  readonly action: Action
  /** What comes after it goes on whether it works or not, and does not wait while it is tried again. */
  readonly continueOnError: boolean
  /** Whoever holds this role lets it happen; null: nobody is asked. */
  readonly approval: IncidentRole | null
  readonly timeoutMs: number
  /** How often it is tried again. */
  readonly retries: number
}

export interface Workflow {
  readonly name: string
  readonly title: string
  readonly team: string | null
  readonly enabled: boolean
  readonly on: readonly Trigger[]
  /** CEL over `incident` and `trigger`; null: always. */
  readonly when: string | null
  /** So long after the trigger, when the condition still holds. */
  readonly afterMs: number
  /** At most once for each incident. */
  readonly once: boolean
  /** Its steps may tell of restricted incidents. */
  readonly restricted: boolean
  readonly steps: readonly Step[]
}

export const limits = {
  steps: 20,
  /** Of one workflow in one incident: whatever turns in a circle ends here. */
  runsOfIncident: 20,
  afterMs: 7 * day,
  timeoutMs: { least: second, usual: 10 * second, most: minute },
  retries: { usual: 3, most: 5 },
} as const

export function readWorkflow(name: string, title: string | null, spec: JsonObject): Workflow {
  return {
    name,
    title: title ?? name,
    team: textOf(spec.team),
    enabled: spec.enabled !== false,
    on: triggers.filter((each) => listOf(spec.on).includes(each)),
    when: textOf(spec.when),
    afterMs: durationOf(spec.after) ?? 0,
    once: spec.once === true,
    restricted: spec.restricted === true,
    steps: listOf(spec.steps).flatMap((each) => (isJsonObject(each) ? readStep(each) : [])),
  }
}

function readStep(spec: JsonObject): readonly Step[] {
  const action = readAction(spec)
  if (action === null) return []
  const asked = incidentRoles.find((role) => role === spec.requireApproval) ?? null
  return [
    {
      name: textOf(spec.name) ?? actionInWords(action),
      action,
      continueOnError: spec.continueOnError === true,
      approval: asked ?? (speaksForUs(action) ? 'communications-lead' : null),
      timeoutMs: durationOf(spec.timeout) ?? limits.timeoutMs.usual,
      retries: typeof spec.retries === 'number' ? spec.retries : limits.retries.usual,
    },
  ]
}

/** Words that people read as ours are never sent by a rule alone. */
export const speaksForUs = ({ kind }: Action): boolean => kind === 'update' || kind === 'status'

const readers: Readonly<Record<ActionKind, (spec: JsonObject) => Action | null>> = {
  page: (spec) => {
    const to = pageTargets.flatMap((kind) => named(kind, spec[kind]))[0]
    return to === undefined ? null : { kind: 'page', to, message: textOf(spec.message) }
  },
  chat: (spec) => ({ kind: 'chat', chat: textOf(spec.in) ?? 'slack' }),
  ticket: (spec) => {
    const connection = textOf(spec.at)
    return connection === null ? null : { kind: 'ticket', connection, title: textOf(spec.title) }
  },
  task: (spec) => {
    const text = textOf(spec.text)
    return text === null ? null : { kind: 'task', text, owner: textOf(spec.owner), dueInMs: durationOf(spec.dueIn) }
  },
  assign: (spec) => {
    const role = incidentRoles.find((each) => each === spec.role)
    const to = (['person', 'schedule'] as const).flatMap((kind) => named(kind, spec[kind]))[0]
    return role === undefined || to === undefined ? null : { kind: 'assign', role, to }
  },
  update: (spec) => {
    const audience = updateAudiences.find((each) => each === spec.audience)
    const to = audience === undefined ? null : { audience, customer: textOf(spec.customer) }
    return to === null || refuseAddressee(to) !== null ? null : { kind: 'update', to, text: textOf(spec.text) }
  },
  status: (spec) => {
    const page = textOf(spec.page)
    return page === null ? null : { kind: 'status', page }
  },
  webhook: (spec) => {
    const hook = textOf(spec.hook)
    return hook === null ? null : { kind: 'webhook', hook }
  },
  call: (spec) => {
    const [template, name] = [textOf(spec.url), textOf(spec.hook)]
    if (template !== null) return { kind: 'call', at: { kind: 'url', template } }
    return name === null ? null : { kind: 'call', at: { kind: 'hook', name } }
  },
}

function named<Kind extends string>(kind: Kind, value: JsonValue | undefined): readonly { kind: Kind; name: string }[] {
  const name = textOf(value)
  return name === null ? [] : [{ kind, name }]
}

/** Null unless it says exactly one thing to do. */
function readAction(spec: JsonObject): Action | null {
  const [kind, ...more] = actionsIn(spec)
  const said = kind === undefined || more.length > 0 ? undefined : spec[kind]
  return kind !== undefined && said !== undefined && isJsonObject(said) ? readers[kind](said) : null
}

export function actionsIn(spec: JsonObject): readonly ActionKind[] {
  return actionKinds.filter((kind) => spec[kind] !== undefined)
}

/** What a step does, as it stands in lists and in the timeline. */
export function actionInWords(action: Action): string {
  switch (action.kind) {
    case 'page':
      return `page ${action.to.kind === 'policy' ? 'by policy' : action.to.kind} ${action.to.name}`
    case 'chat':
      return `open a room in ${action.chat}`
    case 'ticket':
      return `open a ticket at ${action.connection}`
    case 'task':
      return `task: ${action.text}`.slice(0, 100)
    case 'assign':
      return `${action.role} from ${action.to.kind} ${action.to.name}`
    case 'update':
      return `update for ${action.to.audience}${action.to.customer === null ? '' : ` ${action.to.customer}`}`
    case 'status':
      return `tell the status page ${action.page}`
    case 'webhook':
      return `call the webhook ${action.hook}`
    case 'call':
      return action.at.kind === 'url' ? 'start a call' : `start a call by ${action.at.name}`
  }
}

/** Done outside the house, by a request that may hang. */
export function callsOut({ action }: Step): string | null {
  if (action.kind === 'webhook') return action.hook
  return action.kind === 'call' && action.at.kind === 'hook' ? action.at.name : null
}

export interface Named {
  readonly id: string
  readonly number: number
  readonly title: string
  readonly severity: string
  readonly url: string
}

/** `{number}`, `{title}`, `{severity}`, `{id}`, `{url}`; anything else in braces stays as it is written, and what is not known. */
export function fillIn(
  template: string,
  { number, title, severity, id, url }: Partial<Named>,
  write: (value: string) => string = (value) => value,
): string {
  const values: ReadonlyMap<string, string | number | undefined> = new Map(
    Object.entries({ number, title, severity, id, url }),
  )
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values.get(name)
    return value === undefined ? whole : write(String(value))
  })
}

const textOf = (value: JsonValue | undefined): string | null => (typeof value === 'string' ? value : null)
const listOf = (value: JsonValue | undefined): readonly JsonValue[] => (Array.isArray(value) ? value : [])
const durationOf = (value: JsonValue | undefined): number | null =>
  typeof value === 'string' ? parseDuration(value) : null

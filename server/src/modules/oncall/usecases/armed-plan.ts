// Who would be paged for what, read while the database is there, so that a process can go on paging when it is not;
// and how pages made meanwhile are taken over afterwards.
import { automation } from '../../../kernel/actor.ts'
import { day } from '../../../kernel/duration.ts'
import { type Instant, plus } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { listByKind, rememberedWhileDeclared } from '../../catalog/index.ts'
import {
  type Directory,
  directoryOf,
  type EscalationPolicy,
  type EscalationStep,
  openEscalation,
  type Schedule,
  wakeAt,
} from '../core/index.ts'
import { readPolicy } from '../kinds/read-spec.ts'
import { escalationOpened, pageRequested, peopleReached } from '../oncall.contract.ts'
import type { OncallPorts } from '../oncall.ports.ts'
import {
  type EscalationRow,
  insertEscalation,
  insertPage,
  lockEscalation,
  type PageRow,
  saveEscalation,
} from '../oncall.store.ts'
import { pageIdOf } from '../page-id.ts'
import { administratorsPolicy, alsoTelling, choosePolicyBy, type PolicyLook } from './choose-policy.ts'
import { directoryHorizonMs, loadSchedules, peopleOfTeam } from './load-directory.ts'
import { linksOf, syncWakeUp, tell, toldOfWebhooks, type WebhookPage, webhookPagesOf } from './save-step.ts'

/** The whole rota; plain data, so that it can lie in a file. */
export interface OncallPlan {
  readonly policies: readonly EscalationPolicy[]
  readonly schedules: readonly Schedule[]
  readonly teams: readonly {
    readonly name: string
    readonly lead: string | null
    readonly members: readonly string[]
  }[]
  readonly services: readonly {
    readonly name: string
    readonly escalationPolicy: string | null
    readonly team: string | null
  }[]
  readonly lastResort: readonly string[]
}

// More than any installation declares; the plan is read in one piece.
const most = 10_000
const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)
const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : []

export async function loadOncallPlan(
  queries: Queries,
  needs: Pick<Needs, 'log'>,
  ports: Pick<OncallPorts, 'lastResort'>,
  at: Instant,
): Promise<OncallPlan> {
  // Of a thousand services a plan needs three words each, and all of them again after every alert.
  const declared = await rememberedWhileDeclared(queries, 'armed plan of oncall', () => readDeclared(queries))
  const { schedules, ...rest } = declared
  return {
    ...rest,
    schedules: await loadSchedules(queries, needs.log, schedules, plus(at, -day), plus(at, directoryHorizonMs)),
    lastResort: await ports.lastResort(queries),
  }
}

type Declared = Pick<OncallPlan, 'policies' | 'teams' | 'services'> & { readonly schedules: readonly string[] }

async function readDeclared(queries: Queries): Promise<Declared> {
  return {
    schedules: (await listByKind(queries, 'Schedule', null, most)).map((each) => each.name),
    policies: (await listByKind(queries, 'EscalationPolicy', null, most)).map((each) => readPolicy(each.document)),
    teams: (await listByKind(queries, 'Team', null, most)).map(({ name, document: { spec } }) => ({
      name,
      lead: text(spec.lead),
      members: texts(spec.members),
    })),
    services: (await listByKind(queries, 'Service', null, most)).map(({ name, document: { spec } }) => ({
      name,
      escalationPolicy: text(spec.escalationPolicy),
      team: text(spec.team),
    })),
  }
}

/** Everybody the plan may page. */
export function peopleOfPlan(plan: OncallPlan): readonly string[] {
  const targets = plan.policies.flatMap((policy) => policy.levels.flatMap((level) => level.targets))
  return [
    ...new Set([
      ...targets.flatMap((target) => (target.kind === 'person' ? [target.person] : [])),
      ...plan.policies.flatMap((policy) => policy.fallbackOwner ?? []),
      ...plan.schedules.flatMap((schedule) => [
        ...schedule.rotations.flatMap((rotation) => rotation.members.flatMap((member) => member.person ?? [])),
        ...(schedule.shifts ?? []).map((shift) => shift.person),
        ...schedule.overrides.map((override) => override.person),
      ]),
      ...plan.teams.flatMap((team) => [...(team.lead === null ? [] : [team.lead]), ...team.members]),
      ...plan.lastResort,
    ]),
  ]
}

export function directoryOfPlan(
  plan: OncallPlan,
  canReach: (person: string) => boolean,
  webhooks: ReadonlySet<string>,
): Directory {
  const teams = new Map(
    plan.teams.map(({ name, lead, members }) => [name, peopleOfTeam({ lead, members: [...members] })]),
  )
  return directoryOf(plan.schedules, canReach, directoryHorizonMs, teams, webhooks)
}

export interface OpenedApart {
  readonly step: EscalationStep
  readonly because: string
}

const isUnrouted = (step: EscalationStep): boolean => step.effects.some((effect) => effect.kind === 'unrouted')

/** The same choice an alert meets otherwise; a round-robin begins with its first target, because nobody counts along. */
export async function openApart(
  plan: OncallPlan,
  directory: Directory,
  of: Pick<EscalationRow, 'service'> & { readonly team: string | null; readonly urgency: 'high' | 'low' },
  now: Instant,
): Promise<OpenedApart> {
  const look: PolicyLook = {
    service: async (name) => plan.services.find((each) => each.name === name) ?? null,
    policy: async (name) => plan.policies.find((each) => each.name === name) ?? null,
    team: async (name) => plan.teams.find((each) => each.name === name) ?? null,
    lastResort: async () => plan.lastResort,
  }
  const open = (policy: EscalationPolicy) => openEscalation({ policy, urgency: of.urgency, turn: 0 }, directory, now)
  const chosen = await choosePolicyBy(look, { policy: null, service: of.service, team: of.team })
  const step = open(chosen.policy)
  if (!isUnrouted(step)) return { step, because: chosen.because }
  const resort = alsoTelling(administratorsPolicy(plan.lastResort), chosen.policy)
  const other = open(resort.policy)
  const because = `policy ${chosen.policy.name} (${chosen.because}) reaches nobody; ${resort.because}`
  return isUnrouted(other) ? { step, because: chosen.because } : { step: other, because }
}

/** The pages a step makes, by the names the database would have given them. */
export function pagesOfStep(
  row: Pick<EscalationRow, 'id' | 'alertId' | 'service'>,
  step: EscalationStep,
  at: Instant,
): readonly PageRow[] {
  return step.effects.flatMap((effect) => {
    if (effect.kind !== 'page') return []
    const level = effect.level < 0 ? null : effect.level + 1
    const place = level === null ? 'fallback owner' : `level ${level}`
    return effect.people.map(({ person, because }) => ({
      id: pageIdOf(row.id, effect.step, person),
      escalationId: row.id,
      alertId: row.alertId,
      service: row.service,
      step: effect.step,
      level,
      round: effect.round + 1,
      person,
      at,
      because: `${because}; ${place}, round ${effect.round + 1}`,
    }))
  })
}

/** What the machines of a step are told, by the names the database would have given it. */
export function webhooksOfStep(row: Pick<EscalationRow, 'id'>, step: EscalationStep): readonly WebhookPageApart[] {
  return step.effects.flatMap((effect) =>
    effect.kind === 'page-webhooks'
      ? webhookPagesOf(row, effect).map((each) => ({
          ...each,
          ...{ step: effect.step, level: effect.level, round: effect.round },
        }))
      : [],
  )
}

export type WebhookPageApart = WebhookPage & {
  readonly step: number
  /** From 0, as the escalation counts. */
  readonly level: number
  readonly round: number
}

export interface MadeApart {
  readonly row: Omit<EscalationRow, 'nextAt' | 'openedAt' | 'closedAt' | 'policyName'>
  readonly pages: readonly PageRow[]
  /** Left out by a release that told no machines. */
  readonly webhooks?: readonly WebhookPageApart[]
  readonly reason: string
  readonly at: Instant
}

const actor = automation('lifeboat')

/** An escalation that was opened while the database was away, in the transaction that opens its alert. */
export async function adoptEscalation(tx: Tx, needs: Needs, made: MadeApart): Promise<void> {
  const { row } = made
  await insertEscalation(tx, row)
  await needs.journal.publish(tx, escalationOpened, {
    actor,
    subject: { kind: 'alert', id: row.alertId },
    links: linksOf(row),
    reason: made.reason,
    data: { alert: row.alertId, escalation: row.id, policy: row.state.policy.name, urgency: row.state.urgency },
  })
  await adoptPages(tx, needs, made)
  await syncWakeUp(tx, row.id, wakeAt(row.state))
}

/** A step that was made while the database was away. What became of the escalation in the database meanwhile stands. */
export async function adoptStep(tx: Tx, needs: Needs, made: MadeApart): Promise<void> {
  const known = await lockEscalation(tx, made.row.id)
  if (known === null) return
  const { state } = made.row
  if (made.pages.length > 0 && known.state.assigned.length === 0)
    await tell({ tx, needs }, { row: known, step: asItStands(known.state), by: actor }, peopleReached, made.reason)
  const behind = known.state.steps < state.steps
  if (behind) {
    const goesOn = known.state.phase.kind === 'escalating' || known.state.phase.kind === 'exhausted'
    // The number of a page is never given twice, also when somebody else has decided what goes on.
    const next = goesOn ? state : { ...known.state, steps: state.steps }
    await saveEscalation(tx, known.id, next, made.at)
    await syncWakeUp(tx, known.id, wakeAt(next))
  }
  await adoptPages(tx, needs, { ...made, row: { ...made.row, alertId: known.alertId } })
}

const asItStands = (state: EscalationStep['state']): EscalationStep => ({
  state,
  effects: [],
  reasons: [],
  refusal: null,
})

async function adoptPages(tx: Tx, needs: Needs, { row, pages, webhooks = [], reason }: MadeApart): Promise<void> {
  const [told] = webhooks
  if (told !== undefined) {
    const policy = row.state.policy.name
    const said = toldOfWebhooks({ row, by: actor, reason }, { ...told, policy, made: webhooks })
    await needs.journal.publishAll(tx, [said])
  }
  for (const page of pages) await insertPage(tx, { ...page, alertId: row.alertId })
  const [first] = pages
  if (first === undefined) return
  await needs.journal.publish(tx, pageRequested, {
    actor,
    subject: { kind: 'alert', id: row.alertId },
    links: [...linksOf(row), ...pages.map(({ person }) => ({ kind: 'person', id: person }))],
    reason,
    data: {
      alert: row.alertId,
      escalation: row.id,
      policy: row.state.policy.name,
      step: first.step,
      level: first.level,
      round: first.round,
      people: pages.map(({ person, id, because }) => ({ person, page: id, because })),
    },
  })
}

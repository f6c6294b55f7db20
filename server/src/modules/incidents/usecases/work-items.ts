// Tasks, decisions, hypotheses, mitigations and cases at vendors of an incident.
import { automation } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import { minute } from '../../../kernel/duration.ts'
import { type Instant, instant, plus } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { addWork, cancelWork } from '../../../platform/work/due-work.store.ts'
import { findObjectiveSummary } from '../../slo/index.ts'
import { findStream, readSteps } from '../../telemetry/index.ts'
import {
  decideItem,
  firstState,
  type ItemKind,
  type ItemState,
  isClosed,
  isOpen,
  judgeMitigation,
} from '../core/index.ts'
import { type IncidentRow, lockIncident } from '../incidents.store.ts'
import { caseNumbered } from '../vendor-case.contract.ts'
import * as contract from '../work.contract.ts'
import {
  type ItemRow,
  insertItem,
  listItems,
  lockItem,
  type StoredVendorCase,
  type StoredVerification,
  saveItem,
} from '../work.store.ts'
import { vendorContacts } from './find-vendors.ts'
import { dataOf, entryOf } from './incident-entry.ts'
import { loadIncident, type Order } from './load-incident.ts'

export const mostItems = 500
const mostEvidence = 50
const defaultHoldMs = 10 * minute
const defaultWithinMs = 60 * minute
const lookAgainMs = minute

export interface NewVendorCase {
  readonly vendor: string
  readonly contact?: string
  readonly caseNumber?: string
}

export interface AddItem extends Order {
  readonly by: string
  readonly kind: ItemKind
  readonly text: string
  readonly owner: string | null
  readonly dueAt: Instant | null
  readonly reason: string | null
  readonly vendorCase: NewVendorCase | null
  readonly verify: { readonly objective: string; readonly holdMs?: number; readonly withinMs?: number } | null
}

export async function addWorkItem(needs: Needs, order: AddItem): Promise<ItemRow> {
  return needs.database.transaction(async (tx) =>
    addItemTo(tx, needs, { ...order, incident: await loadIncident(tx, order) }),
  )
}

/** To an incident that is locked. */
export async function addItemTo(
  tx: Tx,
  needs: Needs,
  { incident, ...order }: Omit<AddItem, 'incidentId' | 'reader'> & { readonly incident: IncidentRow },
): Promise<ItemRow> {
  if ((await listItems(tx, incident.id)).length >= mostItems) throw tooMany(`An incident holds ${mostItems} items.`)
  if (order.kind === 'decision' && order.reason === null)
    throw new AppError('invalid', 'incidents.reason-missing', 'Say why it was decided.', {
      faults: [{ pointer: '/reason', detail: 'The review will ask for it.' }],
    })
  const vendorCase = await openCase(tx, order)
  const now = await tx.now()
  const item = await insertItem(tx, {
    id: needs.newId(),
    incidentId: incident.id,
    kind: order.kind,
    text: order.text,
    state: firstState(order.kind),
    owner: order.owner,
    dueAt: order.dueAt,
    reason: order.reason,
    evidence: [],
    verification: order.verify === null ? null : await planVerification(tx, order.kind, order.verify, now),
    vendorCase,
    createdBy: order.by,
    createdAt: now,
  })
  if (item.verification !== null) await lookLater(tx, item)
  await needs.journal.publish(tx, contract.itemAdded[item.kind], {
    ...entryOf(incident, order.actor, item.reason ?? undefined, ownerLink(item.owner)),
    data: { ...itemData(incident, item), ...(item.owner === null ? {} : { person: item.owner }) },
  })
  return item
}

/** With the contacts the catalog knows now: what is dialled at three in the morning must not change under the hand. */
async function openCase(
  tx: Tx,
  { kind, vendorCase }: Pick<AddItem, 'kind' | 'vendorCase'>,
): Promise<StoredVendorCase | null> {
  if ((kind === 'vendor-case') !== (vendorCase !== null)) throw noCase(kind)
  if (vendorCase === null) return null
  const { vendor, contact, caseNumber } = vendorCase
  const given = contact === undefined ? [] : [{ label: 'contact', kind: 'other', value: contact }]
  return { vendor, contacts: [...given, ...(await vendorContacts(tx, vendor))], caseNumber: caseNumber ?? null }
}

function noCase(kind: ItemKind): AppError {
  return kind === 'vendor-case'
    ? new AppError('invalid', 'incidents.vendor-case', 'Say which vendor is asked.', {
        faults: [{ pointer: '/vendorCase/vendor', detail: 'Name a service of the catalog, or anybody else.' }],
      })
    : new AppError('invalid', 'incidents.vendor-case', `A ${kind} has no vendor and no case number.`, {
        faults: [{ pointer: '/kind', detail: 'Use the kind "vendor-case".' }],
      })
}

async function planVerification(
  tx: Tx,
  kind: ItemKind,
  verify: NonNullable<AddItem['verify']>,
  now: Instant,
): Promise<StoredVerification> {
  if (kind !== 'mitigation')
    throw new AppError('invalid', 'incidents.not-verifiable', 'Only a mitigation is verified by an objective.')
  if ((await findObjectiveSummary(tx, verify.objective)) === null)
    throw new AppError('not-found', 'incidents.unknown-objective', `There is no objective ${verify.objective}.`)
  const holdMs = verify.holdMs ?? defaultHoldMs
  const withinMs = Math.max(verify.withinMs ?? defaultWithinMs, holdMs)
  return {
    objective: verify.objective,
    holdMs,
    startedAt: now,
    giveUpAt: plus(now, withinMs),
    goodSince: null,
    because: 'Nothing was measured since it began.',
  }
}

export interface ChangeItem extends Order {
  readonly itemId: string
  readonly by: string
  readonly state: ItemState | null
  readonly reason: string | null
  /** Undefined leaves it, null takes it away. */
  readonly owner: string | null | undefined
  readonly dueAt: Instant | null | undefined
  readonly evidence: { readonly side: 'for' | 'against'; readonly text: string } | null
  /** Undefined leaves it. */
  readonly caseNumber?: string | null | undefined
}

export async function changeWorkItem(needs: Needs, order: ChangeItem): Promise<ItemRow> {
  return needs.database.transaction(async (tx) => {
    const incident = await loadIncident(tx, order)
    let item = await lockItem(tx, incident.id, order.itemId)
    if (item === null)
      throw new AppError('not-found', 'incidents.unknown-item', 'There is no such item in this incident.')
    const now = await tx.now()
    if (order.owner !== undefined || order.dueAt !== undefined) {
      item = await saveItem(tx, {
        ...item,
        owner: order.owner === undefined ? item.owner : order.owner,
        dueAt: order.dueAt === undefined ? item.dueAt : order.dueAt,
      })
      await needs.journal.publish(tx, contract.itemOwned, {
        ...entryOf(incident, order.actor, undefined, ownerLink(item.owner)),
        data: { ...itemData(incident, item), person: item.owner ?? 'nobody' },
      })
    }
    if (order.caseNumber !== undefined && order.caseNumber !== item.vendorCase?.caseNumber) {
      if (item.vendorCase === null) throw noCase(item.kind)
      item = await saveItem(tx, { ...item, vendorCase: { ...item.vendorCase, caseNumber: order.caseNumber } })
      await needs.journal.publish(tx, caseNumbered, {
        ...entryOf(incident, order.actor),
        data: { ...itemData(incident, item), caseNumber: order.caseNumber ?? 'not known' },
      })
    }
    if (order.evidence !== null) {
      if (item.evidence.length >= mostEvidence) throw tooMany(`An item holds ${mostEvidence} pieces of evidence.`)
      item = await saveItem(tx, { ...item, evidence: [...item.evidence, { ...order.evidence, by: order.by, at: now }] })
      await needs.journal.publish(tx, contract.evidenceAdded, {
        ...entryOf(incident, order.actor),
        data: { ...itemData(incident, item), side: order.evidence.side, evidence: order.evidence.text },
      })
    }
    if (order.state !== null) {
      const decision = decideItem(item.kind, item.state, order.state, order.reason)
      if (!decision.ok) throw new AppError(decision.refusal.kind, decision.refusal.code, decision.refusal.sentence)
      item = await moveItem(tx, needs, {
        incident,
        item,
        to: order.state,
        reason: decision.reason,
        actor: order.actor,
        now,
      })
    }
    return item
  })
}

interface MoveItem extends Pick<Order, 'actor'> {
  readonly incident: IncidentRow
  readonly item: ItemRow
  readonly to: ItemState
  readonly reason: string | null
  readonly now: Instant
}

async function moveItem(tx: Tx, needs: Needs, { incident, item, to, reason, actor, now }: MoveItem): Promise<ItemRow> {
  const restarted = item.kind === 'mitigation' && to === 'started' && item.verification !== null
  const saved = await saveItem(tx, {
    ...item,
    state: to,
    reason: reason ?? item.reason,
    closedAt: isClosed(item.kind, to) ? now : null,
    verification: restarted ? startedAnew(item.verification, now) : item.verification,
  })
  if (restarted) await lookLater(tx, saved)
  else if (saved.verification !== null) await cancelWork(tx, contract.verifyMitigation, saved.id)
  await needs.journal.publish(tx, contract.itemMoved[item.kind], {
    ...entryOf(incident, actor, reason ?? undefined, ownerLink(item.owner)),
    data: { ...itemData(incident, saved), to },
  })
  return saved
}

function startedAnew(plan: StoredVerification, now: Instant): StoredVerification {
  const withinMs = plan.giveUpAt - plan.startedAt
  return { ...plan, startedAt: now, giveUpAt: now + withinMs, goodSince: null, because: 'Begun again.' }
}

/** Looks at what the objective measured since; says verified or ineffective, or looks again in a minute. */
export async function verifyItem(needs: Needs, { incidentId, itemId }: contract.VerifyPayload): Promise<void> {
  await needs.database.transaction(async (tx) => {
    const incident = await lockIncident(tx, incidentId)
    const item = incident === null ? null : await lockItem(tx, incidentId, itemId)
    if (incident === null || item?.verification == null || item.state !== 'started') return
    const plan = item.verification
    const now = await tx.now()
    const verdict = judgeMitigation(
      {
        target: (await findObjectiveSummary(tx, plan.objective))?.target ?? 1,
        holdMs: plan.holdMs,
        startedAt: instant(plan.startedAt),
        giveUpAt: instant(plan.giveUpAt),
      },
      await stepsSince(tx, plan, now),
      now,
    )
    const seen = { ...item, verification: { ...plan, goodSince: verdict.goodSince, because: verdict.because } }
    if (verdict.state === 'waiting') {
      const changed = plan.goodSince !== verdict.goodSince || plan.because !== verdict.because
      const saved = changed ? await saveItem(tx, seen) : item
      // Nobody waits for it any more once the incident is closed and the time is up; until then it is worth knowing.
      if (isOpen(incident.status) || now < plan.giveUpAt) await lookLater(tx, saved)
      return
    }
    const actor = automation('incidents.verify-mitigation')
    await moveItem(tx, needs, { incident, item: seen, to: verdict.state, reason: verdict.because, actor, now })
  })
}

async function stepsSince(tx: Tx, plan: StoredVerification, now: Instant) {
  const from = instant(Math.max(plan.startedAt, now - plan.holdMs - 10 * minute))
  if (now - from < minute) return []
  const { stepMs, slices } = await readSteps(tx, {
    name: plan.objective,
    from,
    to: now,
    stepMs: await wholeMinutes(tx, plan.objective),
  })
  return slices.map((each) => ({
    start: instant(each.start),
    stepMs,
    good: each.good,
    bad: each.bad,
    measured: each.state === 'closed' || each.state === 'closed-empty',
  }))
}

/** Counts may come once a minute into slices of seconds; a minute is the least that can be judged. */
export async function wholeMinutes(queries: Queries, objective: string): Promise<number | null> {
  const sliceMs = (await findStream(queries, objective))?.sliceMs
  return sliceMs === undefined ? null : Math.ceil(minute / sliceMs) * sliceMs
}

export async function lookLater(tx: Tx, item: ItemRow): Promise<void> {
  const payload = { incidentId: item.incidentId, itemId: item.id }
  await addWork(tx, contract.verifyMitigation, payload, { key: item.id, delayMs: lookAgainMs })
}

function itemData(incident: IncidentRow, item: ItemRow) {
  const { vendorCase } = item
  const number = vendorCase?.caseNumber ?? null
  return {
    ...dataOf(incident),
    itemId: item.id,
    text: item.text,
    ...(vendorCase === null ? {} : { vendor: vendorCase.vendor }),
    ...(number === null ? {} : { caseNumber: number }),
  }
}

const ownerLink = (owner: string | null) => (owner === null ? [] : [{ kind: 'person', id: owner }])

export function tooMany(sentence: string): AppError {
  return new AppError('limited', 'incidents.too-many', sentence)
}

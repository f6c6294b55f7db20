// Pages from the armed plan while the database is away: opens and goes on with escalations, sends their messages,
// takes acknowledgements. Everything it does is a record in the journal, and is written down once the database is back.
import type { Actor } from '../../kernel/actor.ts'
import { type Instant, plus } from '../../kernel/instant.ts'
import { uuidOf } from '../../platform/ids.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { episodeKey, openSet, type PageGroup, type Routing, readSilence, type Silence } from '../alerts/core/index.ts'
import { identityOf, namesOfPlan } from '../alerts/index.ts'
import { canBePaged, type Delivery, deliveryKey, failOver, moveDelivery } from '../notifications/core/index.ts'
import {
  addressOfWebhook,
  type ChannelOutcome,
  type DeliveryRow,
  isToPerson,
  openAddress,
  pageMessages,
  sendPageApart,
  type ToPerson,
  toDelivery,
  webhookMessage,
} from '../notifications/index.ts'
import { type EscalationStep, stepEscalation, wakeAt } from '../oncall/core/index.ts'
import {
  directoryOfPlan,
  type EscalationRow,
  escalationIdOf,
  type MadeApart,
  openApart,
  pagesOfStep,
  webhooksOfStep,
} from '../oncall/index.ts'
import type { ArmedPlan } from './armed-plan.ts'
import { judgeSignal, type Passenger, rankOf, type World, waitOf } from './core/index.ts'
import type { LifeboatPorts } from './lifeboat.ports.ts'
import type { BoatRecord, TakenSignals } from './records.ts'

interface Parcel {
  row: DeliveryRow
  delivery: Delivery
  /** Added to when it is due: another process is before us. */
  readonly waitMs: number
  /** What the database has, too, does not leave from here before this. */
  notBefore: Instant
  /** The journal has its row. */
  isNoted: boolean
}

interface Carried {
  row: EscalationRow
  readonly waitMs: number
  busy: boolean
}

export interface CrewOptions {
  readonly needs: Needs
  readonly ports: LifeboatPorts
  readonly plan: ArmedPlan
  readonly now: () => Instant
  readonly newRecord: () => string
  /** Resolves when it is on the disk. */
  readonly write: (record: BoatRecord) => Promise<void>
}

export interface Crew {
  /** What was taken in, in order: opens and ends alerts. */
  judge(taken: TakenSignals): Promise<void>
  /** The database was there for a moment and is away again: meanwhile others may have gone on with all of this. */
  standBack(): void
  /** Makes the steps that are due and sends the messages that are due. Does not wait for the sends. */
  tick(): Promise<void>
  /** Null when nothing is known of the alert. `by` is whoever had it before. */
  acknowledge(order: {
    readonly alert: string
    readonly by: string
    readonly actor: Actor
  }): Promise<{ readonly row: EscalationRow; readonly by: string | null } | null>
  /** By the sender's own name for it. */
  alertOf(source: string, key: string): string | null
  escalationOf(alert: string): EscalationRow | null
  /** Resolves when no send is under way. */
  rest(): Promise<void>
}

/** An attempt holds its message this long; nobody else would take it over. */
const leaseMs = 30_000
const mostSends = 16
/**
 * A message that was planned before the gap may be leaving at this moment by a process that still has the database, and
 * whoever was cut off for seconds only is back by then: another copy is not worth being sooner.
 */
const othersMs = 5_000
/** Of one that was being sent, a copy may be out already, and whoever has the database goes on with it. */
const sendersMs = 10_000

export function createCrew(options: CrewOptions): Crew {
  const { needs, ports, plan, now, newRecord } = options
  const { chart, tide } = plan
  const people = new Map(chart.people.map((each) => [each.person, each]))
  const services = new Map(chart.services.map((each) => [each.name, each]))
  const webhooks = new Map((chart.webhooks ?? []).map((each) => [each.name, each]))
  const canReach = (person: string) => canBePaged(people.get(person)?.contacts ?? [])
  const directory = directoryOfPlan(chart.oncall, canReach, new Set(webhooks.keys()))
  const silences = tide.alerts.silences.flatMap((row): Silence[] => {
    const read = readSilence(row.id, { ...row, by: row.createdBy }, null)
    return read.ok ? [read.silence] : []
  })
  const routing = readRouting(ports, tide.alerts.routing)
  const pages: PageGroup[] = [...tide.alerts.pages]
  const passengers = new Map<string, Passenger>(
    tide.alerts.alerts.map((each) => [
      each.key,
      {
        ...each,
        openedAt: each.openedAt ?? null,
        held: each.isHeld ? 'It was held back when the database was last asked.' : null,
        pagedWith: each.pagedWith ?? each.id,
        known: true,
      },
    ]),
  )
  const ashore = openSet(Buffer.from(tide.alerts.open ?? '', 'base64'))
  const names = tide.alerts.names === undefined ? null : namesOfPlan(tide.alerts.names)
  /** Identities of what ended since and is described nowhere: what comes after them cannot be named as the database would. */
  const unnamed = new Set<string>()
  const nameAt =
    (at: Instant): World['nameOf'] =>
    (signal, before) => {
      const isKnown = before === null ? !unnamed.has(identityOf(signal)) : before.openedAt !== null
      const former = before?.openedAt == null ? null : { id: before.id, openedAt: before.openedAt }
      const name = isKnown ? names?.(signal, at, former) : null
      // Differs from those of the gap before, and is the same in every process that saw the same gap begin.
      return name ?? uuidOf(`lifeboat\n${tide.after}\nalert\n${episodeKey(signal)}\n${before?.id ?? ''}`)
    }
  const waits = new Map<string, number | null>()
  /** Null for what two others carry already. */
  const waitFor = (alert: string): number | null => {
    const known = waits.get(alert)
    if (known !== undefined) return known
    const wait = waitOf(rankOf(ports.boat, chart.boats, alert))
    waits.set(alert, wait)
    return wait
  }
  const carried = new Map<string, Carried>()
  for (const row of tide.escalations) {
    const waitMs = waitFor(row.alertId)
    if (waitMs !== null) carried.set(row.alertId, { row, waitMs, busy: false })
  }
  const parcels = new Map<string, Parcel>()
  const begunAt = now()
  for (const message of tide.messages) {
    // A plan of a release that told no machines says nothing of any.
    const row = { ...message, webhook: message.webhook ?? null }
    const waitMs = row.alertId === null ? null : waitFor(row.alertId)
    if (waitMs !== null && !ports.sentLately(row.key))
      parcels.set(row.key, {
        row,
        delivery: toDelivery(row),
        waitMs,
        notBefore: plus(begunAt, row.phase === 'sending' ? sendersMs : othersMs),
        isNoted: false,
      })
  }
  ports.settings.recall(chart.settings)
  const sending = new Set<Promise<void>>()

  // A page is not held back by a disk that is full: only what was promised to a sender waits for the disk.
  const note = (record: BoatRecord): Promise<void> =>
    options.write(record).catch((error: unknown) => {
      needs.log.error('The lifeboat could not keep a record of what it did.', { record: record.kind, error })
    })

  /** Of the plan only what something happens to is kept in the journal. */
  async function noteRow(parcel: Parcel): Promise<void> {
    if (parcel.isNoted) return
    parcel.isNoted = true
    await note({ kind: 'messages', id: newRecord(), rows: [parcel.row] })
  }

  async function load(made: MadeApart, again: string | null): Promise<void> {
    const { row, at } = made
    const rows = made.pages.flatMap((page) => {
      const reach = people.get(page.person)
      if (reach === undefined) return []
      const facts = { ...row.facts, because: page.because }
      const order = { pageId: page.id, alertId: row.alertId, step: page.step, person: page.person, again, facts }
      return pageMessages({ ...order, urgency: row.state.urgency, severity: row.severity }, reach, at)
    })
    const machines = (made.webhooks ?? []).map(({ page, webhook, because, step }) => {
      const order = { pageId: page, alertId: row.alertId, step, webhook, again, facts: { ...row.facts, because } }
      return webhookMessage({ ...order, urgency: row.state.urgency, severity: row.severity }, at)
    })
    const fresh = [...rows, ...machines].filter((each) => !parcels.has(each.key))
    for (const each of fresh)
      parcels.set(each.key, { row: each, delivery: toDelivery(each), waitMs: 0, notBefore: begunAt, isNoted: true })
    if (fresh.length > 0) await note({ kind: 'messages', id: newRecord(), rows: fresh })
  }

  async function open(taken: TakenSignals, index: number, passenger: Passenger): Promise<void> {
    const record = { kind: 'opened', id: newRecord(), at: now(), entry: taken.id, index, alert: passenger.id } as const
    if (passenger.held !== null || passenger.pagedWith !== passenger.id) return note({ ...record, made: null })
    const at = now()
    const { service, team, tier, urgency } = passenger
    const { step, because } = await openApart(chart.oncall, directory, { service, team, urgency }, at)
    const row: EscalationRow = {
      id: escalationIdOf(passenger.id),
      alertId: passenger.id,
      service,
      policyName: step.state.policy.name,
      chosen: because,
      urgency,
      severity: passenger.episode.signal.severity,
      tier,
      facts: factsOf(passenger),
      state: step.state,
      nextAt: wakeAt(step.state),
      openedAt: at,
      closedAt: null,
    }
    carried.set(row.alertId, { row, waitMs: 0, busy: false })
    const made = madeOf(row, step, at, `Policy ${row.policyName} (${because}), from the plan of the lifeboat. `)
    if (made.pages.length + (made.webhooks?.length ?? 0) === 0)
      needs.log.error('Nobody can be paged from the lifeboat.', { alert: row.alertId })
    else if (service !== null && team !== null)
      pages.push({
        ...{ id: row.alertId, number: 0, title: row.facts.summary, team, services: [service], tier, urgency },
        policy: services.get(service)?.escalationPolicy ?? null,
        rule: passenger.episode.signal.rule,
        worst: passenger.episode.worst,
        openedAt: at,
        answeredBy: null,
        answeredAt: null,
        standing: step.state.phase.kind === 'escalating' ? 'escalating' : 'assigned',
      })
    await note({ ...record, made })
    await load(made, null)
  }

  function factsOf(passenger: Passenger): EscalationRow['facts'] {
    const { signal, startedAt } = passenger.episode
    const runbook = passenger.service === null ? null : (services.get(passenger.service)?.runbook ?? null)
    return {
      service: passenger.service ?? signal.service ?? 'Unknown service',
      severity: signal.severity,
      summary: signal.summary,
      startedAt,
      impact: signal.annotations.impact ?? null,
      action: signal.annotations.action ?? null,
      runbook:
        runbook ?? signal.links.find((link) => link.text === 'Runbook')?.href ?? signal.annotations.runbook_url ?? null,
      change: null,
      link: `${ports.publicUrl()}/alerts/${passenger.id}`,
    }
  }

  /** The page ends when nothing it told of fires any more. */
  async function end(passenger: Passenger): Promise<void> {
    const page = passenger.pagedWith ?? passenger.id
    const goesOn = [...passengers.values()].some(
      (each) => each.pagedWith === page && each.key !== passenger.key && each.episode.end === null,
    )
    const own = carried.get(page)
    if (goesOn || own === undefined) return
    const step = stepEscalation(own.row.state, { kind: 'resolve' }, directory, now())
    own.row = { ...own.row, state: step.state, nextAt: null }
    stand(page, 'none', null)
    await stop(page, 'The alert is resolved.')
  }

  async function stop(alert: string, because: string): Promise<void> {
    for (const parcel of parcels.values()) {
      if (parcel.row.alertId !== alert) continue
      const { delivery } = moveDelivery(parcel.delivery, { kind: 'cancelled', because }, now())
      if (delivery === parcel.delivery) continue
      parcel.delivery = delivery
      await noteRow(parcel)
      await note({ kind: 'moved', id: newRecord(), key: parcel.row.key, delivery })
    }
  }

  function stand(page: string, standing: PageGroup['standing'], by: string | null): void {
    const index = pages.findIndex((each) => each.id === page)
    const known = pages[index]
    if (known !== undefined)
      pages[index] = { ...known, standing, answeredBy: by, answeredAt: by === null ? null : now() }
  }

  async function step(own: Carried): Promise<void> {
    own.busy = true
    try {
      const at = now()
      const made = stepEscalation(own.row.state, { kind: 'due' }, directory, at)
      own.row = { ...own.row, state: made.state, nextAt: wakeAt(made.state) }
      const stopped = made.effects.find((effect) => effect.kind === 'stop-pages')
      if (stopped?.kind === 'stop-pages') await stop(own.row.alertId, stopped.because)
      const result = madeOf(own.row, made, at, '')
      await note({ kind: 'step', id: newRecord(), at, made: result })
      const round = made.effects.find((effect) => effect.kind === 'page' || effect.kind === 'page-webhooks')
      const again =
        made.reasons.find((each) => each.code === 'oncall.paging-again')?.sentence ??
        (round !== undefined && 'round' in round && round.round > 0
          ? `Round ${round.round + 1}: nobody has acknowledged it.`
          : null)
      await load(result, again)
    } finally {
      own.busy = false
    }
  }

  function send(parcel: Parcel): void {
    const underWay = attempt(parcel)
      .catch((error: unknown) => needs.log.error('The lifeboat could not send a page.', { key: parcel.row.key, error }))
      .finally(() => sending.delete(underWay))
    sending.add(underWay)
  }

  async function attempt(parcel: Parcel): Promise<void> {
    const { row } = parcel
    const at = now()
    const claimed = moveDelivery(parcel.delivery, { kind: 'claimed', leaseMs }, at)
    if (claimed.effects.length === 0) return
    parcel.delivery = claimed.delivery
    const number = claimed.delivery.attempts
    await noteRow(parcel)
    await note({ kind: 'attempt', id: newRecord(), at, key: row.key, delivery: claimed.delivery, written: false })
    let stopped: string | null = null
    let begun = false
    const outcome: ChannelOutcome = await sendPageApart(needs, ports.notifications, row, {
      address: addressOf(row, at),
      at,
      attempt: number,
      beforeWrite: async () => {
        if (parcel.delivery.stopped === null)
          await note({ kind: 'leaving', id: newRecord(), key: row.key, attempt: number })
        stopped = parcel.delivery.stopped
        if (stopped !== null) throw new Error(stopped)
        begun = true
      },
    })
    const told: ChannelOutcome =
      stopped !== null
        ? { kind: 'refused', because: stopped }
        : outcome.kind === 'lost' && !begun
          ? { kind: 'refused', because: outcome.because }
          : outcome
    const moved = moveDelivery(parcel.delivery, told, now())
    parcel.delivery = moved.delivery
    await note({
      ...{ kind: 'outcome', id: newRecord(), at: now(), key: row.key, attempt: number, outcome: told },
      delivery: moved.delivery,
    })
    for (const effect of moved.effects)
      if (effect.kind === 'next-channel' && isToPerson(row)) await nextChannel(parcel, row, effect.because)
  }

  function addressOf(row: DeliveryRow, at: Instant): string | null {
    const machine = row.webhook === null ? undefined : webhooks.get(row.webhook)
    if (machine !== undefined) return addressOfWebhook(ports.notifications, machine, at)
    const reach = isToPerson(row) ? people.get(row.person) : undefined
    return reach === undefined ? null : openAddress(ports.notifications, reach, row.contact)
  }

  async function nextChannel({ waitMs }: Parcel, row: ToPerson, because: string): Promise<void> {
    const reach = people.get(row.person)
    if (reach === undefined) return
    const siblings = [...parcels.values()].filter(
      (each) => each.row.pageId === row.pageId && each.row.person === row.person,
    )
    const tried = new Set(
      siblings
        .filter(({ delivery }) => delivery.phase.kind !== 'pending' && delivery.phase.kind !== 'cancelled')
        .map((each) => each.row.contact),
    )
    const next = failOver({ deliveries: row.plan, findings: [] }, reach.contacts, tried, now())
    if (next === null) return needs.log.error('Every channel of a person failed.', { person: row.person, because })
    const waiting = siblings.find((each) => each.row.contact === next.contact && each.delivery.phase.kind === 'pending')
    if (waiting !== undefined) {
      waiting.delivery = { ...waiting.delivery, phase: { kind: 'pending', dueAt: now() } }
      return
    }
    const { order, contact, kind } = next
    const key = deliveryKey({ page: row.pageId, step: row.step, person: row.person, order, contact })
    const fresh: DeliveryRow = {
      ...row,
      ...{ key, order, contact, kind, because: next.because, phase: 'pending', dueAt: now(), createdAt: now() },
      ...{
        endedAt: null,
        endedBecause: null,
        receipt: null,
        attempts: 0,
        firstAttemptAt: null,
        copies: 0,
        stopped: null,
      },
    }
    parcels.set(key, { row: fresh, delivery: toDelivery(fresh), waitMs, notBefore: begunAt, isNoted: true })
    await note({ kind: 'messages', id: newRecord(), rows: [fresh] })
  }

  return {
    judge: async (taken) => {
      for (const [index, signal] of taken.signals.entries()) {
        const world = {
          ...{ now: taken.at, services, silences, routing, passengers, pages, nameOf: nameAt(taken.at) },
          isOpen: (of: Parameters<typeof identityOf>[0]) => ashore.has(identityOf(of)),
        }
        for (const judged of judgeSignal(world, signal, taken.policy)) {
          if (judged.kind === 'ended-ashore') {
            ashore.end(identityOf(signal))
            unnamed.add(identityOf(signal))
            continue
          }
          passengers.set(judged.passenger.key, judged.passenger)
          if (judged.kind === 'opened') await open(taken, index, judged.passenger)
          if (judged.kind === 'ended') await end(judged.passenger)
        }
      }
    },
    standBack: () => {
      const from = plus(now(), othersMs)
      for (const parcel of parcels.values()) if (parcel.notBefore < from) parcel.notBefore = from
    },
    tick: async () => {
      for (const own of carried.values()) {
        const due = wakeAt(own.row.state)
        if (due !== null && !own.busy && due + own.waitMs <= now()) await step(own)
      }
      for (const parcel of parcels.values()) {
        if (sending.size >= mostSends) return
        const { phase } = parcel.delivery
        if (phase.kind === 'pending' && Math.max(phase.dueAt, parcel.notBefore) + parcel.waitMs <= now()) send(parcel)
        else if (phase.kind === 'sending' && phase.leaseUntil + parcel.waitMs <= now())
          // Of the plan: whoever was sending it then cannot say how it went.
          parcel.delivery = moveDelivery(parcel.delivery, { kind: 'lease-expired', written: true }, now()).delivery
      }
    },
    acknowledge: async ({ alert, by, actor: who }) => {
      const page = [...passengers.values()].find((each) => each.id === alert)?.pagedWith ?? alert
      const own = carried.get(page)
      if (own === undefined) return null
      const { phase } = own.row.state
      if (phase.kind === 'acknowledged' && phase.by !== by) return { row: own.row, by: phase.by }
      // Answered only when it is on the disk: whoever is told "it is yours" is not paged again.
      await options.write({ kind: 'acknowledged', id: newRecord(), at: now(), alert: page, by, actor: who })
      const step = stepEscalation(own.row.state, { kind: 'acknowledge', by }, directory, now())
      own.row = { ...own.row, state: step.state, nextAt: wakeAt(step.state) }
      stand(page, 'acknowledged', by)
      await stop(page, `${by} acknowledged it.`)
      return { row: own.row, by: null }
    },
    alertOf: (source, key) => {
      const passenger = passengers.get(episodeKey({ source, key }))
      return passenger === undefined || passenger.episode.end !== null ? null : passenger.id
    },
    escalationOf: (alert) => carried.get(alert)?.row ?? null,
    rest: async () => {
      while (sending.size > 0) await Promise.all(sending)
    },
  }

  function madeOf(row: EscalationRow, step: EscalationStep, at: Instant, lead: string): MadeApart {
    const reason = `${lead}${step.reasons.map((each) => each.sentence).join(' ')}`
    const { nextAt: _next, openedAt: _opened, closedAt: _closed, policyName: _policy, ...bare } = row
    return { row: bare, pages: pagesOfStep(row, step, at), webhooks: webhooksOfStep(row, step), reason, at }
  }
}

function readRouting(ports: LifeboatPorts, text: string | null): Routing | null {
  if (text === null) return null
  const read = ports.alerts.readRouting(text)
  return read.ok ? read.routing : null
}

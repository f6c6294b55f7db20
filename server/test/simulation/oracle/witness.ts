// Sees what a sender, a provider and a person see, and what was committed; knows nothing of how it was decided. Every
// invariant is judged here and in the models beside it.
import { minute, second } from '../../../src/kernel/duration.ts'
import { sameFailureMs, stillLookingMs } from '../../../src/modules/alerts/core/index.ts'
import type { Calm } from '../calm.ts'
import type { Sent, Written } from '../outside/providers.ts'
import type { Accepted } from '../outside/senders.ts'
import type { Database } from '../product/database.ts'
import { defaultPolicyName } from '../product/escalating.ts'
import type { Fact } from '../product/facts.ts'
import type { AlertRow, DeliveryRow, PersonRow } from '../product/rows.ts'
import type { Timeline } from '../timeline.ts'
import { CopyWatch } from './copy-watch.ts'
import { EscalationModel, type Expected, type Surroundings } from './escalation-model.ts'
import { MissedPeople } from './missed-people.ts'
import { Obligations } from './obligations.ts'
import { SilenceWatch } from './silence-watch.ts'
import { Violation } from './violation.ts'

type PageFact = Extract<Fact, { kind: 'page' }>

interface Step {
  readonly model: EscalationModel
  readonly id: string
  readonly alertId: string
  readonly expected: Expected
  readonly people: string[]
  readonly machines: string[]
}

interface Quiet {
  /** When it was committed, and when the person read that it was. */
  readonly committedAt: number
  readonly knownAt: number
}

const stepWithinMs = 4 * second
const afterAckMs = second
const criticalWithinMs = 5 * second
const bundleMs = minute

export interface WitnessNeeds {
  readonly timeline: Timeline
  readonly calm: Calm
  readonly database: Database
  readonly trace: (sentence: string, subjects: readonly string[]) => void
}

const isHigh = (row: DeliveryRow): boolean => row.urgency === 'high'

/** As promised: no message leaves more often. */
const mostCopies = 2

export class Witness {
  readonly obligations: Obligations
  readonly counts = { alerts: 0, pages: 0, sent: 0, acknowledged: 0, copies: 0 }
  private readonly needs: WitnessNeeds
  private readonly silences: SilenceWatch
  private readonly models = new Map<string, EscalationModel>()
  /** The newest escalation of an alert. */
  private readonly modelOf = new Map<string, EscalationModel>()
  private readonly quiet = new Map<string, Quiet>()
  private readonly endedAt = new Map<string, number>()
  private readonly tried = new Map<string, { contact: string; at: number }[]>()
  private readonly takenFor = new Set<string>()
  private readonly copies: CopyWatch
  private readonly criticalAt = new Map<string, number>()
  private readonly missed = new MissedPeople()
  private readonly late = new Map<string, { at: number; page: string }[]>()
  private readonly unsealed = new Set<number>()
  private readonly sentBeforeBackup = new Set<string>()
  private nextLeaf = 0
  private rewinds = 0

  constructor(needs: WitnessNeeds) {
    this.needs = needs
    this.obligations = new Obligations(needs.timeline, needs.calm)
    this.copies = new CopyWatch(needs.timeline)
    this.silences = new SilenceWatch({
      ...needs,
      obligations: this.obligations,
      hasPage: (alert, since) => {
        const model = this.modelOf.get(alert)
        return model !== undefined && (model.loudAt >= since || model.phase === 'running' || model.phase === 'assigned')
      },
      loudAt: (alert) => this.modelOf.get(alert)?.loudAt ?? 0,
    })
  }

  private get now(): number {
    return this.needs.timeline.now
  }

  private get db() {
    return this.needs.database.tables
  }

  private readonly around: Surroundings = {
    schedule: (name) => this.db.schedules.get(name)?.schedule ?? null,
    inTeam: (name) => this.db.teams.get(name)?.people ?? [],
    canReach: (person) => this.verified(person).length > 0,
  }

  private verified(person: string): PersonRow['contacts'] {
    return (this.db.people.get(person)?.contacts ?? []).filter((each) => each.verified)
  }

  committed(facts: readonly Fact[]): void {
    let step: Step | null = null
    const end = () => {
      if (step !== null) this.judgeStep(step)
      step = null
    }
    for (const fact of facts) {
      switch (fact.kind) {
        case 'escalation-opened': {
          end()
          const model = new EscalationModel(fact, this.around, this.now)
          this.judgePolicy(fact, model)
          this.models.set(fact.id, model)
          this.modelOf.set(fact.alertId, model)
          step = { model, id: fact.id, alertId: fact.alertId, expected: model.open(this.now), people: [], machines: [] }
          break
        }
        case 'escalation-input': {
          end()
          const model = this.models.get(fact.id)
          if (model === undefined) break
          this.needs.trace(`${fact.alertId}: ${fact.input.kind}`, [fact.alertId])
          const expected = model.step(fact.input, this.now)
          step = { model, id: fact.id, alertId: fact.alertId, expected, people: [], machines: [] }
          break
        }
        case 'page':
          step?.people.push(fact.person)
          this.judgePage(fact)
          break
        case 'machines':
          step?.machines.push(...fact.webhooks)
          break
        case 'alert':
          this.judgeAlert(fact.what, fact.row)
          break
        case 'look-again': {
          const model = this.models.get(fact.id)
          if (model === undefined) break
          model.lookAgain(fact.at)
          this.expectNext(fact.id, '', model)
          break
        }
        case 'may-leave':
          this.copies.mayLeave(fact.key, fact.attempt)
          break
        case 'doubted':
          this.copies.doubted(fact.key, fact.copies)
          break
        case 'missed':
          this.missed.say(fact.pageId, fact.person, this.hasTriedAll(fact.pageId, fact.person))
          break
        case 'journal':
          this.unsealed.add(fact.id)
          this.expectSealed(fact.id)
          break
        case 'sealed':
          this.judgeLeaf(fact.number, fact.entry)
          break
        case 'unrouted':
          this.needs.trace(`${fact.alertId}: nobody can be reached`, [fact.alertId])
          break
        case 'edited':
          this.needs.trace(`edited: ${fact.what}`, [])
      }
    }
    end()
  }

  private judgePolicy(fact: Extract<Fact, { kind: 'escalation-opened' }>, model: EscalationModel): void {
    const named = fact.service === null ? null : (this.db.services.get(fact.service)?.policy ?? null)
    const wanted = this.db.policies.get(named ?? defaultPolicyName)?.policy ?? null
    // The administrators are for policies that reach nobody.
    if (wanted === null || fact.policy === wanted) return
    const probe = new EscalationModel(
      { ...model, policy: wanted, turn: 0, urgency: fact.urgency },
      this.around,
      this.now,
    )
    probe.open(this.now)
    if (probe.phase === 'nobody' && fact.policy.name === 'administrators') return
    throw new Violation('I1', `${fact.alertId} is paged by policy ${fact.policy.name}, not ${wanted.name}`, [
      fact.alertId,
    ])
  }

  private judgeStep({ model, id, alertId, expected, people, machines }: Step): void {
    const told = people.join(', ') || 'nobody'
    this.needs.trace(`${alertId}: step pages ${told}`, [alertId])
    if (expected.early && people.length > 0) {
      const due = model.nextAt === null ? 'never' : `in ${model.nextAt - this.now} ms`
      throw new Violation('I3', `a step of ${alertId} paged ${told}, and the next one is due ${due}`, [alertId])
    }
    const wanted = expected.people ?? []
    const differs = wanted.length !== people.length || wanted.some((each) => !people.includes(each))
    if (differs && !expected.early)
      throw new Violation('I1', `${alertId} paged ${told} where ${wanted.join(', ') || 'nobody'} is to be told`, [
        alertId,
      ])
    const sorted = (names: readonly string[]) => [...names].sort().join(', ')
    if (sorted(machines) !== sorted(expected.machines))
      throw new Violation(
        'I1',
        `${alertId} told the machines [${sorted(machines)}] where [${sorted(expected.machines)}] are to be told`,
        [alertId],
      )
    this.expectNext(id, alertId, model)
  }

  private expectNext(id: string, alertId: string, model: EscalationModel): void {
    const at = model.nextAt
    if (at === null) return
    const { inputs } = model
    this.obligations.add({
      invariant: 'I1',
      from: Math.max(at, this.now),
      withinMs: stepWithinMs,
      isMet: () => model.inputs > inputs || model.nextAt === null || model.nextAt > this.now || !this.models.has(id),
      sentence: () => `the step of ${alertId || id} that was due did not come`,
      subjects: [alertId],
    })
  }

  private judgePage(fact: PageFact): void {
    this.counts.pages += 1
    const { id, person, alertId, severity, urgency } = fact
    const subjects = [alertId, id, person]
    this.needs.trace(`${alertId}: page ${id} to ${person}`, subjects)
    const from = this.now
    const { withinMs, atOnce } = this.patience(person, urgency)
    const model = this.modelOf.get(alertId)
    const isStopped = () =>
      (model === undefined || model.stoppedAt >= from) && this.db.notices.get(id)?.stopped !== null
    const isTold = () => [id, this.db.notices.get(id)?.bundleId].some((each) => this.takenFor.has(`${each}/${person}`))
    this.obligations.add({
      invariant: 'I1',
      from,
      withinMs: withinMs + bundleMs + 20 * second,
      isMet: () => isTold() || isStopped() || this.hasReason(id, person) || this.db.notices.get(id) === null,
      sentence: () => `${person} was not told by page ${id}, and nothing says why`,
      subjects,
    })
    const before = this.criticalAt.get(person) ?? Number.NEGATIVE_INFINITY
    if (severity === 'critical') this.criticalAt.set(person, from)
    if (severity !== 'critical' || urgency !== 'high' || before > from - minute || !atOnce) return
    this.obligations.add({
      invariant: 'I5',
      from,
      withinMs: criticalWithinMs,
      // A contact that was taken away meanwhile need not be tried at once.
      isMet: () =>
        this.contactsTried(id).length > 0 || isStopped() || isTold() || !this.patience(person, urgency).atOnce,
      sentence: () => `the first critical page ${id} to ${person} within a minute waited`,
      subjects,
    })
  }

  /** How long the person's own rules let a page wait. */
  private patience(person: string, urgency: 'high' | 'low'): { withinMs: number; atOnce: boolean } {
    const usable = new Set(this.verified(person).map((each) => each.id))
    const steps = (this.db.people.get(person)?.rules[urgency] ?? []).filter((each) => usable.has(each.contact))
    const withinMs = steps.length === 0 ? 0 : Math.min(...steps.map((each) => each.delayMs))
    return { withinMs, atOnce: withinMs === 0 && usable.size > 0 }
  }

  private hasTriedAll(page: string, person: string): boolean {
    return this.verified(person).every((each) => this.contactsTried(page).includes(each.id))
  }

  /** Every contact that works was tried in vain, or there is none. */
  private hasReason(page: string, person: string): boolean {
    const verified = this.verified(person)
    const bundle = this.db.notices.get(page)?.bundleId ?? null
    if (verified.length === 0 || [page, bundle].some((each) => this.missed.hasTriedAll(each, person))) return true
    const tried = new Set([page, bundle].flatMap((each) => (each === null ? [] : this.contactsTried(each))))
    if (!verified.every((each) => tried.has(each.id))) return false
    return [page, bundle].some((each) => this.missed.has(each, person) || this.isUnknown(each))
  }

  /** Twice in doubt counts as tried: it may have gone out, and a third copy must not. */
  private contactsTried(page: string): readonly string[] {
    const doubted = this.db.deliveries.by('page', page).filter((row) => row.delivery.phase.kind === 'unknown')
    return [...(this.tried.get(page) ?? []), ...doubted].map((each) => each.contact)
  }

  private isUnknown(page: string | null): boolean {
    if (page === null) return false
    return this.db.deliveries.by('page', page).some((row) => ['unknown', 'sent'].includes(row.delivery.phase.kind))
  }

  private judgeAlert(what: string, row: AlertRow): void {
    const { id } = row
    if (what === 'opened') {
      this.counts.alerts += 1
      this.needs.trace(`${id} opened: ${row.worst}, ${row.service}, ${row.key}`, [id])
      const open = this.db.alerts.by('key', `${row.source}|${row.key}`).filter((each) => each.status !== 'resolved')
      if (open.length > 1)
        throw new Violation('I1', `${open.map((each) => each.id).join(' and ')} are open under one key`, [id])
      this.expectPage(id)
    }
    if (what === 'ended') {
      if (!this.endedAt.has(id)) this.endedAt.set(id, this.now)
      this.needs.trace(`${id} ended (${row.episode.end?.how})`, [id])
      this.judgeEnd(row)
    }
    if (row.status !== 'resolved' && row.pagedWith !== null) this.judgeCompany(row, row.pagedWith)
    this.silences.look(row, what)
  }

  /** Right after it was taken in: an escalation, a page it joined, a silence that holds it, somebody who has it. */
  private expectPage(id: string): void {
    this.obligations.add({
      invariant: 'I1',
      from: this.now,
      withinMs: stepWithinMs,
      isMet: () => {
        const row = this.db.alerts.get(id)
        if (row === null || row.status === 'resolved' || row.silencedBy !== null || row.pagedWith !== null) return true
        return row.answeredBy !== null || this.modelOf.has(id)
      },
      sentence: () => `${id} is open and nobody looks for anybody`,
      subjects: [id],
    })
  }

  private judgeEnd({ id, episode, source, key }: AlertRow): void {
    const { end } = episode
    if (end === null || (end.how !== 'expired' && end.how !== 'silent')) return
    const until = this.vouched.get(`${source}|${key}`) ?? 0
    if (until > this.now)
      throw new Violation('I1', `${id} was ended as ${end.how} ${until - this.now} ms before its sender gave it up`, [
        id,
      ])
  }
  private readonly vouched = new Map<string, number>()

  /** Whether the page an alert joined can still tell anybody. */
  private judgeCompany(row: AlertRow, page: string): void {
    const known = this.joined.get(row.id)
    if (known === page) return
    this.joined.set(row.id, page)
    const model = this.modelOf.get(page)
    const leader = this.db.alerts.get(page)
    const quiet = this.quiet.get(page)
    const because = (sentence: string) =>
      new Violation('I1', `${row.id} joined the page of ${page}, ${sentence}`, [row.id, page])
    if (model === undefined || leader === null) throw because('which is not out')
    const policy = row.service === null ? null : (this.db.services.get(row.service)?.policy ?? null)
    const same = policy === null ? leader.team === row.team : this.db.groups.get(page)?.policy === policy
    if (!same) throw because('which goes to other people')
    if (model.phase === 'over' || model.phase === 'ended' || model.phase === 'nobody') throw because('which is over')
    if (model.phase === 'assigned' && row.urgency !== 'low') throw because('which calls for nobody')
    if (this.now - model.loudAt > sameFailureMs && this.now - leader.openedAt > sameFailureMs)
      throw because('which is too old')
    const answered = this.db.groups.get(page)?.answeredAt ?? quiet?.committedAt ?? null
    if (model.phase === 'quiet' && (answered === null || this.now - answered > stillLookingMs))
      throw because('which somebody answered long ago')
  }
  private readonly joined = new Map<string, string>()

  private expectSealed(entry: number): void {
    const { rewinds } = this
    this.obligations.add({
      invariant: 'I7',
      from: this.now,
      withinMs: 6 * second,
      isMet: () => !this.unsealed.has(entry) || rewinds !== this.rewinds,
      sentence: () => `journal entry ${entry} has no number`,
      subjects: [],
    })
  }

  private judgeLeaf(number: number, entry: number): void {
    if (number !== this.nextLeaf)
      throw new Violation('I7', `entry ${entry} got number ${number}, the next one is ${this.nextLeaf}`, [])
    if (!this.unsealed.delete(entry)) throw new Violation('I7', `entry ${entry} has two numbers`, [])
    this.nextLeaf = number + 1
  }

  accepted({ source, key, status, askedAt, vouchedUntil }: Accepted): void {
    const place = `${source}|${key}`
    if (status !== 'firing' || vouchedUntil === null || this.rewoundSince(askedAt)) this.vouched.delete(place)
    else this.vouched.set(place, vouchedUntil)
    if (status !== 'firing') return
    const rows = this.db.alerts.by('key', `${source}|${key}`)
    const alive = rows.some((row) => row.status !== 'resolved' || (this.endedAt.get(row.id) ?? 0) >= askedAt)
    if (alive || this.rewoundSince(askedAt)) return
    throw new Violation('I1', `a signal for ${key} was accepted and there is no alert`, [key])
  }

  private rewoundAt = Number.NEGATIVE_INFINITY
  private rewoundSince(at: number): boolean {
    return this.rewoundAt >= at
  }

  acknowledged(alertId: string, committedAt: number): void {
    this.counts.acknowledged += 1
    if (this.rewoundSince(committedAt)) return
    const row = this.db.alerts.get(alertId)
    const known = { committedAt, knownAt: this.now }
    for (const id of new Set([alertId, row?.pagedWith ?? alertId])) this.quiet.set(id, known)
    this.needs.trace(`${alertId}: the person reads that it is acknowledged`, [alertId])
  }

  snoozed(alertId: string, until: number): void {
    const from = until
    if (this.rewoundSince(this.now)) return
    this.obligations.add({
      invariant: 'I1',
      from,
      withinMs: 12 * second,
      isMet: () => {
        const row = this.db.alerts.get(alertId)
        return row === null || row.status !== 'snoozed' || (row.snoozedUntil ?? 0) !== until
      },
      sentence: () => `${alertId} was left until later, and later nobody heard of it`,
      subjects: [alertId],
    })
  }

  connecting(row: DeliveryRow): void {
    const known = this.tried.get(row.pageId)
    const at = { contact: row.contact, at: this.now }
    if (known === undefined) this.tried.set(row.pageId, [at])
    else known.push(at)
  }

  sent(sent: Sent): void {
    const { row, key, taken, alerts } = sent
    this.counts.sent += 1
    const subjects = [...alerts, row.pageId, row.person]
    this.needs.trace(
      `${row.purpose} ${key} (attempt ${sent.attempt}) reaches ${row.kind}: ${taken ? 'taken' : 'not taken'}`,
      subjects,
    )
    this.copies.sent(sent)
    this.counts.copies = this.copies.second
    if (taken) this.takenFor.add(`${row.pageId}/${row.person}`)
    const bundled = row.purpose === 'bundle' ? this.db.notices.by('bundle', row.pageId) : []
    if (bundled.some((each) => each.severity === 'critical')) this.criticalAt.set(row.person, this.now)
    if (row.purpose === 'ended') return
    if (this.sentBeforeBackup.has(key))
      throw new Violation('I8', `${key} went out before the backup and again after the restore`, subjects)
    this.judgeQuiet(sent)
    this.judgeLate(sent)
    if (taken) this.expectNextContact(sent)
  }

  toldTaken(written: Written): void {
    this.copies.toldTaken(written)
  }

  private judgeQuiet(sent: Sent): void {
    if (sent.stoodStill || sent.alerts.length === 0) return
    const { at } = sent
    const why = sent.alerts.map((alert) => this.quietBecause(alert, at))
    if (why.every((each) => each !== null))
      throw new Violation('I2', `${sent.key} left ${why[0]}`, [...sent.alerts, sent.row.pageId])
  }

  private quietBecause(alert: string, at: number): string | null {
    const quiet = this.quiet.get(alert)
    const model = this.modelOf.get(alert)
    if (
      quiet !== undefined &&
      quiet.knownAt < at - afterAckMs &&
      (model?.loudAt ?? Number.POSITIVE_INFINITY) <= quiet.committedAt
    )
      return `${at - quiet.knownAt} ms after ${alert} was acknowledged`
    const members = [this.db.alerts.get(alert), ...this.db.alerts.by('group', alert)].filter((each) => each !== null)
    const ends = members.map((each) => (each.status === 'resolved' ? (this.endedAt.get(each.id) ?? at) : at))
    const over = Math.max(...ends)
    if (members.length > 0 && this.needs.calm.between(over, at) > 5 * second)
      return `${at - over} ms after ${alert} was over`
    return this.silences.quietBecause(alert, at)
  }

  /** After an outage reminders of one page to one contact are one message. */
  private judgeLate({ row, at, attempt }: Sent): void {
    const planned = row.plan.find((each) => each.order === row.order)?.at
    if (row.purpose !== 'page' || attempt > 1 || planned === undefined || at - planned < 65 * second) return
    const who = `${row.person}/${row.contact}`
    const recent = (this.late.get(who) ?? []).filter((each) => each.at > at - 10 * second)
    if (recent.some((each) => each.page === row.pageId))
      throw new Violation('I5', `${who} got two reminders of ${row.pageId} at once after an outage`, [row.pageId])
    if (recent.length >= 12)
      throw new Violation('I5', `${who} got ${recent.length + 1} late messages at once`, [row.pageId])
    this.late.set(who, [...recent, { at, page: row.pageId }])
  }

  /** Every copy a contact may get was claimed and never heard of again: nobody knows that none of them left. */
  private isInDoubt(pageId: string, contact: string): boolean {
    const rows = this.db.deliveries.by('page', pageId).filter((each) => each.contact === contact)
    return rows.some((each) => each.delivery.copies >= mostCopies)
  }

  /** A push that nobody has looked at for a minute is not believed to have been heard. */
  private expectNextContact({ row, alerts, at }: Sent): void {
    const silent = row.kind === 'webpush' || row.kind === 'ntfy' || row.kind === 'telegram'
    if (!silent || !isHigh(row)) return
    // A contact that somebody added after the minute was none to try.
    const before = new Set(this.verified(row.person).map((each) => each.id))
    const others = () => this.verified(row.person).filter((each) => each.id !== row.contact && before.has(each.id))
    this.obligations.add({
      invariant: 'I1',
      from: at + minute,
      withinMs: 8 * second,
      isMet: () => {
        const now = this.db.deliveries.get(row.key)
        if (now === null || now.seen || now.delivery.phase.kind !== 'sent') return true
        // Another copy followed, and its minute is another one.
        if (now.delivery.phase.at > at + second) return true
        const isOver = (id: string) => this.endedAt.has(id) || (this.modelOf.get(id)?.stoppedAt ?? 0) >= row.createdAt
        if (alerts.every(isOver)) return true
        const tried = this.tried.get(row.pageId) ?? []
        return (
          others().every(
            (each) => tried.some((one) => one.contact === each.id) || this.isInDoubt(row.pageId, each.id),
          ) || tried.some((one) => one.at > at && one.contact !== row.contact)
        )
      },
      sentence: () => `${row.key} lay unseen for a minute and no other contact was tried`,
      subjects: [...alerts, row.pageId, row.person],
    })
  }

  /** An older state of the database holds again: what was seen since is void, what holds is taken from the rows. */
  rewound(what: string, since: number): void {
    this.needs.trace(`${what}: everything since ${this.now - since} ms ago is void`, [])
    this.rewinds += 1
    this.rewoundAt = this.now
    this.copies.rewound(this.db.deliveries.all())
    this.obligations.forget()
    this.models.clear()
    this.modelOf.clear()
    this.quiet.clear()
    this.endedAt.clear()
    this.vouched.clear()
    this.joined.clear()
    this.silences.forget()
    this.unsealed.clear()
    for (const row of this.db.journal.all()) this.unsealed.add(row.id)
    this.nextLeaf = this.db.head.get('size') ?? 0
    for (const row of this.db.alerts.all()) if (row.pagedWith !== null) this.joined.set(row.id, row.pagedWith)
    for (const row of this.db.escalations.all()) {
      const model = EscalationModel.adopt(row.state, this.around, this.now)
      this.models.set(row.id, model)
      this.modelOf.set(row.alertId, model)
      this.expectNext(row.id, row.alertId, model)
    }
    if (what !== 'a restore') return
    for (const row of this.db.deliveries.all())
      if (row.delivery.phase.kind === 'sent') this.sentBeforeBackup.add(row.key)
  }

  /** Rows that nobody asks about any more; keeps a month in memory. */
  forgetAlert(id: string, pages: readonly string[]): void {
    for (const map of [this.modelOf, this.quiet, this.endedAt, this.joined]) map.delete(id)
    this.silences.forgetAlert(id)
    for (const page of pages) this.tried.delete(page)
  }

  forgetDelivery(key: string): void {
    this.copies.forget(key)
  }

  forgetEscalation(id: string): void {
    this.models.delete(id)
  }

  trim(): void {
    this.copies.trim()
    if (this.takenFor.size > 50_000) this.takenFor.clear()
    this.missed.trim()
    if (this.late.size > 1_000) this.late.clear()
  }

  /** Nothing has been broken for a while: nothing that is due may wait. */
  judgeRest(): void {
    for (const row of this.db.work.all()) {
      if (row.setAside) throw new Violation('I6', `a job was set aside: ${row.kind} ${row.subject}`, [row.subject])
      if (row.dueAt < this.now - 30 * second)
        throw new Violation('I6', `${row.kind} ${row.subject} waits`, [row.subject])
    }
    for (const row of this.db.deliveries.by('open', 'open')) {
      const { phase } = row.delivery
      const dueAt = phase.kind === 'pending' ? phase.dueAt : phase.kind === 'sending' ? phase.leaseUntil : this.now
      if (dueAt < this.now - 30 * second) throw new Violation('I6', `${row.key} was due and waits`, [row.pageId])
    }
  }
}

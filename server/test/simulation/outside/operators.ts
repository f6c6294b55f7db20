// People at the console: they edit policies, rotations, contacts and rules while pages are under way, cover for each
// other, and make silences.
import { day, hour, minute } from '../../../src/kernel/duration.ts'
import { instant } from '../../../src/kernel/instant.ts'
import type { EscalationPolicy, Override } from '../../../src/modules/oncall/core/index.ts'
import type { Fleet } from '../fleet.ts'
import { longestOverrideMs, type Organisation, policyOf, rulesOf, withMachines } from '../organisation.ts'
import type { Tx } from '../product/database.ts'
import { applyInput, lookAgain } from '../product/escalating.ts'
import { createSilence, expireSilence } from '../product/holding.ts'
import type { House } from '../product/paging.ts'
import type { Random } from '../random.ts'
import type { Timeline } from '../timeline.ts'

export interface OperatorNeeds {
  readonly timeline: Timeline
  readonly fleet: Fleet
  readonly random: Random
  /** Whether an edit is taken over by what is under way. */
  readonly again: Random
  /** What machines a policy names; null in a world without any. */
  readonly machines: Random | null
  readonly house: House
  readonly organisation: Organisation
  readonly until: number
  readonly edits: boolean
  readonly reapplies: boolean
  readonly overrides: boolean
  readonly silences: boolean
}

export class Operators {
  private readonly needs: OperatorNeeds
  private made = 0

  constructor(needs: OperatorNeeds) {
    this.needs = needs
    if (needs.edits) this.often(10 * hour, () => this.edit())
    if (needs.overrides) this.often(day, () => this.override())
    if (needs.silences) this.often(8 * hour, () => this.silence())
  }

  private often(meanMs: number, act: () => void): void {
    const { timeline, random, until } = this.needs
    timeline.after(random.wait(meanMs), () => {
      if (timeline.now >= until) return
      act()
      this.often(meanMs, act)
    })
  }

  /** One try: an operator whose change failed looks again some other time. */
  private change(what: string, work: (tx: Tx) => void): void {
    this.needs.fleet.request(
      (tx) => {
        work(tx)
        tx.note({ kind: 'edited', what })
      },
      () => undefined,
    )
  }

  private edit(): void {
    const { random, organisation } = this.needs
    const person = random.pick(organisation.people.slice(0, -1)).name
    const names = organisation.people.slice(0, -1).map((each) => each.name)
    switch (random.whole(0, 3)) {
      case 0: {
        const { name } = random.pick(organisation.policies)
        const people = policyOf(
          random,
          name,
          names,
          organisation.schedules.map((each) => each.name),
        )
        const policy = this.needs.machines === null ? people : withMachines(this.needs.machines, people)
        const taken = this.needs.reapplies && this.needs.again.chance(0.7)
        return void this.change(`policy ${name}`, (tx) => {
          tx.db.policies.put(name, { policy })
          if (taken) this.reapply(tx, policy)
        })
      }
      case 1: {
        const at = random.next()
        return void this.change(`contact of ${person}`, (tx) => {
          const row = tx.db.people.get(person)
          const contact = row?.contacts[Math.floor(at * row.contacts.length)]
          if (row === null || row === undefined || contact === undefined) return
          const turned = { ...contact, verified: !contact.verified }
          const contacts = row.contacts.map((each) => (each.id === contact.id ? turned : each))
          tx.db.people.put(person, { ...row, contacts })
        })
      }
      case 2: {
        const contacts = organisation.people.find((each) => each.name === person)?.contacts ?? []
        const rules = rulesOf(random, contacts)
        return void this.change(`rules of ${person}`, (tx) => {
          const row = tx.db.people.get(person)
          if (row !== null) tx.db.people.put(person, { ...row, rules })
        })
      }
      default: {
        const { name } = random.pick(organisation.services)
        const policy = random.pick(organisation.policies).name
        return void this.change(`policy of ${name}`, (tx) => {
          const row = tx.db.services.get(name)
          if (row !== null) tx.db.services.put(name, { ...row, policy })
        })
      }
    }
  }

  /** What is under way takes the policy over that it began with, as it is saved now. */
  private reapply(tx: Tx, policy: EscalationPolicy): void {
    for (const row of tx.db.escalations.by('open', 'open'))
      if (row.state.policy.name === policy.name)
        applyInput(tx, row.alertId, { kind: 'reapply', by: 'operator', policy })
  }

  private override(): void {
    const { random, organisation, timeline } = this.needs
    const { name } = random.pick(organisation.schedules)
    const person = random.pick(organisation.people.slice(0, -1)).name
    const start = instant(timeline.now + random.whole(0, 6 * 60) * minute)
    const end = instant(start + random.whole(10, longestOverrideMs / minute) * minute)
    const of = { id: `override-${this.made++}`, reason: 'cover', start, end, person }
    const kind = random.pick(['replace', 'add', 'remove'] as const)
    const override: Override = { ...of, kind }
    this.change(`override of ${name}`, (tx) => {
      const row = tx.db.schedules.get(name)
      if (row === null) return
      const kept = row.schedule.overrides.filter((each) => each.end > tx.now - day)
      tx.db.schedules.put(name, { schedule: { ...row.schedule, overrides: [...kept, override] } })
      lookAgain(tx, name, start)
    })
  }

  private silence(): void {
    const { random, organisation, timeline, house, fleet } = this.needs
    const byService = random.chance(0.6)
    const service = random.pick(organisation.services).name
    const matcher = byService
      ? ({ name: 'service', operator: '=', value: service } as const)
      : ({ name: 'alertname', operator: '=', value: random.pick(['latency', 'errors', 'disk']) } as const)
    const startsAt = instant(timeline.now + (random.chance(0.3) ? random.whole(1, 90) * minute : 0))
    const endsAt = instant(startsAt + random.whole(5, 180) * minute)
    const early = random.chance(0.35) ? random.whole(1, 60) * minute : null
    fleet.request(
      (tx) => {
        const begins = startsAt < tx.now ? tx.now : startsAt
        return createSilence(tx, {
          sets: [[matcher]],
          startsAt: begins,
          endsAt,
          by: 'operator',
          reason: 'planned work',
        })
      },
      (reply) => {
        if (reply.kind !== 'done' || early === null || reply.value === undefined) return
        timeline.after(early, () =>
          fleet.request(
            (tx) => expireSilence(tx, house, reply.value),
            () => undefined,
          ),
        )
      },
    )
  }
}

// What breaks, and when. Every fault tells how long the promises of speed are excused: its own length and the seconds
// within which the product must have recovered (a lease of 5 s and one poll).
import { day, hour, minute, second } from '../../../src/kernel/duration.ts'
import type { Calm } from '../calm.ts'
import type { Fleet } from '../fleet.ts'
import type { Fault } from '../options.ts'
import { kinds } from '../organisation.ts'
import type { Database, Fate } from '../product/database.ts'
import type { Random } from '../random.ts'
import type { Timeline } from '../timeline.ts'
import type { Providers, Weather } from './providers.ts'

export interface FaultNeeds {
  readonly timeline: Timeline
  readonly random: Random
  readonly calm: Calm
  readonly on: ReadonlySet<Fault>
  readonly until: number
  readonly people: readonly { readonly name: string; readonly contacts: readonly { readonly id: string }[] }[]
  /** Of collections and freezes, so that they come on top of what the seed does anyway. */
  readonly stalls: Random
  /** Several alerts at once. */
  readonly trouble: () => void
  readonly trace: (sentence: string) => void
  /** Commits were lost with a primary, or an older state came back: what was promised since is void. */
  readonly rewound: (what: string, since: number) => void
}

/** After a process is gone its claims run out, another one looks, and what it found is sent. */
const recoveryMs = 12 * second
const abortMs = 9 * second
const weatherTailMs = 75 * second

export class Faults {
  private readonly needs: FaultNeeds
  private parts: { fleet: Fleet; database: Database; providers: Providers } | null = null
  private readonly abortRate: number
  private readonly doubtRate: number
  private readonly hintLossRate: number
  private readonly collectRate: number
  private readonly holdRate: number
  backups = 0

  constructor(needs: FaultNeeds) {
    this.needs = needs
    const { random, on } = needs
    const rate = (fault: Fault, most: number) => (on.has(fault) ? random.next() * most : 0)
    this.abortRate = rate('aborts', 0.01)
    this.doubtRate = rate('doubts', 0.01)
    this.hintLossRate = on.has('lost-hints') ? random.pick([0.05, 0.5, 1]) : 0
    this.collectRate = on.has('collections') ? needs.stalls.next() * 0.004 : 0
    this.holdRate = on.has('held-answers') ? 0.002 + needs.stalls.next() * 0.01 : 0
  }

  /** The end of a transaction. */
  readonly fate = (): Fate => {
    const { random, calm, timeline, until, trace } = this.needs
    if (timeline.now >= until) return 'commit'
    const dice = random.next()
    if (dice >= this.abortRate + this.doubtRate) return 'commit'
    calm.excuse(timeline.now, timeline.now + abortMs)
    const fate = dice < this.abortRate ? 'abort' : random.chance(0.5) ? 'unknown-done' : 'unknown-lost'
    trace(`a transaction ends: ${fate}`)
    return fate
  }

  readonly hintLost = (): boolean =>
    this.hintLossRate > 0 && this.needs.timeline.now < this.needs.until && this.needs.random.chance(this.hintLossRate)

  /** Whatever a process does allocates: it may stand still right before its next step, with all it holds in its hands. */
  readonly collection = (): number => {
    const { stalls, calm, timeline, until } = this.needs
    if (this.collectRate === 0 || timeline.now >= until || !stalls.chance(this.collectRate)) return 0
    const forMs = stalls.chance(0.05) ? stalls.whole(1_000, 4_000) : stalls.whole(20, 700)
    // No time to recover is granted: a collection is no failure.
    calm.excuse(timeline.now, timeline.now + forMs)
    return forMs
  }

  /** A sender may stand still right when its message is out and the answer is not yet here: longer than its claim holds. */
  readonly held = (): number => {
    const { stalls, timeline, until } = this.needs
    if (this.holdRate === 0 || timeline.now >= until || !stalls.chance(this.holdRate)) return 0
    const forMs = stalls.whole(4_500, 7_000)
    this.excuse(forMs + recoveryMs)
    return forMs
  }

  begin(parts: { fleet: Fleet; database: Database; providers: Providers }): void {
    this.parts = parts
    const { on } = this.needs
    if (on.has('kills')) this.often(5 * hour, () => this.kill(1))
    if (on.has('kill-all')) this.often(2 * day, () => this.inTrouble(() => this.kill(parts.fleet.processes.length)))
    if (on.has('pauses')) this.often(5 * hour, () => this.pause())
    if (on.has('freezes')) this.often(day, () => this.freeze(), this.needs.stalls)
    if (on.has('deploys')) this.often(day, () => this.deploy())
    if (on.has('outages')) this.often(day, () => this.inTrouble(() => this.outage(0)))
    if (on.has('failovers')) this.often(3 * day, () => this.outage(this.needs.random.whole(1, 3_000)))
    if (on.has('weather')) this.often(8 * hour, () => this.turnWeather())
    if (on.has('gone-contacts')) this.often(3 * day, () => this.dropContact())
    if (on.has('restores')) this.often(12 * day, () => this.restore())
  }

  private often(meanMs: number, act: () => void, random = this.needs.random): void {
    const { timeline, until } = this.needs
    timeline.after(random.wait(meanMs), () => {
      if (timeline.now >= until) return
      act()
      this.often(meanMs, act, random)
    })
  }

  /** Often what breaks the database breaks more than that, and is being paged for. */
  private inTrouble(act: () => void): void {
    const { random, timeline, trouble } = this.needs
    if (random.chance(0.5)) return void act()
    trouble()
    timeline.after(random.whole(20, 400) * second, act)
  }

  private get world() {
    if (this.parts === null) throw new Error('Faults before the world.')
    return this.parts
  }

  private excuse(forMs: number): void {
    const { now } = this.needs.timeline
    this.needs.calm.excuse(now, now + forMs)
  }

  private kill(count: number): void {
    const { random, timeline, trace } = this.needs
    const { fleet } = this.world
    const victims = random.shuffle(fleet.processes.filter((each) => each.up)).slice(0, count)
    for (const victim of victims) {
      const downMs = random.whole(1, count > 1 ? 300 : 40) * second
      this.excuse(downMs + recoveryMs)
      trace(`kill -9 of ${victim.name}, back after ${downMs} ms`)
      fleet.kill(victim)
      timeline.after(downMs, () => fleet.start(victim))
    }
  }

  private pause(): void {
    const { random, trace } = this.needs
    const { fleet } = this.world
    const victim = random.pick(fleet.processes)
    const forMs = random.whole(500, 30_000)
    this.excuse(forMs + recoveryMs)
    trace(`${victim.name} stands still for ${forMs} ms`)
    fleet.pause(victim, forMs)
  }

  /**
   * As SIGSTOP or a suspended machine: past every claim, one process or all of them, and then they go on as if nothing was.
   * Shorter than senders vouch for what they say (five minutes): what is read later than that says that it is over.
   */
  private freeze(): void {
    const { stalls, trace } = this.needs
    const { fleet } = this.world
    const forMs = stalls.whole(30, 240) * second
    const victims = stalls.chance(0.25) ? fleet.processes : [stalls.pick(fleet.processes)]
    this.excuse(forMs + recoveryMs)
    for (const victim of victims) {
      trace(`${victim.name} is frozen for ${forMs} ms`)
      fleet.pause(victim, forMs)
    }
  }

  private deploy(): void {
    const { timeline, trace } = this.needs
    const { fleet } = this.world
    for (const [index, process] of fleet.processes.entries())
      timeline.after(index * 8 * second, () => {
        if (!process.up || process.pausedAt !== null) return
        this.excuse(5 * second + recoveryMs)
        trace(`${process.name} is replaced`)
        fleet.drain(process, 3 * second)
        timeline.after(5 * second, () => {
          if (!process.up) fleet.start(process)
        })
      })
  }

  private outage(loseMs: number): void {
    const { random, timeline, trace, rewound } = this.needs
    const { database } = this.world
    if (!database.up) return
    const forMs = random.chance(0.5) ? random.whole(200, 8_000) : random.wait(4 * minute)
    this.excuse(forMs + recoveryMs)
    database.up = false
    trace(`the database is away for ${forMs} ms`)
    timeline.after(forMs, () => {
      if (loseMs > 0) {
        const since = timeline.now - forMs - loseMs
        const lost = database.lose(forMs + loseMs)
        trace(`failover: the last ${loseMs} ms are lost, ${lost} commits`)
        rewound('a failover', since)
      }
      database.up = true
    })
  }

  private turnWeather(): void {
    const { random, timeline, trace } = this.needs
    const { providers } = this.world
    const turned = random.shuffle(kinds).slice(0, random.chance(0.25) ? kinds.length : 1)
    const weather = random.pick<Weather>(['slow', 'down', 'refusing', 'hanging', 'losing-answers'])
    const forMs = random.wait(5 * minute) + second
    this.excuse(forMs + weatherTailMs)
    trace(`${turned.join(', ')}: ${weather} for ${forMs} ms`)
    for (const kind of turned) {
      providers.weather.set(kind, weather)
      timeline.after(forMs, () => providers.weather.delete(kind))
    }
  }

  private dropContact(): void {
    const { random, trace } = this.needs
    const { providers } = this.world
    const person = random.pick(this.needs.people.slice(0, -1))
    const contact = random.pick(person.contacts)
    if (contact.id === 'email') return
    trace(`${contact.id} of ${person.name} is gone`)
    providers.gone.add(`${person.name}/${contact.id}`)
  }

  /** Everything stops, an older state comes back, everything starts. */
  private restore(): void {
    const { random, timeline, trace, rewound } = this.needs
    const { database, fleet } = this.world
    const backup = database.backup()
    const takenAt = timeline.now
    timeline.after(random.whole(5, 600) * minute, () => {
      this.excuse(2 * minute + recoveryMs)
      for (const process of fleet.processes) fleet.kill(process)
      database.restore(backup)
      this.backups += 1
      trace(`restored to a backup ${timeline.now - takenAt} ms old`)
      rewound('a restore', takenAt)
      for (const process of fleet.processes) timeline.after(random.whole(1, 30) * second, () => fleet.start(process))
    })
  }
}

// One run: a pure function of its options. The same options give the same events in the same order, bit for bit.
import { day, hour } from '../../src/kernel/duration.ts'
import { formatInstant, type Instant, instant } from '../../src/kernel/instant.ts'
import { Calm } from './calm.ts'
import { Fleet } from './fleet.ts'
import { faults as everyFault, type Fault, type Options } from './options.ts'
import { type Invariant, Violation } from './oracle/violation.ts'
import { Witness } from './oracle/witness.ts'
import { type Organisation, organisationOf, withMachines } from './organisation.ts'
import { Faults } from './outside/faults.ts'
import { Operators } from './outside/operators.ts'
import { People } from './outside/people.ts'
import { Providers } from './outside/providers.ts'
import { Senders } from './outside/senders.ts'
import { plantOf } from './planted.ts'
import { Database } from './product/database.ts'
import { hash, randomOf } from './random.ts'
import { productRules, type Rules } from './rules.ts'
import { Timeline } from './timeline.ts'

export interface Line {
  readonly at: Instant
  readonly sentence: string
  readonly subjects: readonly string[]
}

export interface Result {
  readonly options: Options
  readonly violation: {
    readonly invariant: Invariant
    readonly sentence: string
    readonly subjects: readonly string[]
  } | null
  readonly at: Instant
  readonly startedAt: Instant
  readonly faults: readonly Fault[]
  readonly events: number
  readonly counts: Witness['counts']
  /** Of everything that was seen, in order. */
  readonly digest: string
  readonly lines: readonly Line[]
}

/** After the last fault: everything must come to rest, acknowledgements that time out and rounds included. */
const restMs = 3 * hour

export function simulate(options: Options, keepLines = false): Result {
  const { seed } = options
  const made = organisationOf(randomOf(seed, 'organisation'))
  // One company of three pages machines as well.
  const chance = randomOf(seed, 'machines of policies')
  const machines = chance.chance(0.34) ? chance : null
  const organisation =
    machines === null ? made : { ...made, policies: made.policies.map((policy) => withMachines(machines, policy)) }
  const on = swarm(options)
  const timeline = new Timeline(organisation.start)
  const end = instant(organisation.start + options.days * day)
  const rules: Rules = options.plant === null ? productRules : plantOf(options.plant)(productRules)
  const calm = new Calm()
  const lines: Line[] = []
  let digest = hash('')
  const trace = (sentence: string, subjects: readonly string[] = []) => {
    digest = hash(`${timeline.now} ${sentence}\n`, digest)
    if (keepLines) lines.push({ at: timeline.now, sentence, subjects })
  }

  const faults = new Faults({
    timeline,
    random: randomOf(seed, 'faults'),
    stalls: randomOf(seed, 'stalls'),
    calm,
    on,
    until: end,
    people: organisation.people,
    trouble: () => senders.trouble(),
    trace,
    rewound: (what, since) => {
      witness.rewound(what, since)
      fleet.changed()
    },
  })
  const database = new Database({
    timeline,
    rules,
    fate: faults.fate,
    committed: (facts) => witness.committed(facts),
    hinted: (dueAt, lane, lost) => fleet.hinted(dueAt, lane, lost),
  })
  const witness = new Witness({ timeline, calm, database, trace })
  const providers = new Providers(timeline, randomOf(seed, 'providers'), {
    sent: (sent) => {
      witness.sent(sent)
      people.hear(sent)
    },
    connecting: (row) => witness.connecting(row),
    toldTaken: (written) => witness.toldTaken(written),
  })
  const house = { dependencies: organisation.dependencies }
  const fleet = new Fleet({
    timeline,
    database,
    random: randomOf(seed, 'fleet'),
    rules,
    house,
    providers,
    processes: 3,
    hintLost: faults.hintLost,
    collection: faults.collection,
    held: faults.held,
    skewMs: on.has('skew') ? 90_000 : 20,
  })
  const people = new People({
    timeline,
    fleet,
    random: randomOf(seed, 'people'),
    house,
    names: organisation.people.map((each) => each.name),
    sleepers: on.has('sleepers'),
    snoozes: on.has('snoozes'),
    secondThoughts: on.has('second-thoughts'),
    passingOn: on.has('passing-on'),
    acknowledged: (alert, at) => witness.acknowledged(alert, at),
    snoozed: (alert, until) => witness.snoozed(alert, until),
  })

  plantOrganisation(database, organisation)
  for (const process of fleet.processes) fleet.start(process)
  const random = randomOf(seed, 'senders')
  const storms = on.has('storms')
  const senders = new Senders({
    timeline,
    fleet,
    random,
    rules,
    house,
    organisation,
    until: end,
    storms,
    accepted: (of) => witness.accepted(of),
  })
  new Operators({
    timeline,
    fleet,
    random: randomOf(seed, 'operators'),
    house,
    organisation,
    until: end,
    edits: on.has('edits'),
    again: randomOf(seed, 'reapplies'),
    machines,
    reapplies: on.has('reapplies'),
    overrides: on.has('overrides'),
    silences: on.has('silences'),
  })
  faults.begin({ fleet, database, providers })
  tidyEvery(timeline, database, witness)

  let violation: Result['violation'] = null
  try {
    timeline.runUntil(instant(end + restMs))
    witness.judgeRest()
  } catch (error) {
    if (!(error instanceof Violation)) throw error
    violation = { invariant: error.invariant, sentence: error.message, subjects: error.subjects }
    trace(error.message, error.subjects)
  }
  return {
    options,
    violation,
    at: timeline.now,
    startedAt: organisation.start,
    faults: [...on],
    events: timeline.ran,
    counts: witness.counts,
    digest: digest.toString(16).padStart(8, '0'),
    lines,
  }
}

/** Which faults this seed has: about half of them, so that each meets each other's absence. */
function swarm({ seed, without }: Options): ReadonlySet<Fault> {
  const random = randomOf(seed, 'swarm')
  // One seed in ten is calm, so that the promises of speed are held to without excuses.
  const share = random.pick([0, 0.3, 0.5, 0.5, 0.5, 0.7, 0.7, 0.9, 0.9, 1])
  return new Set(everyFault.filter((each) => random.chance(share) && !without.includes(each)))
}

function plantOrganisation(database: Database, of: Organisation): void {
  database.transaction(
    of.start,
    (tx) => {
      for (const person of of.people) tx.db.people.put(person.name, person)
      for (const schedule of of.schedules) tx.db.schedules.put(schedule.name, { schedule })
      for (const team of of.teams) tx.db.teams.put(team.name, team)
      for (const policy of of.policies) tx.db.policies.put(policy.name, { policy })
      for (const service of of.services) tx.db.services.put(service.name, service)
    },
    true,
  )
}

// The product keeps its history; the model forgets what ended more than a day ago.
const keptMs = day
const tidyMs = 6 * hour

function tidyEvery(timeline: Timeline, database: Database, witness: Witness): void {
  timeline.after(tidyMs, () => {
    database.transaction(
      timeline.now,
      ({ db }) => {
        const before = timeline.now - keptMs
        for (const row of db.alerts.filter((each) => each.status === 'resolved' && each.episode.lastSeenAt < before)) {
          if (db.escalations.by('alert', row.id).some((each) => each.state.phase.kind !== 'resolved')) continue
          if (db.alerts.by('group', row.id).some((each) => each.status !== 'resolved')) continue
          const pages = db.pages.by('alert', row.id).map((each) => each.id)
          witness.forgetAlert(row.id, pages)
          for (const each of db.escalations.by('alert', row.id)) {
            witness.forgetEscalation(each.id)
            db.escalations.remove(each.id)
          }
          for (const each of db.deliveries.by('alert', row.id)) {
            witness.forgetDelivery(each.key)
            db.deliveries.remove(each.key)
          }
          for (const page of pages) {
            db.pages.remove(page)
            db.notices.remove(page)
          }
          db.alerts.remove(row.id)
        }
        for (const row of db.bundles.filter((each) => each.dueAt < before)) {
          for (const each of db.deliveries.by('page', row.id)) {
            witness.forgetDelivery(each.key)
            db.deliveries.remove(each.key)
          }
          db.bundles.remove(row.id)
        }
        for (const row of db.silences.filter((each) => each.silence.endsAt < before)) db.silences.remove(row.silence.id)
      },
      true,
    )
    witness.trim()
    tidyEvery(timeline, database, witness)
  })
}

export function formatLine({ at, sentence }: Line): string {
  return `${formatInstant(at)}  ${sentence}`
}

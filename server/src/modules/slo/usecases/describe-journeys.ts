// Journeys as people read them, and their evaluation once a minute, which tells others when one changes its state.
import { AppError } from '../../../kernel/app-error.ts'
import { formatInstant, type Instant } from '../../../kernel/instant.ts'
import { toNumber } from '../../../kernel/rational.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { reviewState, shownState } from '../core/review-terms.ts'
import { sentenceWithEnd } from '../core/review-words.ts'
import { formatTarget } from '../core/sentence.ts'
import { journeyKey } from '../core/subject.ts'
import { listExclusions } from '../exclusions.store.ts'
import { type JourneyReply, type JourneySummary, journeyStateChanged } from '../journeys.contract.ts'
import {
  type JourneyRow,
  type JourneyStateRow,
  listJourneys,
  readJourneyStates,
  saveJourneyStates,
} from '../journeys.store.ts'
import { readTermTimes, type TermTimes } from '../reviews.store.ts'
import { type EvaluatedJourney, evaluateJourney, type JourneyWorld } from './evaluate-journey.ts'

export async function describeJourneys(queries: Queries): Promise<readonly JourneySummary[]> {
  const states = new Map((await readJourneyStates(queries)).map((state) => [state.name, state]))
  const rows = await listJourneys(queries)
  const terms = await readTermTimes(
    queries,
    rows.map((row) => journeyKey(row.definition.name)),
  )
  const now = await queries.now()
  return rows.map((row) => {
    const { name } = row.definition
    const state = states.get(name)
    return withTerms(state === undefined ? unevaluated(row) : summaryOf(state), terms.get(journeyKey(name)), now)
  })
}

/** Views of before reviews were declared have neither. */
function withTerms<View extends JourneySummary>(view: View, terms: TermTimes | undefined, now: Instant): View {
  const { soonAt = null, overdueAt = null, expiresAt = null } = terms ?? {}
  return {
    ...view,
    state: shownState(view.state, expiresAt, now),
    sentence: sentenceWithEnd(view.sentence, expiresAt, now),
    review: soonAt === null || overdueAt === null ? 'none' : reviewState({ soonAt, overdueAt }, now),
    expiresAt: expiresAt === null ? null : formatInstant(expiresAt),
  }
}

function summaryOf({ view, since }: JourneyStateRow): JourneySummary {
  const {
    description: _said,
    stepMs: _step,
    steps: _steps,
    texts: _texts,
    ceiling: _ceiling,
    members: _members,
    ...summary
  } = view
  return { ...summary, since: formatInstant(since) }
}

function unevaluated({ definition }: JourneyRow): JourneySummary {
  const { target } = definition
  return {
    name: definition.name,
    displayName: definition.displayName,
    source: definition.source,
    journey: definition.journey,
    team: definition.team,
    target: target === null ? null : toNumber(target),
    targetText: target === null ? null : formatTarget(target).replace(' %', ''),
    windowMs: definition.windowMs,
    mode: definition.mode,
    missing: definition.missing,
    state: 'no-data',
    since: null,
    asOf: null,
    sentence: 'Not known: it was not evaluated yet.',
    ...{ review: 'none', expiresAt: null },
    ...{ attainment: null, remainingRatio: null, weighted: null, product: null, worst: null, joint: null },
  }
}

export async function describeJourney(queries: Queries, name: string): Promise<JourneyReply> {
  const { rows, world } = await readWorld(queries)
  const row = rows.find((each) => each.definition.name === name)
  if (row === undefined)
    throw new AppError('not-found', 'slo.unknown-journey', `There is no journey objective ${name}.`)
  const state = (await readJourneyStates(queries)).find((each) => each.name === name)
  const { reply } = await evaluateJourney(queries, row.definition, world)
  const since = state === undefined || state.state !== reply.state ? null : formatInstant(state.since)
  const terms = await readTermTimes(queries, [journeyKey(name)])
  return withTerms({ ...reply, since }, terms.get(journeyKey(name)), await queries.now())
}

async function readWorld(queries: Queries): Promise<{ rows: readonly JourneyRow[]; world: JourneyWorld }> {
  const rows = await listJourneys(queries)
  const journeys = new Map(rows.map((row) => [row.definition.name, row.definition]))
  return { rows, world: { journeys, exclusions: await listExclusions(queries), tallies: new Map() } }
}

const actor = { kind: 'automation', id: 'slo', name: 'slo' } as const

/** Reads outside the transaction: what it writes is a function of what it read, and the next minute reads anew. */
export async function evaluateAllJourneys(needs: Needs): Promise<number> {
  const { database } = needs
  const { rows, world } = await readWorld(database)
  if (rows.length === 0) return 0
  const evaluated: (EvaluatedJourney & { readonly row: JourneyRow })[] = []
  for (const row of rows) evaluated.push({ row, ...(await evaluateJourney(database, row.definition, world)) })
  await database.transaction(async (tx) => {
    const before = new Map((await readJourneyStates(tx)).map((state) => [state.name, state]))
    const states = evaluated.map(({ row, asOf, reply }): JourneyStateRow => {
      const earlier = before.get(reply.name)
      const since = earlier === undefined || earlier.state !== reply.state ? asOf : earlier.since
      return { name: reply.name, version: row.version, asOf, state: reply.state, since, view: reply }
    })
    await saveJourneyStates(tx, states)
    for (const { name, state, view } of states) {
      const from = before.get(name)?.state ?? null
      // A first verdict of "nothing is known yet" is no change of anything.
      if (from === state || (from === null && state === 'no-data')) continue
      await needs.journal.publish(tx, journeyStateChanged, {
        actor,
        subject: { kind: 'journey', id: name },
        links: servicesOf(view).map((id) => ({ kind: 'service', id })),
        reason: view.sentence,
        data: {
          journey: name,
          from,
          to: state,
          attainment: view.attainment,
          remaining: view.remainingRatio,
          sentence: view.sentence,
        },
      })
    }
  })
  return rows.length
}

const servicesOf = ({ members }: JourneyReply): readonly string[] => [
  ...new Set(members.flatMap((each) => each.service ?? [])),
]

// Trends and the pack of a month, from the incidents that somebody may read.
import { formatDuration } from '../../../kernel/duration.ts'
import { formatInstant, type Instant } from '../../../kernel/instant.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import { type IncidentReader, measuresOf } from '../../incidents/core/index.ts'
import { beganAt, listCounted, listIncidentsById, listRestricted, readImpactsOf } from '../../incidents/index.ts'
import { type ActionFact, listActionsBetween, listPublishedBetween } from '../../postmortems/index.ts'
import { type IncidentFact, packMarkdown, type Stretch, type Trends, trendsOf } from '../core/index.ts'
import type { PackReply, TrendsReply } from '../figures.contract.ts'
import { listClassesOf, listConfirmed } from '../learning.store.ts'
import { presentSeen } from '../present-learning.ts'
import { listMovesBetween } from '../problems.store.ts'
import { counts } from './order.ts'
import { readLearning } from './read-policy.ts'
import { pairsOf } from './read-repeats.ts'

/** More than this in one stretch are not counted, and it is said. */
const mostIncidents = 20_000

export interface FactFilter {
  readonly service: string | null
  readonly team: string | null
  readonly class: string | null
}
export const anyIncident: FactFilter = { service: null, team: null, class: null }

interface Facts {
  readonly facts: readonly IncidentFact[]
  readonly cut: boolean
}

/** Incidents that ended, or did not end, after the beginning of the stretch; by when they began they are told apart. */
export async function readFacts(
  queries: Queries,
  reader: IncidentReader,
  { from }: Stretch,
  filter: FactFilter,
): Promise<Facts> {
  // Not by when they were declared: one that is written down afterwards began long before.
  const wanted = { reader, status: null, service: filter.service, severity: null, search: null, from, to: null }
  const found = await listCounted(queries, wanted, mostIncidents + 1)
  const rows = found
    .slice(0, mostIncidents)
    .filter((row) => counts(row) && (filter.team === null || row.teams.includes(filter.team)))
  const classes = new Map<string, Set<string>>()
  const ids = rows.map((row) => row.id)
  for (const each of await listClassesOf(queries, ids)) {
    const known = classes.get(each.incidentId)
    if (known === undefined) classes.set(each.incidentId, new Set([each.class]))
    else known.add(each.class)
  }
  const confirmed = new Set(await listConfirmed(queries, (await listRestricted(queries, reader)).closed))
  const facts = rows.map((row) => ({
    id: row.id,
    beganAt: beganAt(row),
    severity: row.severity,
    services: row.services,
    teams: row.teams,
    classes: [...(classes.get(row.id) ?? [])],
    repeats: confirmed.has(row.id),
    measures: measuresOf(row),
  }))
  const { class: name } = filter
  return {
    facts: name === null ? facts : facts.filter((each) => each.classes.includes(name)),
    cut: found.length > mostIncidents,
  }
}

const mostTallies = 50

export async function readTrendsOf(
  queries: Queries,
  reader: IncidentReader,
  stretch: Stretch,
  filter: FactFilter,
): Promise<TrendsReply> {
  const { facts, cut } = await readFacts(queries, reader, stretch, filter)
  const { classes } = await readLearning(queries)
  const trends = trendsOf(facts, stretch, classes)
  return {
    from: formatInstant(stretch.from),
    to: formatInstant(stretch.to),
    ...listed(trends),
    byService: trends.byService.slice(0, mostTallies).map((each) => ({ ...each })),
    byTeam: trends.byTeam.slice(0, mostTallies).map((each) => ({ ...each })),
    months: trends.months.map((each) => ({ ...each })),
    smallPrint: [...trends.smallPrint, ...cutPrint(cut)],
  }
}

const listed = (trends: Trends) => ({
  totals: { ...trends.totals },
  bySeverity: trends.bySeverity.map((each) => ({ ...each })),
  byClass: trends.byClass.map((each) => ({ ...each })),
})

const cutPrint = (cut: boolean): readonly string[] =>
  cut ? [`Only the newest ${mostIncidents} incidents are counted.`] : []

const mostListed = 200

export async function readPackOf(
  queries: Queries,
  reader: IncidentReader,
  of: { readonly month: string; readonly stretch: Stretch; readonly before: Stretch },
): Promise<PackReply> {
  const { stretch, before } = of
  const { facts, cut } = await readFacts(queries, reader, before, anyIncident)
  const { classes } = await readLearning(queries)
  const { closed } = await listRestricted(queries, reader)
  const trends = trendsOf(facts, stretch, classes)
  const inside = facts.filter((each) => each.beganAt >= stretch.from && each.beganAt < stretch.to)
  const told = await tellIncidents(queries, reader, inside)
  const within = { ...stretch, closed }
  const repeats = await pairsOf(
    queries,
    reader,
    inside.filter((each) => each.repeats).map((each) => each.id),
  )
  const pack = {
    month: of.month,
    from: formatInstant(stretch.from),
    to: formatInstant(stretch.to),
    asOf: formatInstant(await queries.now()),
    ...listed(trends),
    before: { ...trendsOf(facts, before, classes).totals },
    impactMinutes: Math.round(told.reduce((sum, each) => sum + (each.impactMinutes ?? 0), 0) * 10) / 10,
    incidents: told.slice(0, mostListed),
    repeats: [...repeats],
    actions: tellActions(await listActionsBetween(queries, within), stretch),
    ...(await tellProblems(queries, within)),
    lessons: (await listPublishedBetween(queries, within))
      .filter((each) => each.lessons.trim() !== '')
      .map(({ id, number, title, lessons }) => ({ postmortem: { id, number, title }, lessons })),
    smallPrint: [...trends.smallPrint, ...cutPrint(cut)],
  }
  return { ...pack, markdown: packMarkdown(textsOf(pack)) }
}

async function tellIncidents(
  queries: Queries,
  reader: IncidentReader,
  facts: readonly IncidentFact[],
): Promise<PackReply['incidents']> {
  const told: PackReply['incidents'] = []
  const newest = [...facts].sort((a, b) => b.beganAt - a.beganAt || (a.id < b.id ? -1 : 1)).slice(0, mostListed)
  const ids = newest.map((each) => each.id)
  const rows = await listIncidentsById(queries, ids, reader)
  const rowOf = new Map(rows.map((row) => [row.id, row]))
  const impacts = await readImpactsOf(queries, rows)
  for (const fact of newest) {
    const row = rowOf.get(fact.id)
    if (row === undefined) continue
    const minutes = impacts.get(row.id)?.minutes ?? null
    const { timeToMitigate: mitigate } = fact.measures
    told.push({
      incident: presentSeen(row),
      classes: [...fact.classes],
      impactMinutes: minutes === null ? null : Math.round(minutes * 10) / 10,
      timeToMitigateMs: mitigate.kind === 'known' ? mitigate.ms : null,
      repeats: fact.repeats,
    })
  }
  return told
}

function tellActions(actions: readonly ActionFact[], { from, to }: Stretch): PackReply['actions'] {
  const inside = (at: Instant | null) => at !== null && at >= from && at < to
  const present = (action: ActionFact) => ({
    id: action.id,
    number: action.number,
    title: action.title,
    owner: action.owner,
    dueAt: formatInstant(action.dueAt),
    state: action.state,
    postmortem: action.postmortemId,
  })
  return {
    agreed: actions.filter((each) => inside(each.createdAt)).length,
    finished: actions.filter((each) => inside(each.provingSince) && !inside(each.provenAt)).map(present),
    proven: actions.filter((each) => inside(each.provenAt)).map(present),
    overdue: actions.filter((each) => each.state === 'open' && each.dueAt < to).map(present),
  }
}

async function tellProblems(
  queries: Queries,
  within: Stretch & { readonly closed: readonly string[] },
): Promise<Pick<PackReply, 'problems' | 'knownErrors'>> {
  const moved = await listMovesBetween(queries, within)
  const problems = [...new Map(moved.map(({ problem }) => [problem.id, problem])).values()]
  const named = ({ id, number, title, state }: (typeof problems)[number]) => ({ id, number, title, state })
  return {
    problems: problems.map((problem) => ({
      problem: named(problem),
      moves: moved
        .filter(({ move }) => move.problemId === problem.id)
        .map(({ move: { at, after, because } }) => ({ at: formatInstant(at), after, because })),
    })),
    knownErrors: problems
      .filter(({ id }) => moved.some(({ move }) => move.problemId === id && move.after === 'known-error'))
      .flatMap((problem) =>
        problem.workaround === null ? [] : [{ problem: named(problem), workaround: problem.workaround }],
      ),
  }
}

function textsOf(pack: Omit<PackReply, 'markdown'>) {
  const action = (each: PackReply['actions']['proven'][number]) =>
    `${each.number} ${each.title}: ${each.owner}, due ${each.dueAt.slice(0, 10)}`
  return {
    ...pack,
    incidents: pack.incidents.map(({ incident, classes, timeToMitigateMs, repeats }) =>
      [
        `${incident.number} ${incident.title} (${incident.severity}, ${incident.beganAt.slice(0, 10)})`,
        incident.services.join(', '),
        classes.join(', '),
        timeToMitigateMs === null
          ? ''
          : `mitigated after ${formatDuration(Math.round(timeToMitigateMs / 60_000) * 60_000)}`,
        repeats ? 'a repeat' : '',
      ]
        .filter((each) => each !== '')
        .join('; '),
    ),
    repeats: pack.repeats.map(
      ({ incident, earlier }) => `${incident.number} ${incident.title}: repeats ${earlier.number} ${earlier.title}`,
    ),
    actions: {
      agreed: pack.actions.agreed,
      finished: pack.actions.finished.map(action),
      proven: pack.actions.proven.map(action),
      overdue: pack.actions.overdue.map(action),
    },
    problems: pack.problems.map(
      ({ problem, moves }) =>
        `${problem.number} ${problem.title}: ${moves.map((each) => `${each.after} (${each.because})`).join(', then ')}`,
    ),
    knownErrors: pack.knownErrors.map(({ problem, workaround }) => `${problem.number} ${problem.title}: ${workaround}`),
    lessons: pack.lessons.map(({ postmortem, lessons }) => ({
      title: `Postmortem ${postmortem.number}: ${postmortem.title}`,
      text: lessons,
    })),
  }
}

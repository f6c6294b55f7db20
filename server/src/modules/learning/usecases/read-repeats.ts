// Which earlier incidents one may repeat, what was said of that, and which known errors it resembles.
import { setImmediate as breathe } from 'node:timers/promises'
import { day } from '../../../kernel/duration.ts'
import { type Instant, plus } from '../../../kernel/instant.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import type { IncidentReader } from '../../incidents/core/index.ts'
import { beganAt, type IncidentRow, listIncidentsById, listRestricted } from '../../incidents/index.ts'
import {
  type Likeness,
  leastLikeness,
  likenessMeasure,
  likenessOf,
  mostProposals,
  type Prepared,
  prepare,
  proposeRepeats,
} from '../core/index.ts'
import type { RepeatPairReply, RepeatsReply } from '../learning.contract.ts'
import { listRepeatRows, listSaidOf, type RepeatRow } from '../learning.store.ts'
import { presentEvidence, presentSaid, presentSeen, rounded } from '../present-learning.ts'
import { listIncidentLinks, listKnownErrors, listProblemsOf, type ProblemRow } from '../problems.store.ts'
import { counts } from './order.ts'
import { isEarlier, type Memory, readMemory, traitsOf } from './read-memory.ts'

const mostKnownErrors = 200
const shownKnownErrors = 5

export async function readRepeatsOf(
  queries: Queries,
  incident: IncidentRow,
  reader: IncidentReader,
): Promise<RepeatsReply> {
  const memory = await readMemory(queries, reader, incident.declaredAt)
  const own = memory.traits.get(incident.id) ?? (await traitsOf(queries, [incident])).get(incident.id)
  const earlier = memory.rows.filter((row) => isEarlier(row, incident))
  const said = await listSaidOf(queries, [incident.id])
  const found = own === undefined || !counts(incident) ? [] : proposalsFor(own, earlier, memory)
  // A person may have confirmed one that nothing spoke for.
  const judged = await listIncidentsById(
    queries,
    said.map((each) => each.earlierId),
    reader,
  )
  const proposals = [
    ...judged.flatMap((row) => {
      const word = said.find((each) => each.earlierId === row.id)
      return word === undefined ? [] : [presentJudged(row, word)]
    }),
    ...found
      .filter(({ row }) => !judged.some((each) => each.id === row.id))
      .map(({ row, likeness }) => ({
        earlier: presentSeen(row),
        score: rounded(likeness.score),
        evidence: presentEvidence(likeness.evidence),
        said: null,
      })),
  ]
  return {
    proposals,
    ...(await knownErrorsFor(queries, incident, own, { memory, reader })),
    measure: likenessMeasure,
    threshold: leastLikeness,
    looked: earlier.length,
  }
}

const presentJudged = (row: IncidentRow, word: RepeatRow) => ({
  earlier: presentSeen(row),
  score: rounded(word.score),
  evidence: presentEvidence(word.evidence),
  said: presentSaid(word),
})

function proposalsFor(own: Prepared, earlier: readonly IncidentRow[], memory: Memory, most = mostProposals) {
  const traits = earlier.flatMap((row) => memory.traits.get(row.id) ?? [])
  return proposeRepeats(own, traits, memory.weights, most).flatMap(({ earlier: id, likeness }) => {
    const row = earlier.find((each) => each.id === id)
    return row === undefined ? [] : [{ row, likeness }]
  })
}

/** A problem is compared as its incidents are: with their alerts and services, and with its own words. */
async function knownErrorsFor(
  queries: Queries,
  incident: IncidentRow,
  own: Prepared | undefined,
  { memory, reader }: { readonly memory: Memory; readonly reader: IncidentReader },
): Promise<Pick<RepeatsReply, 'knownErrors' | 'problems'>> {
  const { closed } = await listRestricted(queries, reader)
  const problems = await listKnownErrors(queries, closed, mostKnownErrors)
  const links = await listIncidentLinks(
    queries,
    problems.map((each) => each.id),
  )
  const resembled = problems.flatMap((problem) => {
    const linked = links.filter((each) => each.problemId === problem.id).map((each) => each.incidentId)
    const belongs = linked.includes(incident.id)
    if (own === undefined) return []
    const of = likenessOf(own, traitsOfProblem(problem, linked, memory), memory.weights)
    if (!belongs && of.score < leastLikeness) return []
    const because = of.evidence.map((each) => each.sentence)
    return [
      { problem, belongs, score: of.score, because: belongs ? ['It belongs to this problem.', ...because] : because },
    ]
  })
  return {
    knownErrors: resembled
      .sort((a, b) => Number(b.belongs) - Number(a.belongs) || b.score - a.score || b.problem.number - a.problem.number)
      .slice(0, shownKnownErrors)
      .map(({ problem, score, because }) => ({
        problem: nameOf(problem),
        workaround: problem.workaround ?? '',
        score: rounded(score),
        because,
      })),
    problems: (await listProblemsOf(queries, incident.id, closed)).map(nameOf),
  }
}

const nameOf = ({ id, number, title, state }: ProblemRow) => ({ id, number, title, state })

function traitsOfProblem(problem: ProblemRow, linked: readonly string[], memory: Memory): Prepared {
  const of = linked.flatMap((id) => memory.traits.get(id) ?? [])
  const services = problem.services.length > 0 ? problem.services : of.flatMap((each) => each.services)
  return prepare({
    id: problem.id,
    title: problem.title,
    text: [problem.cause ?? '', ...of.map((each) => each.title)].join(' '),
    services: [...new Set(services)],
    alerts: [...new Set(of.flatMap((each) => each.alerts))],
    classes: problem.class === null ? [...new Set(of.flatMap((each) => each.classes))] : [problem.class],
  })
}

const lately = 90 * day
/** Each is compared with all that is remembered. */
const mostOpen = 50

/** Of the newest 50 ended incidents of the last 90 days that repeat none yet: what waits for a word, the most alike first. */
export async function listUndecided(
  queries: Queries,
  reader: IncidentReader,
  now: Instant,
): Promise<readonly RepeatPairReply[]> {
  const memory = await readMemory(queries, reader, null)
  const ended = memory.rows.filter((row) => row.resolvedAt !== null && beganAt(row) >= plus(now, -lately))
  const said = await listSaidOf(
    queries,
    ended.map((row) => row.id),
  )
  const confirmed = new Set(said.flatMap((each) => (each.verdict === 'confirmed' ? [each.incidentId] : [])))
  const recent = ended.filter((row) => !confirmed.has(row.id)).slice(0, mostOpen)
  const pairs: { incident: IncidentRow; earlier: IncidentRow; likeness: Likeness }[] = []
  for (const row of recent) {
    // Each is some milliseconds of arithmetic, and pages wait for nobody's list.
    await breathe()
    const own = memory.traits.get(row.id)
    if (own === undefined) continue
    const words = said.filter((each) => each.incidentId === row.id)
    const earlier = memory.rows.filter(
      (each) => isEarlier(each, row) && !words.some((word) => word.earlierId === each.id),
    )
    // One question for each incident: the best proposal; the others stand on its own page.
    const [best] = proposalsFor(own, earlier, memory, 1)
    if (best !== undefined) pairs.push({ incident: row, earlier: best.row, likeness: best.likeness })
  }
  return pairs
    .sort((a, b) => b.likeness.score - a.likeness.score || b.incident.number - a.incident.number)
    .map(({ incident, earlier, likeness }) => ({
      incident: presentSeen(incident),
      earlier: presentSeen(earlier),
      score: rounded(likeness.score),
      evidence: presentEvidence(likeness.evidence),
      said: null,
    }))
}

export async function listDecided(
  queries: Queries,
  reader: IncidentReader,
  of: {
    readonly verdict: RepeatRow['verdict']
    readonly before: Parameters<typeof listRepeatRows>[2]
    readonly limit: number
  },
): Promise<readonly { readonly said: RepeatRow; readonly pair: RepeatPairReply }[]> {
  const { closed } = await listRestricted(queries, reader)
  const rows = await listRepeatRows(queries, { verdict: of.verdict, closed }, of.before, of.limit)
  return present(queries, reader, rows)
}

/** The confirmed pairs of these incidents. */
export async function pairsOf(
  queries: Queries,
  reader: IncidentReader,
  incidents: readonly string[],
): Promise<readonly RepeatPairReply[]> {
  const said = (await listSaidOf(queries, incidents)).filter((each) => each.verdict === 'confirmed')
  return (await present(queries, reader, said)).map(({ pair }) => pair)
}

async function present(queries: Queries, reader: IncidentReader, rows: readonly RepeatRow[]) {
  const ids = [...new Set(rows.flatMap((row) => [row.incidentId, row.earlierId]))]
  const incidents = new Map((await listIncidentsById(queries, ids, reader)).map((row) => [row.id, row]))
  return rows.flatMap((said) => {
    const [incident, earlier] = [incidents.get(said.incidentId), incidents.get(said.earlierId)]
    if (incident === undefined || earlier === undefined) return []
    return [{ said, pair: { incident: presentSeen(incident), ...presentJudged(earlier, said) } }]
  })
}

// Search over everything ever learnt, as far as somebody may read it.
import { formatInstant } from '../../../kernel/instant.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { addWork } from '../../../platform/work/due-work.store.ts'
import type { Turn } from '../../../platform/work/job.ts'
import type { IncidentReader } from '../../incidents/core/index.ts'
import { listRestricted } from '../../incidents/index.ts'
import { hitEnd, hitStart, piecesOf, searchQuery } from '../core/index.ts'
import { type LearntHitReply, type LearntHitsReply, readTexts } from '../figures.contract.ts'
import { listIncidentsOfClass } from '../learning.store.ts'
import { listProblemsOfClass, listProblemsWith } from '../problems.store.ts'
import {
  areUnread,
  type DescribedText,
  describeTexts,
  findTexts,
  type LearntKind,
  readOlder,
  type TextsWanted,
} from '../search.store.ts'

export interface Wanted {
  readonly typed: string
  readonly kind: LearntKind | null
  readonly service: string | null
  readonly class: string | null
  readonly limit: number
}

const marks = `StartSel=${hitStart}, StopSel=${hitEnd}, MaxWords=30, MinWords=12, MaxFragments=2, FragmentDelimiter=" … "`

export async function searchAll(queries: Queries, reader: IncidentReader, wanted: Wanted): Promise<LearntHitsReply> {
  const behind = await areUnread(queries)
  const query = searchQuery(wanted.typed)
  if (query === null) return { items: [], more: false, capped: false, behind }
  const { kind, service, limit } = wanted
  const hidden = await hiddenFrom(queries, reader)
  const of: TextsWanted = { query, hidden, kind, service, of: await classed(queries, wanted.class) }
  const { found, capped } = await findTexts(queries, of, limit + 1)
  const shown = await describeTexts(queries, found.slice(0, limit), { exact: query.exact, marks })
  return { items: shown.map(present), more: capped || found.length > limit, capped, behind }
}

/** A problem is as restricted as its incidents. */
async function hiddenFrom(queries: Queries, reader: IncidentReader): Promise<readonly string[]> {
  const { closed } = await listRestricted(queries, reader)
  return closed.length === 0 ? [] : [...closed, ...(await listProblemsWith(queries, closed))]
}

async function classed(queries: Queries, name: string | null): Promise<readonly string[] | null> {
  if (name === null) return null
  return [...(await listIncidentsOfClass(queries, name)), ...(await listProblemsOfClass(queries, name))]
}

const present = ({ kind, page, number, title, part, marked, at }: DescribedText): LearntHitReply => ({
  ...{ kind, id: page, number, title, part },
  at: formatInstant(at),
  pieces: piecesOf(marked).map((piece) => ({ ...piece })),
})

/** Once after the migration that brought the search, or when that was not finished. */
export async function startReading(needs: Needs): Promise<void> {
  if (!(await areUnread(needs.database))) return
  await needs.database.transaction((tx) => addWork(tx, readTexts, {}, { key: 'all', onDuplicate: 'keep' }))
}

/** In batches of about a second, so that a row is not held long and the lane is free for others in between. */
const batch = 200

export async function readTextsFor(needs: Needs, turn: Turn): Promise<void> {
  await needs.database.transaction(async (tx) => {
    const read = await readOlder(tx, batch)
    await (read === 0 ? turn.finish(tx) : turn.again(tx, await tx.now()))
  })
}

// Looks every few minutes at which reviews became due and which promises end, and tells the owners: each of them once,
// and each person in one message, however many objectives are due on the same day.
import { automation } from '../../../kernel/actor.ts'
import { plus } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { expiryWarnedMs, occasionsNow, type ReviewOwner } from '../core/review-terms.ts'
import { subjectOf, subjectPath } from '../core/subject.ts'
import { expired, reviewAsked } from '../reviews.contract.ts'
import { type ListedTerms, listTerms, lockTerms, saveTold } from '../reviews.store.ts'
import type { SloPorts } from '../slo.ports.ts'
import { peopleOf } from './act-on-step.ts'
import { ownerOf, presentTerms, teamOf, teamsOf } from './read-reviews.ts'

const actor = automation('slo.watch-reviews')
const atOnce = 200

interface Asked {
  readonly row: ListedTerms
  readonly displayName: string
  readonly owner: ReviewOwner | null
  readonly sentence: string
}

/** Answers for how many objectives somebody was told something new. */
export async function watchReviews(needs: Needs, ports: SloPorts): Promise<number> {
  let found = 0
  for (let after: { order: number; objective: string } | null = null; ; ) {
    const now = await needs.database.now()
    const filter = { state: 'open', service: null, owner: null, now, soonUntil: plus(now, expiryWarnedMs[0]) } as const
    const rows: readonly ListedTerms[] = await listTerms(needs.database, filter, after, atOnce)
    found += await needs.database.transaction((tx) => tellAll(tx, needs, ports, rows))
    const last = rows.at(-1)
    if (last === undefined || rows.length < atOnce) return found
    after = { order: last.order, objective: last.objective }
  }
}

async function tellAll(tx: Tx, needs: Needs, ports: SloPorts, rows: readonly ListedTerms[]): Promise<number> {
  const now = await tx.now()
  const teams = await teamsOf(
    tx,
    rows.flatMap((row) => row.service ?? []),
  )
  const asked: Asked[] = []
  // Locked in one order, whoever looks: rows come by when they matter, which two processes see alike or not at all.
  for (const row of [...rows].sort((a, b) => (a.objective < b.objective ? -1 : 1))) {
    const locked = await lockTerms(tx, row.objective)
    if (locked === null) continue
    const { dueOn: on, soonAt, overdueAt, expiresAt, told } = locked
    const due = on === null || soonAt === null || overdueAt === null ? null : { on, soonAt, overdueAt }
    const occasions = occasionsNow({ due, expiresAt }, now)
    const news = occasions.filter((each) => !told.includes(each))
    if (news.length === 0) continue
    await saveTold(tx, row.objective, occasions)
    const team = teamOf(row, teams)
    const { sentence } = presentTerms({ ...row, ...locked }, team, now)
    const owner = ownerOf(locked, team)
    const { kind, name } = subjectOf(row.objective)
    for (const occasion of news)
      await needs.journal.publish(tx, occasion.startsWith('expired ') ? expired[kind] : reviewAsked[kind], {
        actor,
        subject: { kind, id: name },
        links: row.service === null ? [] : [{ kind: 'service', id: row.service }],
        reason: sentence,
        data: { objective: name, occasion, owner: owner?.name ?? null, sentence },
      })
    asked.push({ row, displayName: row.displayName, owner, sentence })
  }
  await tellOwners(tx, needs, ports, asked)
  return asked.length
}

const mostNamed = 20

async function tellOwners(tx: Tx, needs: Needs, ports: SloPorts, asked: readonly Asked[]): Promise<void> {
  const now = await tx.now()
  const ofPerson = new Map<string, Asked[]>()
  for (const each of asked) {
    if (each.owner === null) continue
    const { kind, name } = each.owner
    const audience = { people: kind === 'person' ? [name] : [], teams: kind === 'team' ? [name] : [], schedules: [] }
    for (const person of await peopleOf(tx, ports, audience, now))
      ofPerson.set(person, [...(ofPerson.get(person) ?? []), each])
  }
  for (const [person, mine] of ofPerson) {
    const [first] = mine
    if (first === undefined) continue
    const left = mine.length - mostNamed
    const lines = mine.slice(0, mostNamed).map(({ displayName, sentence }) => `${displayName}: ${sentence}`)
    const nouns = mine.some(({ row }) => row.service === null) ? 'promises' : 'objectives'
    const path = mine.length === 1 ? subjectPath(first.row.objective) : '/objective-reviews'
    await ports.tell?.(tx, {
      // Told rows are marked in this transaction: an occasion of its own for each round says nothing twice.
      occasion: `objective-reviews/${needs.newId()}`,
      person,
      because: 'You are, or your team is, asked to look at what was promised.',
      head: mine.length === 1 ? `To be looked at: ${first.displayName}` : `${mine.length} ${nouns} are to be looked at`,
      sentence: left > 0 ? [...lines, `And ${left} more.`].join('\n') : lines.join('\n'),
      link: `${needs.publicUrl}${path}`,
    })
  }
}

// A declared maintenance on the pages that show one of its services: published when it is announced, moved, begun, ended
// and cancelled as it is. However often it is asked, each of that is said once.
import { automation } from '../../../kernel/actor.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { addWork } from '../../../platform/work/due-work.store.ts'
import { listByKind } from '../../catalog/index.ts'
import { type Occurrence, stateOf } from '../../maintenance/core/index.ts'
import { findOccurrences } from '../../maintenance/index.ts'
import { decideMaintenance, type Impacts, type StatusPage, sayIn } from '../core/index.ts'
import { readStatusPage } from '../kinds/status-page.ts'
import { statusPublished, turnMaintenance as turnJob } from '../status.contract.ts'
import { insertPost, lockPostsOfMaintenance, type PostRow, setPlan } from '../status.store.ts'
import { mostPages } from '../status-view.ts'
import { moveOn, say } from './publish.ts'

const actor = automation('status.follow-maintenance')
const author = 'Mainstay'

export async function followMaintenance(needs: Needs, id: string): Promise<void> {
  await needs.database.transaction(async (tx) => {
    const [occurrence] = await findOccurrences(tx, [id])
    if (occurrence === undefined) return
    const posts = await lockPostsOfMaintenance(tx, id)
    if (posts.length === 0 && occurrence.announcedAt === null) return
    const declared = await listByKind(tx, 'StatusPage', null, mostPages)
    for (const page of declared.map((each) => readStatusPage(each.document))) {
      const post = posts.find((each) => each.page === page.name)
      if (post !== undefined) await follow(tx, needs, page, post, occurrence)
      else if (occurrence.announcedAt !== null) await announce(tx, needs, page, occurrence)
    }
  })
}

function impactsOn(page: StatusPage, { services, announce: said }: Occurrence): Impacts {
  const touched = page.components.filter((each) => each.services.some((name) => services.includes(name)))
  return Object.fromEntries(touched.map((each) => [each.name, said?.impact ?? 'under_maintenance']))
}

/** A page that shows none of its services says nothing, and one that is over is no news. */
async function announce(tx: Tx, needs: Needs, page: StatusPage, occurrence: Occurrence): Promise<void> {
  const impacts = impactsOn(page, occurrence)
  const now = await tx.now()
  const state = stateOf(occurrence, now)
  const { announce: said, startsAt, endsAt } = occurrence
  if (said === null || Object.keys(impacts).length === 0 || (state !== 'scheduled' && state !== 'in_progress')) return
  const post = {
    ...{
      id: needs.newId(),
      page: page.name,
      kind: 'maintenance' as const,
      title: said.title,
      titles: {},
      incidentId: null,
      state,
    },
    ...{ startsAt, endsAt, impacts, closedAt: null, createdBy: author, maintenanceId: occurrence.id },
  }
  if (!(await insertPost(tx, post))) return
  await addWork(tx, turnJob, { id: post.id }, { key: post.id, dueAt: state === 'scheduled' ? startsAt : endsAt })
  const words = { page, state, body: said.text, bodies: {}, impacts, notify: true, actor, author }
  await say(tx, needs, post, { ...words, services: occurrence.services, event: statusPublished })
}

async function follow(tx: Tx, needs: Needs, page: StatusPage, post: PostRow, occurrence: Occurrence): Promise<void> {
  const { startsAt, endsAt } = occurrence
  const turn = decideMaintenance(post, { state: stateOf(occurrence, await tx.now()), startsAt, endsAt })
  if (turn === null) return
  const said = { state: turn.state, ...sayIn(page.languages, page.zone, turn.saying) }
  const moved = { ...post, startsAt, endsAt }
  await setPlan(tx, post.id, moved)
  if (turn.state === 'scheduled') await addWork(tx, turnJob, { id: post.id }, { key: post.id, dueAt: startsAt })
  await moveOn(tx, needs, moved, { id: post.id, ...said, impacts: null, notify: true, actor, author })
}

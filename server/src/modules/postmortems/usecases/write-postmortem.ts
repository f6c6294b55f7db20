// Writing a postmortem: sections, factors, head, facts anew, review and publication.
import { createHash } from 'node:crypto'
import { AppError } from '../../../kernel/app-error.ts'
import { formatInstant, type Instant } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { addWork, cancelWork } from '../../../platform/work/due-work.store.ts'
import { findIncident, reviewIncident } from '../../incidents/index.ts'
import { listActionsOf } from '../actions.store.ts'
import {
  canonicalJson,
  checkFactors,
  decidePublication,
  type Factor,
  firstLook,
  type PostmortemStatus,
  type SectionKey,
  sectionTitles,
} from '../core/index.ts'
import { postmortemEdited, postmortemMoved, remindPostmortem } from '../postmortems.contract.ts'
import type { PostmortemsPorts } from '../postmortems.ports.ts'
import { listSections, type PostmortemRow, type SectionRow, savePostmortem } from '../postmortems.store.ts'
import type { OpenDocuments } from '../together/open-documents.ts'
import { freezeFacts } from './freeze-facts.ts'
import { dataOf, entryOf, loadOpen, loadPostmortem, type Order } from './postmortem-entry.ts'
import { askBoard, checkReviewed } from './review-postmortem.ts'
import { keepVersion, writeWholeTexts } from './write-together.ts'

async function noteEdit(tx: Tx, needs: Needs, row: PostmortemRow, order: Order, part: string): Promise<void> {
  await needs.journal.publish(tx, postmortemEdited, {
    ...(await entryOf(tx, row, order.actor)),
    data: { ...dataOf(row), part },
  })
}

export async function writePostmortemSection(
  needs: Needs,
  documents: OpenDocuments,
  order: Order & { readonly section: SectionKey; readonly body: string; readonly version: number },
): Promise<PostmortemRow> {
  const { section, body } = order
  const texts = async (tx: Tx, row: PostmortemRow) => {
    checkVersion((await listSections(tx, row.id)).find((each) => each.section === section) ?? null, order)
    return { [section]: body }
  }
  return (await writeWholeTexts(needs, documents, { ...order, texts })).row
}

function checkVersion(
  current: SectionRow | null,
  order: { readonly section: SectionKey; readonly version: number },
): void {
  const version = current?.version ?? 0
  if (version === order.version) return
  throw new AppError(
    'conflict',
    'postmortems.edited',
    `${current?.updatedBy ?? 'Somebody'} wrote "${sectionTitles[order.section]}" since you read it.`,
    {
      faults: [
        { pointer: '/version', detail: `It is at version ${version} now. Read it again and put both texts together.` },
      ],
    },
  )
}

export async function writePostmortemFactors(
  needs: Needs,
  order: Order & { readonly factors: readonly Factor[]; readonly version: number },
): Promise<PostmortemRow> {
  return needs.database.transaction(async (tx) => {
    const row = await loadOpen(tx, order)
    if (row.version !== order.version)
      throw new AppError('conflict', 'postmortems.edited', 'Somebody changed the postmortem since you read it.', {
        faults: [{ pointer: '/version', detail: `It is at version ${row.version} now. Read it again.` }],
      })
    const faults = checkFactors(order.factors)
    if (faults.length > 0)
      throw new AppError('invalid', 'postmortems.bad-factors', 'The factors do not fit together.', { faults })
    const saved = await savePostmortem(tx, { ...row, factors: order.factors })
    await noteEdit(tx, needs, saved, order, 'Contributing factors')
    return saved
  })
}

export async function updatePostmortemHead(
  needs: Needs,
  order: Order & { readonly title?: string; readonly owner?: string | null; readonly dueAt?: Instant },
): Promise<PostmortemRow> {
  return needs.database.transaction(async (tx) => {
    const row = await loadOpen(tx, order)
    const saved = await savePostmortem(tx, {
      ...row,
      title: order.title ?? row.title,
      owner: order.owner === undefined ? row.owner : order.owner,
      dueAt: order.dueAt ?? row.dueAt,
      dueBecause:
        order.dueAt === undefined || order.dueAt === row.dueAt ? row.dueBecause : `${order.by} chose the day.`,
    })
    await addWork(tx, remindPostmortem, { postmortemId: row.id }, { key: row.id, dueAt: firstLook(saved.dueAt) })
    await noteEdit(tx, needs, saved, order, 'Title, owner and date')
    return saved
  })
}

export async function freezeAnew(needs: Needs, ports: PostmortemsPorts, order: Order): Promise<PostmortemRow> {
  return needs.database.transaction(async (tx) => {
    const row = await loadOpen(tx, order)
    const incident = await findIncident(tx, row.incidentId)
    if (incident === null) return row
    const { facts } = await freezeFacts(tx, ports, incident)
    const saved = await savePostmortem(tx, { ...row, facts })
    await noteEdit(tx, needs, saved, order, 'Facts, frozen anew')
    return saved
  })
}

const stepWords: Readonly<Record<PostmortemStatus, string>> = {
  draft: 'Taken back to draft.',
  review: 'Sent to review.',
  published: 'Published.',
}

export async function movePostmortemTo(
  needs: Needs,
  ports: PostmortemsPorts,
  order: Order & { readonly to: PostmortemStatus; readonly note: string | null },
): Promise<PostmortemRow> {
  return needs.database.transaction(async (tx) => {
    const row = await loadPostmortem(tx, order)
    const sections = await listSections(tx, row.id)
    const actions = await listActionsOf(tx, [row.id])
    const decision = decidePublication({
      status: row.status,
      to: order.to,
      note: order.note,
      summary: sections.find((each) => each.section === 'summary')?.body ?? '',
      factors: row.factors.length,
      actions: actions.filter((each) => each.state !== 'dropped').length,
    })
    if (!decision.ok) throw new AppError(decision.kind, decision.code, decision.sentence)
    const now = await tx.now()
    const published = order.to === 'published'
    if (published) await checkReviewed(tx, row)
    // What is reviewed is what the journal says on that day; from then on it is frozen unless somebody asks.
    const incident = row.status === 'draft' && order.to === 'review' ? await findIncident(tx, row.incidentId) : null
    const facts = incident === null ? row.facts : (await freezeFacts(tx, ports, incident)).facts
    const content = {
      number: row.number,
      title: row.title,
      incident: row.incidentNumber,
      severity: row.severity,
      services: [...row.services],
      facts: row.facts,
      factors: row.factors.map((each) => ({ ...each, leadsTo: [...each.leadsTo] })),
      sections: Object.fromEntries(sections.map((each) => [each.section, each.body])),
      actions: actions.map(({ number, title, kind, owner, dueAt }) => ({
        number,
        title,
        kind,
        owner,
        dueAt: formatInstant(dueAt),
      })),
      approvedBy: order.by,
    }
    const saved = await savePostmortem(tx, {
      ...row,
      facts,
      status: order.to,
      reviewAt: order.to === 'review' ? now : row.reviewAt,
      approvedBy: published ? order.by : null,
      publishedAt: published ? now : null,
      hash: published ? createHash('sha256').update(canonicalJson(content)).digest('hex') : null,
    })
    await keepVersion(tx, row, stepWords[order.to], order.by)
    if (order.to === 'review') await askBoard(tx, needs, ports, saved, order)
    if (published) await cancelWork(tx, remindPostmortem, row.id)
    else if (row.excusedAt === null)
      await addWork(
        tx,
        remindPostmortem,
        { postmortemId: row.id },
        { key: row.id, dueAt: firstLook(row.dueAt), onDuplicate: 'keep' },
      )
    await needs.journal.publish(tx, postmortemMoved[order.to], {
      ...(await entryOf(tx, saved, order.actor, decision.reason)),
      data: { ...dataOf(saved), ...(saved.hash === null ? {} : { hash: saved.hash }) },
    })
    if (published)
      await reviewIncident(tx, needs, {
        id: row.incidentId,
        actor: order.actor,
        note: `Postmortem ${row.number} was published.`,
      })
    return saved
  })
}

// Postmortems and actions as they leave through the API.
import { fewNames } from '../../kernel/few-names.ts'
import { formatInstant, type Instant } from '../../kernel/instant.ts'
import type { Queries } from '../../platform/database/queries.ts'
import { writeMarkdown } from '../incidents/core/index.ts'
import { type ActionRow, listActionsOf, listRisks, type RiskRow } from './actions.store.ts'
import {
  type ActionPriority,
  isOverdue,
  nextActionStates,
  nextStatuses,
  priorityOf,
  repeatsWithinMs,
  sectionKeys,
  sectionTitles,
} from './core/index.ts'
import { readPolicyOfReviews } from './kinds/postmortem-policy.ts'
import { fillBlocks, footnotes } from './live-markdown.ts'
import type { ActionReply, PostmortemReply, PostmortemSummaryReply } from './postmortems.contract.ts'
import { listSections, type PostmortemRow } from './postmortems.store.ts'

const orNull = (at: Instant | null): string | null => (at === null ? null : formatInstant(at))

/** Of several postmortems at once: a board shows 500 actions. */
export async function risksOf(
  queries: Queries,
  ids: readonly string[],
  closed: readonly string[],
): Promise<ReadonlyMap<string, RiskRow>> {
  const rows = await listRisks(queries, ids, { closed, withinMs: repeatsWithinMs })
  return new Map(rows.map((row) => [row.id, row]))
}

export function rankAction(action: ActionRow, risk: RiskRow | undefined): ActionPriority {
  const { severity = '', hurtMinutes = null, similar = 0 } = risk ?? {}
  return priorityOf(action, { severity, hurtMinutes, repeats: similar + action.reopened })
}

export interface ActionContext {
  readonly of: Pick<PostmortemRow, 'id' | 'number' | 'title'>
  readonly risk: RiskRow | undefined
  readonly now: Instant
}

export function presentAction(action: ActionRow, { of, risk, now }: ActionContext): ActionReply {
  return {
    id: action.id,
    number: action.number,
    postmortem: { id: of.id, number: of.number, title: of.title },
    title: action.title,
    kind: action.kind,
    size: action.size,
    priority: { ...rankAction(action, risk) },
    createdAt: formatInstant(action.createdAt),
    owner: action.owner,
    dueAt: formatInstant(action.dueAt),
    state: action.state,
    overdue: isOverdue(action, now),
    signal: action.signal === null ? null : { ...action.signal },
    provingSince: orNull(action.provingSince),
    provenAt: orNull(action.provenAt),
    seen: action.seen,
    reopened: action.reopened,
    next: [...nextActionStates(action.state)],
    version: action.version,
  }
}

export function summarizePostmortem(
  row: PostmortemRow,
  actions: readonly ActionRow[],
  now: Instant,
): PostmortemSummaryReply {
  const own = actions.filter((each) => each.postmortemId === row.id)
  const count = (state: ActionRow['state']) => own.filter((each) => each.state === state).length
  return {
    id: row.id,
    number: row.number,
    title: row.title,
    incident: { id: row.incidentId, number: row.incidentNumber },
    severity: row.severity,
    services: [...row.services],
    team: row.team,
    owner: row.owner,
    status: row.status,
    because: row.because,
    openedAt: formatInstant(row.openedAt),
    dueAt: formatInstant(row.dueAt),
    overdue: row.status !== 'published' && row.excusedAt === null && row.dueAt < now,
    exception:
      row.excusedAt === null
        ? null
        : { by: row.excusedBy ?? '', at: formatInstant(row.excusedAt), because: row.excusedBecause ?? '' },
    publishedAt: orNull(row.publishedAt),
    actions: { open: count('open'), proving: count('proving'), proven: count('proven'), dropped: count('dropped') },
  }
}

export async function presentPostmortem(
  queries: Queries,
  row: PostmortemRow,
  closed: readonly string[],
): Promise<PostmortemReply> {
  const now = await queries.now()
  const actions = await listActionsOf(queries, [row.id])
  const risk = (await risksOf(queries, [row.id], closed)).get(row.id)
  const written = await listSections(queries, row.id)
  return {
    ...summarizePostmortem(row, actions, now),
    organisation: (await readPolicyOfReviews(queries)).organisation,
    dueBecause: row.dueBecause,
    openedBy: row.openedBy,
    approvedBy: row.approvedBy,
    hash: row.hash,
    facts: row.facts,
    factors: row.factors.map((each) => ({ ...each, leadsTo: [...each.leadsTo] })),
    sections: sectionKeys.map((section) => {
      const found = written.find((each) => each.section === section)
      return {
        section,
        title: sectionTitles[section],
        body: found?.body ?? '',
        version: found?.version ?? 0,
        updatedBy: found?.updatedBy ?? row.openedBy,
        updatedAt: formatInstant(found?.updatedAt ?? row.openedAt),
      }
    }),
    correctiveActions: actions.map((each) => presentAction(each, { of: row, risk, now })),
    next: [...nextStatuses(row.status)],
    version: row.version,
  }
}

/** Sections are Markdown of their own and stay as they were written; everything else is plain text. */
export function postmortemMarkdown(postmortem: PostmortemReply): string {
  const head = writeMarkdown({
    title: `Postmortem ${postmortem.number}: ${postmortem.title}`,
    facts: [
      ['Incident', `${postmortem.incident.number}, ${postmortem.severity}`],
      ['Services', fewNames(postmortem.services, 50)],
      ['Status', postmortem.status],
      ['Approved by', postmortem.approvedBy],
      ['SHA-256', postmortem.hash],
      ['Users hurt for', postmortem.facts.impact.minutes === null ? null : `${postmortem.facts.impact.minutes} min`],
    ],
    sections: [],
  })
  const sections = postmortem.sections
    .filter((each) => each.body.trim() !== '')
    .map((each) => `## ${each.title}\n\n${fillBlocks(each.body.trim(), postmortem)}\n`)
  const nameOf = (id: string) => postmortem.factors.find((each) => each.id === id)?.text ?? id
  const rest = writeMarkdown({
    title: 'Facts and actions',
    facts: [],
    sections: [
      {
        title: 'Contributing factors',
        lines: postmortem.factors.map((each) =>
          each.leadsTo.length === 0 ? each.text : `${each.text} (led to: ${each.leadsTo.map(nameOf).join('; ')})`,
        ),
      },
      {
        title: 'Corrective actions',
        lines: postmortem.correctiveActions.map(
          (each) => `${each.number} ${each.title}: ${each.owner}, due ${each.dueAt.slice(0, 10)}, ${each.state}`,
        ),
      },
      { title: 'Timeline', lines: postmortem.facts.timeline.map((each) => `${each.at} ${each.sentence}`) },
    ],
  })
  return [head, ...sections, rest, footnotes(postmortem)].join('\n')
}

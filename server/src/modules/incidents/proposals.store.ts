// All SQL on updates that wait for a second person.
import type { Instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { type Queries, sql } from '../../platform/database/queries.ts'
import type { Addressee, ProposalState } from './core/index.ts'

export interface ProposalRow extends Addressee, ProposalState {
  readonly incidentId: string
  readonly number: number
  readonly text: string
  /** True: `nextInMs` was said, and null promises none; false: as the severity says. */
  readonly nextIsSaid: boolean
  readonly nextInMs: number | null
  readonly proposedAt: Instant
  readonly decidedAt: Instant | null
  readonly because: string | null
  /** Taken back by whoever proposed it. */
  readonly withdrawn: boolean
  /** The update it became. */
  readonly update: number | null
}

const columns = sql`incident_id as "incidentId", number, audience, customer, text, next_is_said as "nextIsSaid", next_in_ms as "nextInMs",
  proposed_by as "proposedBy", proposed_by_id as "proposedById", proposed_at as "proposedAt", decided_by as "decidedBy",
  decided_at as "decidedAt", because, withdrawn, update_number as "update"`

export type NewProposal = Pick<
  ProposalRow,
  'incidentId' | 'audience' | 'customer' | 'text' | 'nextIsSaid' | 'nextInMs' | 'proposedBy' | 'proposedById'
>

/** The incident is locked: numbers go on by one. */
export async function insertProposal(tx: Tx, row: NewProposal): Promise<ProposalRow> {
  return tx.one(sql<ProposalRow>`
    insert into incident_update_proposals (incident_id, number, audience, customer, text, next_is_said, next_in_ms, proposed_by, proposed_by_id)
    select ${row.incidentId}, coalesce(max(number), 0) + 1, ${row.audience}, ${row.customer}, ${row.text}, ${row.nextIsSaid}, ${row.nextInMs},
      ${row.proposedBy}, ${row.proposedById}
    from incident_update_proposals where incident_id = ${row.incidentId} returning ${columns}`)
}

export async function findProposal(queries: Queries, incidentId: string, number: number): Promise<ProposalRow | null> {
  return queries.maybe(
    sql<ProposalRow>`select ${columns} from incident_update_proposals where incident_id = ${incidentId} and number = ${number}`,
  )
}

/** Those that wait, the oldest first. */
export async function listProposals(queries: Queries, incidentId: string): Promise<readonly ProposalRow[]> {
  return queries.many(sql<ProposalRow>`
    select ${columns} from incident_update_proposals where incident_id = ${incidentId} and decided_at is null order by number`)
}

export async function saveDecision(
  tx: Tx,
  { incidentId, number }: Pick<ProposalRow, 'incidentId' | 'number'>,
  decision: {
    readonly by: string
    readonly because: string | null
    readonly update: number | null
    readonly withdrawn?: boolean
  },
): Promise<ProposalRow> {
  return tx.one(sql<ProposalRow>`
    update incident_update_proposals set decided_by = ${decision.by}, decided_at = mainstay_now(), because = ${decision.because},
      update_number = ${decision.update}, withdrawn = ${decision.withdrawn ?? false}
    where incident_id = ${incidentId} and number = ${number} returning ${columns}`)
}

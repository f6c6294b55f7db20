// Work items, pins, updates and timeline lines as they leave through the API.
import { formatInstant, type Instant, instant } from '../../kernel/instant.ts'
import { isOwnProposal, nextStates, outcomeOf, type Someone, timelineEntry } from './core/index.ts'
import type { JournalLine } from './incidents.ports.ts'
import type { ProposalRow } from './proposals.store.ts'
import type { IncidentUpdateReply, UpdateProposalReply } from './updates.contract.ts'
import type { GraphPinReply, WorkItemReply } from './work.contract.ts'
import type { ItemRow, PinRow, UpdateRow } from './work.store.ts'

const orNull = (at: number | null): string | null => (at === null ? null : formatInstant(instant(at)))

export function presentItem(row: ItemRow): WorkItemReply {
  const { verification: plan } = row
  return {
    id: row.id,
    kind: row.kind,
    text: row.text,
    state: row.state,
    owner: row.owner,
    dueAt: orNull(row.dueAt),
    reason: row.reason,
    evidence: row.evidence.map((each) => ({ ...each, at: formatInstant(instant(each.at)) })),
    verification:
      plan === null
        ? null
        : {
            objective: plan.objective,
            holdMs: plan.holdMs,
            giveUpAt: formatInstant(instant(plan.giveUpAt)),
            goodSince: orNull(plan.goodSince),
            because: plan.because,
          },
    vendorCase:
      row.vendorCase === null
        ? null
        : { ...row.vendorCase, contacts: row.vendorCase.contacts.map((each) => ({ ...each })) },
    createdBy: row.createdBy,
    createdAt: formatInstant(row.createdAt),
    closedAt: orNull(row.closedAt),
    next: [...nextStates(row.kind, row.state)],
    version: row.version,
  }
}

export function presentPin(row: PinRow): GraphPinReply {
  return {
    id: row.id,
    title: row.title,
    objective: row.objective,
    from: formatInstant(row.fromAt),
    to: formatInstant(row.toAt),
    stepMs: row.stepMs,
    target: row.target,
    points: row.points.map(([at, good, bad, measured]) => ({ at: formatInstant(instant(at)), good, bad, measured })),
    pinnedBy: row.pinnedBy,
    pinnedAt: formatInstant(row.pinnedAt),
  }
}

export function presentUpdate(row: UpdateRow): IncidentUpdateReply {
  return {
    id: row.id,
    number: row.number,
    audience: row.audience,
    customer: row.customer,
    text: row.text,
    postedBy: row.postedBy,
    approvedBy: row.approvedBy,
    postedAt: formatInstant(row.postedAt),
    nextAt: orNull(row.nextAt),
  }
}

/** To somebody: their own proposal is another thing to them. */
export function presentProposal(row: ProposalRow, reader: Someone): UpdateProposalReply {
  return {
    number: row.number,
    audience: row.audience,
    customer: row.customer,
    text: row.text,
    proposedBy: row.proposedBy,
    mine: isOwnProposal(row, reader),
    proposedAt: formatInstant(row.proposedAt),
    outcome: outcomeOf(row),
    decidedBy: row.decidedBy,
    decidedAt: orNull(row.decidedAt),
    because: row.because,
    update: row.update,
  }
}

export function presentLine({ line, at, recordedAt }: Recorded) {
  return {
    id: line.id,
    at: formatInstant(at),
    recordedAt: orNull(recordedAt),
    type: line.type,
    actor: { ...line.actor },
    sentence: sentenceOf(line),
    data: { ...line.data },
  }
}

interface Recorded {
  readonly line: JournalLine
  readonly at: Instant
  readonly recordedAt: Instant | null
}

export function sentenceOf(line: JournalLine): string {
  const { kind, id, name } = line.actor
  const known = kind === 'person' || kind === 'key' || kind === 'link' ? kind : 'automation'
  return timelineEntry({ ...line, actor: { kind: known, id, name } })
}

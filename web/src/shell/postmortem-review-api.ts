// The review of a postmortem, its public version, and the agenda of the meeting.
import type { PostmortemAgendaItem, PostmortemReview, PublicChoices, PublicVersion } from '../../../client/src/index.ts'
import { client } from './http.ts'

export type { PostmortemAgendaItem, PostmortemReview, PublicChoices, PublicVersion }

export const reviews = {
  read: (id: string, signal: AbortSignal) => client['postmortems.review']({ params: { id }, signal }),
  ask: (id: string, person: string) => client['postmortems.ask-reviewer']({ params: { id }, body: { person } }),
  decide: (id: string, decision: 'approved' | 'changes', textHash: string, reason: string) =>
    client['postmortems.decide-review']({
      params: { id },
      body: { decision, textHash, ...(reason === '' ? {} : { reason }) },
    }),
  comment: (id: string, section: PostmortemReview['comments'][number]['section'], body: string) =>
    client['postmortems.comment']({ params: { id }, body: { section, body } }),
  resolve: (id: string, comment: string, resolved: boolean) =>
    client['postmortems.resolve-comment']({ params: { id, comment }, body: { resolved } }),
  excuse: (id: string, excused: boolean, reason: string) =>
    client['postmortems.excuse']({ params: { id }, body: { excused, reason } }),
  compliance: (signal: AbortSignal) => client['postmortems.compliance']({ query: {}, signal }),
  agenda: (signal: AbortSignal) => client['postmortems.agenda']({ query: { limit: 100 }, signal }),
}

export const publics = {
  read: (id: string, signal: AbortSignal) => client['postmortems.read-public-version']({ params: { id }, signal }),
  prepare: (id: string, choices: PublicChoices) =>
    client['postmortems.prepare-public']({ params: { id }, body: choices }),
  approve: (id: string, hash: string) => client['postmortems.approve-public']({ params: { id }, body: { hash } }),
  withdraw: (id: string, reason: string) => client['postmortems.withdraw-public']({ params: { id }, body: { reason } }),
}

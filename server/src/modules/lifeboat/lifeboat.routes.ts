import { AppError } from '../../kernel/app-error.ts'
import { formatInstant } from '../../kernel/instant.ts'
import { type BoundOperation, route } from '../../platform/http/operation.ts'
import type { Needs } from '../../platform/room/needs.ts'
import type { Lifeboat, LifeboatState } from './boat.ts'
import { readLifeboat } from './lifeboat.contract.ts'
import { listVoyages } from './lifeboat.store.ts'
import { mostJournalBytes } from './lifeboat.ts'
import { sentenceOf } from './sentence.ts'

const shownGaps = 20

export function lifeboatRoutes(needs: Needs, lifeboat: Lifeboat | null): readonly BoundOperation[] {
  return [
    route(readLifeboat, async () => {
      if (lifeboat === null)
        throw new AppError('not-found', 'lifeboat.none', 'This process has no data folder and keeps no lifeboat.')
      const state = lifeboat.state()
      const gaps = state.standing === 'ashore' ? await listVoyages(needs.database, shownGaps) : []
      return {
        standing: state.standing,
        sentence: sentenceOf(state),
        since: state.since === null ? null : formatInstant(state.since),
        plan: planOf(state),
        journal: { bytes: state.journalBytes, mostBytes: mostJournalBytes, ...state.counts },
        gaps: gaps.map(({ id, boat, from, to, plan, signals, alerts, pages, acknowledged }) => ({
          ...{ id, process: boat, from: formatInstant(from), to: formatInstant(to) },
          planTakenAt: plan === null ? null : formatInstant(plan),
          ...{ signals, alerts, pages, acknowledged },
        })),
      }
    }),
  ]
}

function planOf({ planTakenAt, now }: LifeboatState): { takenAt: string; ageMs: number } | null {
  return planTakenAt === null || now === null
    ? null
    : { takenAt: formatInstant(planTakenAt), ageMs: Math.max(0, now - planTakenAt) }
}

// Runs go when their incidents may.
import { type KeepRule, picked } from '../../platform/retention/keep-rule.ts'
import { lockOldRuns, removeRuns } from './workflows.store.ts'

const runs: KeepRule = {
  name: 'workflow-runs',
  summary: 'Runs of workflows that are over, with what came of each step',
  keep: 'incidents',
  pick: async (tx, pick) => {
    const rows = await lockOldRuns(tx, pick)
    return picked(
      rows.map((row) => ({ id: row.id, at: row.at, incidents: [row.incidentId], people: 'anyone' as const })),
      pick.limit,
    )
  },
  remove: removeRuns,
}

export const workflowsKept: readonly KeepRule[] = [runs]

// Carries out the one action the overview offers for a row. What it does not know, it answers with false: open the row.
import { alerts, incidents, type NeedsHuman } from '../../shell/api.ts'
import { queries } from '../../shell/queries.ts'
import { say } from '../../shell/undo.tsx'

export async function runBestAction(item: NeedsHuman): Promise<boolean> {
  const action = item.action
  if (action === null) return false
  switch (action.operation) {
    case 'alerts.acknowledge':
      await alerts.act(action.id, 'acknowledge')
      break
    case 'alerts.bulk': {
      const { done, refused } = await alerts.bulk(action.ids ?? [action.id], 'acknowledge')
      const [first] = refused
      if (done.length === 0 && first !== undefined) throw new Error(first.detail)
      break
    }
    case 'alerts.resolve':
      await alerts.act(action.id, 'resolve')
      break
    case 'incidents.transition':
      await incidents.transition(action.id, 'resolved', null)
      break
    default:
      return false
  }
  await Promise.all(['overview', 'alerts', 'incidents'].map((key) => queries.invalidateQueries({ queryKey: [key] })))
  return true
}

export function undoOf(item: NeedsHuman): void {
  const action = item.action
  if (action === null) return
  const { ids } = action
  if (action.operation !== 'alerts.acknowledge' && action.operation !== 'alerts.bulk') {
    say({ sentence: `${action.label}: done.`, undo: null })
    return
  }
  say({
    sentence:
      ids === undefined ? `Acknowledged: ${item.title}` : `Acknowledged: ${item.title} and ${ids.length - 1} more`,
    undo: () => {
      const undone = ids === undefined ? alerts.act(action.id, 'unacknowledge') : alerts.bulk(ids, 'unacknowledge')
      undone.then(
        () => queries.invalidateQueries(),
        (error: unknown) =>
          say({ sentence: error instanceof Error ? error.message : 'It could not be undone.', undo: null }),
      )
    },
  })
}

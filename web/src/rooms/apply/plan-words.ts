import type { Plan, PlannedChange } from '../../shell/api-types.ts'

export interface PlanCounts {
  readonly changing: number
  readonly conflicts: number
  readonly sentence: string
}

const order: readonly (readonly [PlannedChange['action'], string])[] = [
  ['create', 'to create'],
  ['update', 'to update'],
  ['delete', 'to delete'],
  ['conflict', 'in conflict'],
  ['unchanged', 'unchanged'],
]

export function planCounts(plan: Plan): PlanCounts {
  const count = (action: PlannedChange['action']) => plan.changes.filter((each) => each.action === action).length
  const parts = order.flatMap(([action, words]) => (count(action) === 0 ? [] : [`${count(action)} ${words}`]))
  return {
    changing: plan.changes.length - count('unchanged'),
    conflicts: count('conflict'),
    sentence: parts.length === 0 ? 'no documents' : parts.join(', '),
  }
}

/** The rest of a line from a column, as positions in the text; both count from 1. */
export function placeInText(
  text: string,
  line: number,
  column: number,
): { readonly start: number; readonly end: number } {
  let start = 0
  for (let index = 1; index < line; index++) {
    const next = text.indexOf('\n', start)
    if (next < 0) break
    start = next + 1
  }
  const stop = text.indexOf('\n', start)
  const end = stop < 0 ? text.length : stop
  return { start: Math.min(start + column - 1, end), end }
}

export function valueText(value: unknown): string {
  if (value === null || value === undefined) return '–'
  return typeof value === 'string' ? value : JSON.stringify(value)
}

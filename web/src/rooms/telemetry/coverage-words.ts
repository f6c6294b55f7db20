// What a cell of the matrix says, as a shape and a word.
import type { CoverageCell, SampleCost, ServiceCoverage } from '../../../../client/src/operations.gen.ts'
import { numberText, shortDuration } from '../../parts/format.ts'
import type { Tone } from '../../parts/state-mark.tsx'

export const columnWords: Readonly<Record<CoverageCell['column'], string>> = {
  traffic: 'Traffic',
  errors: 'Errors',
  latency: 'Latency',
  saturation: 'Saturation',
  objective: 'Objective',
  dashboard: 'Dashboard',
  runbook: 'Runbook',
  traces: 'Traces',
  owner: 'Owner',
}

export function cellLook(cell: CoverageCell, now: number): { readonly tone: Tone; readonly word: string } {
  if (cell.state === 'present') return { tone: 'ok', word: 'Yes' }
  // Mainstay takes in no traces itself: not to link them is no lack.
  if (cell.state === 'missing') return { tone: cell.column === 'traces' ? 'info' : 'warning', word: 'No' }
  // Since when it is silent says more than that it is.
  const since = cell.lastAt === null ? null : now - Date.parse(cell.lastAt)
  return { tone: 'unknown', word: since === null ? 'Silent' : shortDuration(Math.max(0, since)) }
}

/** `Lacks errors, a runbook`; what fell silent is told apart from what never was. */
export function lackWords({ cells }: ServiceCoverage): string {
  const named = (state: CoverageCell['state']) =>
    cells
      .filter((cell) => cell.state === state && cell.column !== 'traces')
      .map((cell) => columnWords[cell.column].toLowerCase())
  const [missing, silent] = [named('missing'), named('silent')]
  const parts = [
    ...(missing.length === 0 ? [] : [`Lacks ${missing.join(', ')}`]),
    ...(silent.length === 0 ? [] : [`silent: ${silent.join(', ')}`]),
  ]
  return parts.length === 0 ? 'Lacks nothing' : parts.join('; ')
}

export function costText(cost: SampleCost | null): string | null {
  if (cost === null) return null
  if (cost.amount > 0 && cost.amount < 0.0001) return `less than 0.0001 ${cost.currency}`
  const digits = cost.amount >= 100 ? 0 : cost.amount >= 0.1 ? 2 : 4
  return `${numberText(cost.amount, undefined, digits)} ${cost.currency}`
}

export function bytesText(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`
  if (bytes < 1_000_000) return `${numberText(bytes / 1_000, undefined, bytes < 10_000 ? 1 : 0)} kB`
  return `${numberText(bytes / 1_000_000, undefined, 1)} MB`
}

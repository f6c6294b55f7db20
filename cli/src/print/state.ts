// States as shape and word; `unknown` is a state of its own and never shown as good.
import type { Tone } from './style.ts'

export interface State {
  readonly shape: string
  readonly word: string
  readonly tone: Tone
}

const shapes: Readonly<Record<Tone, string>> = {
  critical: '⬣',
  warning: '▲',
  ok: '✓',
  info: 'ℹ',
  silenced: '⊘',
  unknown: '◌',
  plain: '·',
}

const tones: Readonly<Record<string, Tone>> = {
  // alerts
  firing: 'critical',
  acknowledged: 'info',
  snoozed: 'silenced',
  silenced: 'silenced',
  resolved: 'ok',
  critical: 'critical',
  warning: 'warning',
  info: 'info',
  // objectives
  ok: 'ok',
  burning: 'critical',
  exhausted: 'critical',
  'no-data': 'unknown',
  'no-events': 'unknown',
  expired: 'warning',
  overdue: 'warning',
  // incidents
  planned: 'info',
  triage: 'warning',
  active: 'critical',
  mitigated: 'warning',
  SEV1: 'critical',
  SEV2: 'critical',
  SEV3: 'warning',
  SEV4: 'info',
  // plans
  create: 'ok',
  update: 'warning',
  delete: 'critical',
  conflict: 'critical',
  unchanged: 'unknown',
  // checks
  good: 'ok',
  bad: 'critical',
  unknown: 'unknown',
}

export function stateOf(word: string): State {
  const tone = tones[word] ?? 'plain'
  return { shape: shapes[tone], word, tone }
}

export const shapeOf = (tone: Tone): string => shapes[tone]

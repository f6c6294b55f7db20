// A problem is what several incidents have in common. It is not gone because somebody says so, but when its actions are
// done and it did not repeat for a stated time.
import { day } from '../../../kernel/duration.ts'
import { type Instant, plus } from '../../../kernel/instant.ts'

export const problemStates = ['open', 'known-error', 'planned', 'watching', 'eliminated', 'accepted'] as const
export type ProblemState = (typeof problemStates)[number]

const stateWords: Readonly<Record<ProblemState, string>> = {
  open: 'open',
  'known-error': 'a known error',
  planned: 'planned',
  watching: 'watched',
  eliminated: 'eliminated',
  accepted: 'accepted',
}

/** `watching` ends by itself; nobody can say `eliminated`. */
const ways: Readonly<Record<ProblemState, readonly ProblemState[]>> = {
  open: ['known-error', 'planned', 'watching', 'accepted'],
  'known-error': ['planned', 'watching', 'accepted', 'open'],
  planned: ['watching', 'known-error', 'accepted', 'open'],
  watching: ['planned', 'open'],
  eliminated: ['open'],
  accepted: ['open'],
}

export function nextProblemStates(state: ProblemState): readonly ProblemState[] {
  return ways[state]
}

export interface MoveOrder {
  readonly state: ProblemState
  readonly to: ProblemState
  readonly note: string | null
  readonly workaround: string | null
  readonly plan: string | null
  /** States of the corrective actions it is to be eliminated by. */
  readonly actions: readonly ('open' | 'proving' | 'proven' | 'dropped')[]
}

export type MoveDecision =
  | { readonly ok: true; readonly because: string }
  | { readonly ok: false; readonly kind: 'invalid' | 'conflict'; readonly code: string; readonly sentence: string }

export function decideProblemMove(order: MoveOrder): MoveDecision {
  const { state, to, actions } = order
  const note = order.note?.trim() ?? ''
  if (!ways[state].includes(to))
    return refuse(
      'conflict',
      'problems.no-such-way',
      `A problem that is ${state} becomes ${ways[state].join(' or ')}, not ${to}.`,
    )
  if (to === 'known-error' && blank(order.workaround))
    return refuse(
      'invalid',
      'problems.incomplete',
      'A known error has a workaround: write what helps until it is gone.',
    )
  if (to === 'planned' && actions.length === 0 && blank(order.plan))
    return refuse(
      'invalid',
      'problems.incomplete',
      'A plan is made of corrective actions: link one, or write the plan.',
    )
  if (to === 'watching' && actions.includes('open')) {
    const open = actions.filter((each) => each === 'open').length
    return refuse(
      'conflict',
      'problems.not-done',
      `${open === 1 ? 'One of its actions is' : `${open} of its actions are`} not done yet.`,
    )
  }
  if (to === 'watching' && !actions.some((each) => each !== 'dropped') && note === '')
    return refuse('invalid', 'problems.reason-missing', 'No action was done: say what has changed.')
  if ((to === 'accepted' || to === 'open') && note === '')
    return refuse(
      'invalid',
      'problems.reason-missing',
      to === 'open' ? 'Say why it is open again.' : 'Say why it stays.',
    )
  return { ok: true, because: note === '' ? `It was ${stateWords[state]} before.` : note }
}

const blank = (text: string | null): boolean => text === null || text.trim() === ''

function refuse(kind: 'invalid' | 'conflict', code: string, sentence: string): MoveDecision {
  return { ok: false, kind, code, sentence }
}

export type Elimination =
  | { readonly state: 'repeated'; readonly because: string }
  | { readonly state: 'waiting'; readonly until: Instant }
  | { readonly state: 'eliminated'; readonly because: string }

/** Whether the time of watching is over without a repetition. An incident counts from when it began. */
export function judgeElimination(
  since: Instant,
  windowMs: number,
  incidents: readonly { readonly number: number; readonly beganAt: Instant }[],
  now: Instant,
): Elimination {
  const [again] = incidents.filter((each) => each.beganAt > since).sort((a, b) => a.beganAt - b.beganAt)
  if (again !== undefined)
    return { state: 'repeated', because: `It came again with incident ${again.number} while it was watched.` }
  const until = plus(since, windowMs)
  if (now < until) return { state: 'waiting', until }
  return { state: 'eliminated', because: `It did not repeat for ${daysInWords(windowMs)}.` }
}

export function daysInWords(ms: number): string {
  const days = Math.round(ms / day)
  return days === 1 ? '1 day' : days >= 1 ? `${days} days` : `${Math.max(1, Math.round(ms / 3_600_000))} hours`
}

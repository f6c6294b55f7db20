// One run of a workflow: which step is next, and what follows when one is over. Steps go in their order. One that waits
// for a person holds up nobody: at three in the morning a page must not wait until somebody has approved a mail.
import { day, minute, second } from '../../../kernel/duration.ts'
import { type Instant, plus } from '../../../kernel/instant.ts'
import type { Step } from './workflow.ts'
import { callsOut } from './workflow.ts'

export const stepStates = [
  'pending',
  /** The request to the outside is on its way. */
  'calling',
  /** Waits for a person. */
  'approval',
  'done',
  'failed',
  /** It may not, in this incident. */
  'refused',
  /** A person said no, or nobody said anything. */
  'rejected',
  /** One before it did not work. */
  'skipped',
] as const
export type StepState = (typeof stepStates)[number]

export interface StepRun {
  readonly state: StepState
  readonly attempts: number
  /** Pending: not before. Approval: until when it is asked for. */
  readonly dueAt: Instant | null
  /** What came of it, or why not. */
  readonly said: string | null
  readonly link: string | null
  /** What a person may change before it goes out. */
  readonly draft: string | null
  readonly approvedBy: string | null
  readonly changedAt: Instant | null
}

export const runStates = ['waiting', 'running', 'approval', 'done', 'failed', 'not-needed'] as const
export type RunState = (typeof runStates)[number]

export const untouched: StepRun = {
  state: 'pending',
  attempts: 0,
  dueAt: null,
  said: null,
  link: null,
  draft: null,
  approvedBy: null,
  changedAt: null,
}

const retryMs = [10 * second, minute, 5 * minute, 15 * minute, 30 * minute] as const
/** After that nobody waits for the answer any more. */
export const approvalMs = day

const over: readonly StepState[] = ['done', 'failed', 'refused', 'rejected', 'skipped']
export const isOver = (state: StepState): boolean => over.includes(state)

export type Move =
  | { readonly kind: 'perform'; readonly step: number }
  | { readonly kind: 'call-out'; readonly step: number }
  | { readonly kind: 'ask'; readonly step: number }
  /** One it comes after did not work. */
  | { readonly kind: 'skip'; readonly step: number; readonly because: string }
  /** Nobody approved it in time. */
  | { readonly kind: 'give-up'; readonly step: number }
  /** Nothing now; null: until somebody or an answer comes. */
  | { readonly kind: 'wait'; readonly until: Instant | null }
  | { readonly kind: 'end' }

export function nextMove(steps: readonly Step[], runs: readonly StepRun[], now: Instant): Move {
  let until: Instant | null = null
  const later = (at: Instant | null) => {
    if (at !== null && (until === null || at < until)) until = at
  }
  let waits = false
  for (const [index, step] of steps.entries()) {
    const run = runs[index] ?? untouched
    if (isOver(run.state)) {
      if (!step.continueOnError && (run.state === 'failed' || run.state === 'refused')) {
        const next = runs.findIndex((each, at) => at > index && each.state === 'pending' && each.approvedBy === null)
        if (next !== -1) return { kind: 'skip', step: next, because: `${step.name} did not work.` }
      }
      continue
    }
    waits = true
    if (run.state === 'approval') {
      if (run.dueAt !== null && run.dueAt <= now) return { kind: 'give-up', step: index }
      later(run.dueAt)
      continue
    }
    if (run.state === 'pending' && (run.dueAt === null || run.dueAt <= now)) {
      if (step.approval !== null && run.approvedBy === null) return { kind: 'ask', step: index }
      return callsOut(step) === null ? { kind: 'perform', step: index } : { kind: 'call-out', step: index }
    }
    if (run.state === 'pending') later(run.dueAt)
    // It is being done or tried again: what comes after waits for it, unless it does not matter. Nor does anybody wait
    // for one that a person let go on late.
    if (!step.continueOnError && run.approvedBy === null) return { kind: 'wait', until }
  }
  return waits ? { kind: 'wait', until } : { kind: 'end' }
}

export type Outcome =
  | { readonly kind: 'done'; readonly said: string; readonly link: string | null }
  | { readonly kind: 'refused'; readonly because: string }
  /** Trying again may help. */
  | { readonly kind: 'failed'; readonly because: string; readonly passing: boolean; readonly afterMs?: number | null }

/** What a step is after it was tried. */
export function settle(step: Step, run: StepRun, outcome: Outcome, now: Instant): StepRun {
  const tried = { ...run, attempts: run.attempts + 1, dueAt: null, changedAt: now }
  if (outcome.kind === 'done') return { ...tried, state: 'done', said: outcome.said, link: outcome.link }
  if (outcome.kind === 'refused') return { ...tried, state: 'refused', said: outcome.because }
  if (!outcome.passing || tried.attempts > step.retries) return { ...tried, state: 'failed', said: outcome.because }
  const waitMs = Math.max(retryMs[Math.min(run.attempts, retryMs.length - 1)] ?? minute, outcome.afterMs ?? 0)
  return { ...tried, state: 'pending', said: outcome.because, dueAt: plus(now, waitMs) }
}

export function ask(run: StepRun, draft: string | null, now: Instant): StepRun {
  return { ...run, state: 'approval', draft, dueAt: plus(now, approvalMs), changedAt: now }
}

export type Verdict = { readonly ok: true; readonly run: StepRun } | { readonly ok: false; readonly because: string }

export function decide(
  run: StepRun,
  { by, approve, text, now }: { by: string; approve: boolean; text: string | null; now: Instant },
): Verdict {
  if (run.state !== 'approval') return { ok: false, because: 'This step does not wait for anybody.' }
  const decided = { ...run, dueAt: null, changedAt: now }
  if (!approve) return { ok: true, run: { ...decided, state: 'rejected', said: `${by} said no.` } }
  const draft = text === null || run.draft === null ? run.draft : text
  return { ok: true, run: { ...decided, state: 'pending', approvedBy: by, draft } }
}

/** Once more from the beginning of the step; those it held up come after it. */
export function retry(runs: readonly StepRun[], index: number, now: Instant): readonly StepRun[] | null {
  const run = runs[index]
  if (run === undefined || !['failed', 'refused', 'rejected', 'skipped'].includes(run.state)) return null
  return runs.map((each, at) => {
    if (at === index) return { ...untouched, changedAt: now }
    return at > index && each.state === 'skipped' ? { ...untouched, changedAt: now } : each
  })
}

export function stateOf(runs: readonly StepRun[]): RunState {
  if (runs.some((each) => each.state === 'pending' || each.state === 'calling')) return 'running'
  if (runs.some((each) => each.state === 'approval')) return 'approval'
  return runs.some((each) => each.state === 'failed' || each.state === 'refused') ? 'failed' : 'done'
}

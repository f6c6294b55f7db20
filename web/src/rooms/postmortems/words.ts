import type { Tone } from '../../parts/state-mark.tsx'
import { queries } from '../../shell/queries.ts'
import type { CorrectiveAction, Factor, Postmortem, ProofSignal } from '../../shell/response-api.ts'

export const statusWords: Readonly<Record<Postmortem['status'], string>> = {
  draft: 'Draft',
  review: 'In review',
  published: 'Published',
}
export const stateWord = ({
  exception,
  overdue,
  status,
}: Pick<Postmortem, 'exception' | 'overdue' | 'status'>): string =>
  exception !== null && status !== 'published' ? 'Not needed' : overdue ? 'Overdue' : statusWords[status]
export const factorWords: Readonly<Record<Factor['kind'], string>> = {
  trigger: 'What set it off',
  latent: 'What lay there before',
  detection: 'Why it was seen late',
  response: 'Why it took long',
  organisation: 'How we work',
}
export const actionKindWords: Readonly<Record<CorrectiveAction['kind'], string>> = {
  detect: 'Detect',
  mitigate: 'Mitigate',
  prevent: 'Prevent',
  process: 'Process',
}
export const sizeWords: Readonly<Record<NonNullable<CorrectiveAction['size']>, string>> = {
  S: 'S, a day',
  M: 'M, three days',
  L: 'L, two weeks',
}
export const actionLooks: Readonly<Record<CorrectiveAction['state'], { readonly tone: Tone; readonly word: string }>> =
  {
    open: { tone: 'info', word: 'Open' },
    proving: { tone: 'info', word: 'Being proven' },
    proven: { tone: 'ok', word: 'Proven' },
    dropped: { tone: 'silenced', word: 'Dropped' },
  }

/** A short name for a factor from its text, free among the others. */
export function factorId(text: string, taken: readonly string[]): string {
  const base =
    text
      .toLowerCase()
      .normalize('NFKD')
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 30) || 'factor'
  let id = base
  for (let number = 2; taken.includes(id); number += 1) id = `${base}-${number}`
  return id
}

/** What the way from one status to another is called. */
export const steps: Readonly<Record<Postmortem['status'], Readonly<Partial<Record<Postmortem['status'], string>>>>> = {
  draft: { review: 'Send to review' },
  review: { published: 'Publish', draft: 'Back to draft' },
  published: { review: 'Correct it' },
}

export const changed = () => queries.invalidateQueries({ queryKey: ['postmortems'] })

/** What readiness asks of a service, each as a sentence about it. */
export const checkWords: Readonly<Record<Extract<ProofSignal, { kind: 'check' }>['check'], string>> = {
  runbook: 'links a runbook',
  objective: 'has an objective',
  dashboard: 'links a dashboard',
  owner: 'has an owner',
  traffic: 'tells of its traffic',
  errors: 'tells of its errors',
  latency: 'tells of its latency',
  saturation: 'tells of its saturation',
}

const day = 86_400_000
const minute = 60_000

export function signalSentence(signal: ProofSignal): string {
  const days = Math.max(1, Math.round(signal.windowMs / day))
  const held = days === 1 ? 'a day' : `${days} days`
  if (signal.kind === 'objective') return `${signal.objective} stays within its budget for ${held}.`
  if (signal.kind === 'alert') return `"${signal.title}" does not open on ${signal.service} for ${held}.`
  if (signal.kind === 'check') return `${signal.service} ${checkWords[signal.check]} for ${held}.`
  const limit = signal.mitigatedWithinMs
  const soon = limit === null ? '' : ` within ${Math.round(limit / minute)} minutes`
  return `a drill of ${signal.service} is mitigated${soon}, held within ${held}.`
}

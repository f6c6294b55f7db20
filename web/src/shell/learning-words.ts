// How problems and repeats are called and marked.
import type { Tone } from '../parts/state-mark.tsx'
import type { ProblemState } from './learning-api.ts'

export const problemLooks: Readonly<Record<ProblemState, { readonly tone: Tone; readonly word: string }>> = {
  open: { tone: 'warning', word: 'Open' },
  'known-error': { tone: 'warning', word: 'Known error' },
  planned: { tone: 'info', word: 'Elimination planned' },
  watching: { tone: 'info', word: 'Watched' },
  eliminated: { tone: 'ok', word: 'Eliminated' },
  accepted: { tone: 'silenced', word: 'Accepted' },
}

export const problemMoves: Readonly<Record<ProblemState, string>> = {
  open: 'Open it again',
  'known-error': 'Call it a known error',
  planned: 'Plan its elimination',
  watching: 'Watch that it stays away',
  eliminated: 'Eliminated',
  accepted: 'Accept it',
}

export const problemName = (problem: { readonly number: number }): string => `PRB-${problem.number}`

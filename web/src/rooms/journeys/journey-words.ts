// How a journey is called by what decides it, and how its steps add up. Pure.
import type { Journey, JourneySummary } from '../../shell/journey-api.ts'

export const modeWords: Readonly<Record<JourneySummary['mode'], string>> = {
  'any-bad': 'by time without a failure',
  worst: 'by its worst member',
  weighted: 'by the mean of its members',
  'budget-weighted': 'by the budgets of its members',
}

export const missingWords: Readonly<Record<JourneySummary['missing'], string>> = {
  unknown: 'While a member is not measured, nothing is said of the journey.',
  bad: 'Time in which a member is not measured counts as failed.',
  'leave-out': 'While a member is not measured, the others decide.',
}

/** Which of the four figures the promise is about. */
export const decides: Readonly<Record<JourneySummary['mode'], keyof Journey['texts']>> = {
  'any-bad': 'joint',
  worst: 'worst',
  weighted: 'weighted',
  'budget-weighted': 'weighted',
}

export const stepsOf = ({ good, bad, unknown, idle }: Journey['steps']): number => good + bad + unknown + idle

/** `5 of 60 bad, 3 of them alone`. */
export function blameText(member: { readonly badSteps: number; readonly aloneSteps: number }, steps: number): string {
  if (member.badSteps === 0) return 'none'
  return `${member.badSteps} of ${steps}, ${member.aloneSteps} alone`
}

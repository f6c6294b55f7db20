// The parts of a postmortem that people write. The rest are facts.
import { fewNames } from '../../../kernel/few-names.ts'

export const sectionKeys = ['summary', 'what-happened', 'went-well', 'went-badly', 'lucky', 'lessons'] as const
export type SectionKey = (typeof sectionKeys)[number]

/** Characters (UTF-16) of a section, however it is written. */
export const longestSection = 100_000

export const sectionTitles: Readonly<Record<SectionKey, string>> = {
  summary: 'Summary',
  'what-happened': 'What happened',
  'went-well': 'What went well',
  'went-badly': 'What did not',
  lucky: 'Where we were lucky',
  lessons: 'What we learned',
}

export interface DraftSource {
  readonly title: string
  readonly number: number
  readonly severity: string
  readonly services: readonly string[]
  readonly impactStatement: string | null
  readonly impactMinutes: number | null
  readonly detectMs: number | null
  readonly mitigateMs: number | null
  readonly causes: readonly string[]
  readonly mitigations: readonly string[]
  readonly decisions: readonly string[]
}

/** First words for each section, from facts only; what nobody knows is left for people to write. */
export function draftSections(source: DraftSource): Readonly<Record<SectionKey, string>> {
  const { services, impactMinutes, detectMs, mitigateMs } = source
  const title = sentence(source.title)
  const impact = source.impactStatement === null ? '' : sentence(source.impactStatement)
  const summary = [
    `Incident ${source.number} (${source.severity})${services.length === 0 ? '' : ` on ${fewNames(services, 10)}`}: ${title}`,
    impact === title ? '' : impact,
    impactMinutes === null
      ? 'How long users were hurt is not known.'
      : `Users were hurt for ${minutesText(impactMinutes)}.`,
    detectMs === null ? null : `It was detected after ${minutesText(detectMs / 60_000)}.`,
    mitigateMs === null ? null : `Users were no longer hurt after ${minutesText(mitigateMs / 60_000)}.`,
  ]
  const happened = [
    ...source.causes.map((each) => `Confirmed: ${each}`),
    ...source.mitigations.map((each) => `Done against it: ${each}`),
    ...source.decisions.map((each) => `Decided: ${each}`),
  ]
  return {
    summary: summary.filter((each) => each !== null && each !== '').join(' '),
    'what-happened': happened.map((each) => `- ${each}`).join('\n'),
    'went-well': '',
    'went-badly': '',
    lucky: '',
    lessons: '',
  }
}

/** With a stop at its end, so that the next one can follow. */
function sentence(text: string): string {
  const trimmed = text.trim()
  return trimmed === '' || /[.!?…:。]$/u.test(trimmed) ? trimmed : `${trimmed}.`
}

function minutesText(minutes: number): string {
  const whole = Math.round(minutes)
  return whole === 1 ? '1 minute' : `${whole} minutes`
}

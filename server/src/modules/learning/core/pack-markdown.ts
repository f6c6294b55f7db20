// The monthly pack as one document. What people typed stays text; lessons are Markdown of their own and stay as written.
import { formatDuration } from '../../../kernel/duration.ts'
import { plainMarkdown, writeMarkdown } from '../../incidents/core/index.ts'
import type { Tally, Totals } from './trends.ts'

export interface PackTexts {
  readonly month: string
  readonly asOf: string
  readonly totals: Totals
  readonly before: Totals
  readonly impactMinutes: number
  readonly bySeverity: readonly Tally[]
  readonly byClass: readonly Tally[]
  readonly incidents: readonly string[]
  readonly repeats: readonly string[]
  readonly actions: {
    readonly agreed: number
    readonly finished: readonly string[]
    readonly proven: readonly string[]
    readonly overdue: readonly string[]
  }
  readonly problems: readonly string[]
  readonly knownErrors: readonly string[]
  readonly lessons: readonly { readonly title: string; readonly text: string }[]
  readonly smallPrint: readonly string[]
}

export function packMarkdown(pack: PackTexts): string {
  const { totals, before } = pack
  const tallied = (tallies: readonly Tally[]) =>
    tallies.map((each) => {
      const repeats =
        each.repeats === 0 ? '' : `, ${each.repeats} of them ${each.repeats === 1 ? 'a repeat' : 'repeats'}`
      return `${each.name}: ${each.incidents}${repeats}`
    })
  const head = writeMarkdown({
    title: `Review of ${pack.month}`,
    facts: [
      ['Incidents', `${totals.incidents} (the month before: ${before.incidents})`],
      ['Repeats', `${totals.repeats}${rate(totals)} (the month before: ${before.repeats}${rate(before)})`],
      ['Of a change', `${totals.ofChanges} of ${totals.classified} that are classified`],
      ['Time to detect, median', median(totals.timeToDetect)],
      ['Time to acknowledge, median', median(totals.timeToAcknowledge)],
      ['Time to mitigate, median', median(totals.timeToMitigate)],
      ['Time to resolve, median', median(totals.timeToResolve)],
      ['Time to the first update, median', median(totals.timeToFirstUpdate)],
      ['Users were hurt for', `${Math.round(pack.impactMinutes)} minutes, summed over incidents`],
      [
        'Corrective actions',
        `${pack.actions.agreed} agreed, ${pack.actions.finished.length} done, ${pack.actions.proven.length} proven, ${pack.actions.overdue.length} overdue`,
      ],
      ['As of', pack.asOf],
    ],
    sections: [
      { title: 'Incidents', lines: pack.incidents },
      { title: 'By severity', lines: tallied(pack.bySeverity) },
      { title: 'By class of failure', lines: tallied(pack.byClass) },
      { title: 'What came again', lines: pack.repeats },
      { title: 'Actions proven', lines: pack.actions.proven },
      { title: 'Actions done, being proven', lines: pack.actions.finished },
      { title: 'Actions overdue', lines: pack.actions.overdue },
      { title: 'Problems', lines: pack.problems },
      { title: 'New known errors', lines: pack.knownErrors },
    ],
  })
  const lessons = pack.lessons.map((each) => `### ${plainMarkdown(each.title)}\n\n${each.text.trim()}\n`)
  const print = pack.smallPrint.map((each) => `- ${plainMarkdown(each)}`).join('\n')
  return [
    head,
    ...(lessons.length === 0 ? [] : [`## What was learnt\n`, ...lessons]),
    ...(print === '' ? [] : [`## Small print\n\n${print}\n`]),
  ].join('\n')
}

const rate = ({ repeatRate }: Totals): string => (repeatRate === null ? '' : `, ${Math.round(repeatRate * 100)} %`)

function median({ medianMs, known }: Totals['timeToMitigate']): string {
  if (medianMs === null) return 'not known'
  const minutes = Math.max(1, Math.round(medianMs / 60_000))
  return `${formatDuration(minutes * 60_000)} (of ${known})`
}

// Journeys: what they came to, which member is weak, and what can be promised at most.
import type { JourneyMember, JourneyObjectiveSummary } from '../../../../client/src/operations.gen.ts'
import { formatDuration } from '../../../../server/src/kernel/duration.ts'
import { openApi } from '../../connection/api.ts'
import { exitCodes } from '../../exit-codes.ts'
import type { Run } from '../../line/command.ts'
import { needName, printDetail, printListing } from '../../print/output.ts'
import { stateCell } from '../../print/table.ts'
import { harmless } from '../../print/text-width.ts'
import { exactAndAgo } from '../../print/times.ts'

export const listJourneys: Run = async (call) => {
  const api = await openApi(call)
  const { items } = await api.client['journey-objectives.list']()
  await printListing<JourneyObjectiveSummary>(call, {
    rows: items,
    columns: [
      { header: 'NAME', of: (row) => row.name },
      { header: 'STATE', of: (row) => stateCell(row.state) },
      {
        header: 'TARGET',
        of: (row) => (row.targetText === null ? 'of its members' : `${row.targetText} %`),
        align: 'right',
      },
      { header: 'BUDGET LEFT', of: (row) => percent(row.remainingRatio, 1), align: 'right' },
      { header: 'PRODUCT', of: (row) => percent(row.product, 3), align: 'right' },
      { header: 'IN WORDS', of: (row) => row.sentence, elastic: true },
      { header: 'MODE', of: (row) => row.mode, wide: true },
      { header: 'WINDOW', of: (row) => formatDuration(row.windowMs), wide: true },
    ],
    nameOf: (row) => `journeyobjective/${row.name}`,
    none: 'No journeys. Declare one: a JourneyObjective, with the objectives that users pass through.',
  })
  return exitCodes.ok
}

export const showJourney: Run = async (call) => {
  const name = needName(call, 'mainstay journey show buy')
  const { shell } = call
  const api = await openApi(call)
  const journey = await api.client['journey-objectives.read']({ params: { name } })
  const { texts, steps, ceiling } = journey
  const promised = journey.targetText === null ? 'what its members promise' : `${journey.targetText} %`
  await printDetail(call, {
    title: `${journey.displayName} · journey ${name}`,
    facts: [
      ['In words', journey.sentence],
      ['State', stateCell(journey.state).text],
      ['Since', journey.since === null ? null : exactAndAgo(journey.since, shell.zone, shell.now())],
      ['Promised', `${promised} over ${formatDuration(journey.windowMs)}, ${modes[journey.mode]}`],
      ['Came to', texts.attainment],
      ['Budget left', percent(journey.remainingRatio, 1)],
      ['Mean', `${texts.weighted} by weight`],
      ['Product', `${texts.product}: what those see who need all of them`],
      ['Worst', texts.worst],
      [
        'Together',
        `${texts.joint} of the time none failed (${steps.bad} of ${total(steps)} steps bad, ${steps.unknown} not known)`,
      ],
      ['Ceiling', ceiling.sentence],
      ['As of', journey.asOf === null ? null : exactAndAgo(journey.asOf, shell.zone, shell.now())],
    ],
    sections: [{ title: 'Members', lines: journey.members.map(memberLine) }],
    name: `journeyobjective/${name}`,
    document: journey,
  })
  return exitCodes.ok
}

const modes: Readonly<Record<JourneyObjectiveSummary['mode'], string>> = {
  'any-bad': 'by time without a failure',
  worst: 'by its worst member',
  weighted: 'by the mean of its members',
  'budget-weighted': 'by the budgets of its members',
}

const total = (steps: { good: number; bad: number; unknown: number; idle: number }) =>
  steps.good + steps.bad + steps.unknown + steps.idle

function memberLine(member: JourneyMember): string {
  const promised = member.target === null ? '' : ` of ${percent(member.target, 7)}`
  const blame =
    member.depth > 0 || member.badSteps === 0
      ? ''
      : `; bad in ${member.badSteps} steps, ${member.aloneSteps} of them alone`
  const use = member.use === 1 ? '' : `, used by ${percent(member.use, 1)}`
  const weight = member.depth > 0 ? '' : `, weight ${member.weight}`
  const mark = member.worst ? '▼' : '·'
  return harmless(
    `${'  '.repeat(member.depth)}${mark} ${member.displayName}: ${member.attainmentText}${promised}${weight}${use}${blame}`,
  )
}

/** Cut, never rounded up: below 100 % never reads as 100 %. */
function percent(ratio: number | null, places: number): string {
  if (ratio === null) return 'unknown'
  const scale = 10 ** places
  return `${Math.floor(Number((ratio * 100 * scale).toPrecision(12))) / scale} %`
}

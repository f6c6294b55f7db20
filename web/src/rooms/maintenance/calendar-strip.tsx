// Maintenance and changes over one axis of time; the list under it says the same in words.
import type { Span } from '../../parts/axis.ts'
import { fullTime } from '../../parts/format.ts'
import { type Lane, Lanes } from '../../parts/lanes.tsx'
import type { Calendar } from '../../shell/maintenance-api.ts'
import { stateTones, stateWords } from './window-words.ts'

type Entry = Calendar['entries'][number]

export function CalendarStrip({
  calendar,
  axis,
  now,
  chosen,
  onChoose,
}: {
  calendar: Calendar
  axis: Span
  now: number
  chosen: Span | null
  onChoose: (span: Span | null) => void
}) {
  const planned = calendar.entries.filter((each) => each.kind === 'maintenance')
  const changes = calendar.entries.filter((each) => each.kind === 'change')
  const lanes: readonly Lane[] = [
    { kind: 'bars', title: 'Maintenance', bars: planned.map(barOf) },
    {
      kind: 'marks',
      title: 'Changes',
      marks: changes.map((each) => ({ id: each.id, at: Date.parse(each.from), label: labelOf(each) })),
    },
  ]
  return (
    <Lanes
      label={`${planned.length} times of maintenance and ${changes.length} changes; the lists below say which.`}
      axis={axis}
      lanes={lanes}
      now={now}
      window={chosen}
      onWindow={onChoose}
    />
  )
}

function barOf(each: Entry) {
  const state = each.state === 'done' ? 'completed' : each.state
  return {
    id: each.id,
    label: `${labelOf(each)} – ${stateWords[state]}`,
    tone: stateTones[state],
    from: Date.parse(each.from),
    to: Date.parse(each.to),
  }
}

const labelOf = (each: Entry): string =>
  `${each.title}, ${each.services.join(', ')}, ${fullTime(Date.parse(each.from))}`

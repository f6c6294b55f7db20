// `time_intervals` of an alertmanager.yml: names, and the hours, days, months and years they stand for.
import type { TimeInterval, WholeRange } from '../../modules/alerts/core/index.ts'
import { checkZone } from '../../modules/oncall/core/index.ts'
import type { Block } from './config-block.ts'

const days = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']
const months = [
  ...['january', 'february', 'march', 'april', 'may', 'june'],
  ...['july', 'august', 'september', 'october', 'november', 'december'],
]

export function readIntervals(blocks: readonly Block[]): ReadonlyMap<string, readonly TimeInterval[]> {
  const found = new Map<string, readonly TimeInterval[]>()
  for (const block of blocks) {
    block.allow(['name', 'time_intervals'])
    const name = block.text('name') ?? ''
    if (name === '') block.fault('A time interval has a name.')
    if (found.has(name)) block.fault(`The time interval ${name} is declared twice.`, 'name')
    found.set(name, block.list('time_intervals').map(readInterval))
  }
  return found
}

function readInterval(block: Block): TimeInterval {
  block.allow(['times', 'weekdays', 'days_of_month', 'months', 'years', 'location'])
  const zone = block.text('location') ?? 'UTC'
  const fault =
    zone === 'Local' ? { detail: 'Write a zone such as Europe/Berlin instead of Local.' } : checkZone(zone, '')
  if (fault !== null) block.fault(fault.detail, 'location')
  return {
    times: block.list('times').map((each) => {
      each.allow(['start_time', 'end_time'])
      const range = { from: readTime(each, 'start_time', 1439), to: readTime(each, 'end_time', 1440) }
      if (range.from >= range.to) each.fault('The end comes after the start; for a night write two.')
      return range
    }),
    weekdays: ranges(block, 'weekdays', (text) => indexOf(days, text, 0), 0, 6),
    daysOfMonth: ranges(block, 'days_of_month', (text) => whole(text), -31, 31),
    months: ranges(block, 'months', (text) => indexOf(months, text, 1) ?? whole(text), 1, 12),
    years: ranges(block, 'years', (text) => whole(text), 1, 9999),
    zone,
  }
}

function readTime(block: Block, key: string, most: number): number {
  const text = block.text(key) ?? ''
  const [, hours, minutes] = /^(\d\d):(\d\d)$/.exec(text) ?? []
  const at = Number(hours) * 60 + Number(minutes)
  if (Number.isNaN(at) || Number(minutes) > 59 || at > most)
    block.fault(`${key}: "${text}" is no time such as 09:00.`, key)
  return Number.isNaN(at) ? 0 : at
}

function indexOf(names: readonly string[], text: string, first: number): number | null {
  const index = names.indexOf(text.toLowerCase())
  return index < 0 ? null : index + first
}

function whole(text: string): number | null {
  return /^-?\d{1,4}$/.test(text) ? Number(text) : null
}

function ranges(
  block: Block,
  key: string,
  read: (text: string) => number | null,
  least: number,
  most: number,
): readonly WholeRange[] {
  return block.texts(key).flatMap((text) => {
    const [from, to, ...more] = text.split(':').map((part) => read(part.trim()))
    const last = to === undefined ? from : to
    const bad = from === undefined || from === null || last === undefined || last === null || more.length > 0
    const outside = !bad && [from, last].some((each) => each < least || each > most || (each === 0 && least !== 0))
    // A range from the 1st to the last is turned round only when both count from the same end of the month.
    const backwards = !bad && from > last && Math.sign(from) === Math.sign(last)
    if (!bad && !outside && !backwards) return [{ from, to: last }]
    block.fault(`${key}: "${text}" is no range such as ${key === 'weekdays' ? 'monday:friday' : '1:5'}.`, key)
    return []
  })
}

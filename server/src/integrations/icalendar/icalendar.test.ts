import ICAL from 'ical.js'
import { expect, test } from 'vitest'
import { formatInstant, type Instant, parseInstant } from '../../kernel/instant.ts'
import { readCalendar } from './read-calendar.ts'
import { writeCalendar } from './write-calendar.ts'

const at = (text: string): Instant => {
  const read = parseInstant(text)
  if (read === null) throw new Error(`Not an instant: ${text}`)
  return read
}
const window = { start: at('2026-01-01T00:00:00Z'), end: at('2027-01-01T00:00:00Z') }

test('another implementation reads what is written: long lines, commas, quotes, emoji, line breaks', () => {
  const summary = `On call: Übernahme; „Kasse“, ${'sehr '.repeat(30)}lang 🚒 \\ ende`
  const text = writeCalendar({
    name: 'Shop, first; responder',
    writtenAt: at('2026-03-01T12:00:00Z'),
    events: [
      {
        uid: 'abc@mainstay',
        start: at('2026-03-02T08:00:00Z'),
        end: at('2026-03-09T08:00:00Z'),
        summary,
        description: 'first line\nsecond line',
        url: 'https://mainstay.example/oncall',
      },
    ],
  })
  for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75)
  const calendar = new ICAL.Component(ICAL.parse(text))
  const [component] = calendar.getAllSubcomponents('vevent')
  if (component === undefined) throw new Error('There is no event.')
  const event = new ICAL.Event(component)
  // An X- property has no declared type, so its escapes are left to the reader.
  expect(calendar.getFirstPropertyValue('x-wr-calname')).toBe('Shop\\, first\\; responder')
  expect([event.summary, event.description, event.uid]).toEqual([summary, 'first line\nsecond line', 'abc@mainstay'])
  expect(event.startDate.toJSDate().toISOString()).toBe('2026-03-02T08:00:00.000Z')
  expect(event.endDate.toJSDate().toISOString()).toBe('2026-03-09T08:00:00.000Z')
})

const calendar = (...events: readonly string[]) =>
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    ...events.map((each) => `BEGIN:VEVENT\n${each}\nEND:VEVENT`),
    'END:VCALENDAR',
  ].join('\n')
const read = (...events: readonly string[]) =>
  readCalendar(calendar(...events), 'Europe/Berlin', window).events.map(
    (each) => `${formatInstant(each.start).slice(5, 16)} ${formatInstant(each.end).slice(5, 16)} ${each.summary}`,
  )

test.each<[string, string, string[]]>([
  [
    'a whole day in the zone of the schedule',
    'UID:1\nSUMMARY:New year\nDTSTART;VALUE=DATE:20260501',
    ['04-30T22:00 05-01T22:00 New year'],
  ],
  [
    'several days',
    'UID:1\nSUMMARY:Easter\nDTSTART;VALUE=DATE:20260403\nDTEND;VALUE=DATE:20260407',
    ['04-02T22:00 04-06T22:00 Easter'],
  ],
  ['UTC', 'UID:1\nSUMMARY:a\nDTSTART:20260302T080000Z\nDTEND:20260302T100000Z', ['03-02T08:00 03-02T10:00 a']],
  [
    'a zone and a duration',
    'UID:1\nSUMMARY:a\nDTSTART;TZID=America/Chicago:20260302T080000\nDURATION:PT2H',
    ['03-02T14:00 03-02T16:00 a'],
  ],
  [
    'a folded line and escapes',
    'UID:1\nSUMMARY:one\\, t\n wo\\nthree\nDTSTART:20260302T080000Z\nDURATION:PT1H',
    ['03-02T08:00 03-02T09:00 one, two\nthree'],
  ],
  ['a yearly rule', 'UID:1\nSUMMARY:x\nDTSTART;VALUE=DATE:20201225\nRRULE:FREQ=YEARLY', ['12-24T23:00 12-25T23:00 x']],
  [
    'a weekly rule over the change of the clock, with one left out',
    'UID:1\nSUMMARY:w\nDTSTART;TZID=Europe/Berlin:20260323T090000\nDTEND;TZID=Europe/Berlin:20260323T170000\nRRULE:FREQ=WEEKLY;COUNT=3\nEXDATE;TZID=Europe/Berlin:20260406T090000',
    ['03-23T08:00 03-23T16:00 w', '03-30T07:00 03-30T15:00 w'],
  ],
  ['a cancelled one', 'UID:1\nSUMMARY:a\nSTATUS:CANCELLED\nDTSTART:20260302T080000Z\nDURATION:PT1H', []],
  ['one outside the window', 'UID:1\nSUMMARY:a\nDTSTART:20250302T080000Z\nDURATION:PT1H', []],
  [
    'an alarm inside',
    'UID:1\nDTSTART:20260302T080000Z\nDURATION:PT1H\nBEGIN:VALARM\nSUMMARY:no\nEND:VALARM\nSUMMARY:yes',
    ['03-02T08:00 03-02T09:00 yes'],
  ],
])('%s is read', (_, event, expected) => {
  expect(read(event)).toEqual(expected)
})

test('a moved occurrence takes the place of its series', () => {
  const series = 'UID:1\nSUMMARY:s\nDTSTART:20260302T080000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=2'
  const moved = 'UID:1\nSUMMARY:moved\nRECURRENCE-ID:20260303T080000Z\nDTSTART:20260303T120000Z\nDURATION:PT1H'
  expect(read(series, moved)).toEqual(['03-02T08:00 03-02T09:00 s', '03-03T12:00 03-03T13:00 moved'])
})

test.each([
  ['no calendar at all', 'hello', 'BEGIN:VCALENDAR'],
  [
    'a zone nobody knows',
    calendar('UID:1\nSUMMARY:a\nDTSTART;TZID=W. Europe Standard Time:20260302T080000\nDURATION:PT1H'),
    'IANA',
  ],
  ['an event without a start', calendar('UID:1\nSUMMARY:a'), 'DTSTART'],
  [
    'an end before the start',
    calendar('UID:1\nSUMMARY:a\nDTSTART:20260302T080000Z\nDTEND:20260301T080000Z'),
    'ends before',
  ],
  [
    'a rule that is none',
    calendar('UID:1\nSUMMARY:a\nDTSTART:20260302T080000Z\nDURATION:PT1H\nRRULE:FREQ=NEVER'),
    'could not be read',
  ],
])('%s is said', (_, text, words) => {
  const { events, problems } = readCalendar(text, 'UTC', window)
  expect(events).toEqual([])
  expect(problems.join()).toContain(words)
})

test('a line of nothing but commas is passed over at once', () => {
  const line = `X-LIST;MEMBER=${','.repeat(5_000)}`
  const event = `UID:1\nSUMMARY:s\n${line}\nDTSTART:20260302T080000Z\nDURATION:PT1H`
  expect(read(event)).toEqual(['03-02T08:00 03-02T09:00 s'])
})

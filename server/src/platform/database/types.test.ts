import fc from 'fast-check'
import { expect, test } from 'vitest'
import { columnTypes } from './types.ts'

const read = columnTypes.getTypeParser(1184, 'text')

test('an instant is read as PostgreSQL writes it, to the millisecond', () => {
  fc.assert(
    fc.property(
      fc.date({
        min: new Date('0100-01-01T00:00:00Z'),
        max: new Date('9999-12-31T23:59:59.999Z'),
        noInvalidDate: true,
      }),
      (date) => {
        const [seconds = '', fraction = ''] = date.toISOString().replace('T', ' ').slice(0, -1).split('.')
        const short = fraction.replace(/0+$/, '')
        expect(read(`${seconds}${short === '' ? '' : `.${short}`}+00`)).toBe(date.getTime())
        expect(read(`${seconds}.${fraction}789+00`)).toBe(date.getTime())
      },
    ),
  )
})

test.each([
  ['2026-03-02 09:00:00+00', '2026-03-02T09:00:00.000Z'],
  ['2026-03-02 09:00:00.5+00', '2026-03-02T09:00:00.500Z'],
  ['1969-12-31 23:59:59.999999+00', '1969-12-31T23:59:59.999Z'],
  ['2026-03-02 09:00:00.25+05:30', '2026-03-02T03:30:00.250Z'],
  ['2026-03-02 09:00:00-03', '2026-03-02T12:00:00.000Z'],
  ['0001-01-01 00:00:00+00', '0001-01-01T00:00:00.000Z'],
])('%s', (text, at) => {
  expect(read(text)).toBe(Date.parse(at))
})

test('what is no time is no time', () => {
  expect(() => read('infinity')).toThrow('Not an instant')
})

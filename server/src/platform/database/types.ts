// How PostgreSQL's types come into JavaScript.
import pg from 'pg'
import { type Instant, instant } from '../../kernel/instant.ts'

const int8 = 20
const timestamptz = 1184

function wholeNumber(text: string): number {
  const value = Number(text)
  // Silent rounding of a counter would be a wrong budget, so it is an error.
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is beyond what a number holds exactly.`)
  return value
}

const zero = 48
const digits = (text: string, from: number, to: number): number => {
  let value = 0
  for (let at = from; at < to; at += 1) value = value * 10 + text.charCodeAt(at) - zero
  return value
}

/** `2026-03-02 09:00:00.25+00`, as a session in UTC says it: of a storm some hundred thousand of them are read. */
function toInstant(text: string): Instant {
  const isUsual =
    text.charCodeAt(4) === 45 && text.endsWith('+00') && (text.length === 22 || text.charCodeAt(19) === 46)
  const year = isUsual ? digits(text, 0, 4) : 0
  // JavaScript takes the years up to 99 for those of the last century.
  if (year < 100) return toRareInstant(text)
  const [month, day, hour] = [digits(text, 5, 7), digits(text, 8, 10), digits(text, 11, 13)]
  const seconds = Date.UTC(year, month - 1, day, hour, digits(text, 14, 16), digits(text, 17, 19))
  const given = Math.min(3, Math.max(0, text.length - 23))
  return instant(seconds + digits(text, 20, 20 + given) * 10 ** (3 - given))
}

/** Other zones, infinity, years beyond 9999. */
function toRareInstant(text: string): Instant {
  return instant(Math.trunc(Date.parse(text.replace(' ', 'T').replace(/([+-]\d{2})$/, '$1:00'))))
}

export const columnTypes: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') => {
    if (format !== 'binary') {
      if (oid === int8) return wholeNumber
      if (oid === timestamptz) return toInstant
    }
    return pg.types.getTypeParser(oid, format)
  },
} as pg.CustomTypesConfig

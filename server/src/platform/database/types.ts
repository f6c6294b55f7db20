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

function toInstant(text: string): Instant {
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

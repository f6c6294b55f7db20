import { expect, test } from 'vitest'
import { readSubject, subjectText } from './subject.ts'

test.each([
  ['checkout', { subject: 'objective', name: 'checkout' }],
  ['journey/buy', { subject: 'journey', name: 'buy' }],
  ['journey', { subject: 'objective', name: 'journey' }],
] as const)('%s names what it did when it is typed again', (text, read) => {
  expect(readSubject(text)).toEqual(read)
  expect(subjectText({ subject: read.subject, objective: read.name })).toBe(text)
})

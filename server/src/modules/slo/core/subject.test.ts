import fc from 'fast-check'
import { expect, test } from 'vitest'
import { subjectKey, subjectKinds, subjectLink, subjectOf, subjectPath, subjectView, subjectWords } from './subject.ts'

test('an objective and a journey of one name are two', () => {
  const keys = subjectKinds.map((kind) => subjectKey({ kind, name: 'buy' }))
  expect(keys).toEqual(['buy', 'journey/buy'])
  expect(keys.map(subjectWords)).toEqual(['buy', 'journey buy'])
  expect(keys.map(subjectPath)).toEqual(['/objectives/buy', '/journeys/buy'])
  expect(keys.map(subjectLink)).toEqual([
    { kind: 'objective', id: 'buy' },
    { kind: 'journey', id: 'buy' },
  ])
  expect(keys.map(subjectView)).toEqual([
    { subject: 'objective', objective: 'buy' },
    { subject: 'journey', objective: 'buy' },
  ])
})

test('a key says what it stands for, whatever the name', () => {
  const names = fc.stringMatching(/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/)
  fc.assert(
    fc.property(fc.constantFrom(...subjectKinds), names, (kind, name) => {
      expect(subjectOf(subjectKey({ kind, name }))).toEqual({ kind, name })
    }),
  )
})

import { expect, test } from 'vitest'
import { servicesText } from './incidents.ts'

const names = (count: number) => Array.from({ length: count }, (_, index) => `svc-${index + 1}`)

test('a few services are named, of very many the first, with a way to all of them', () => {
  expect(servicesText([])).toBe('')
  expect(servicesText(names(13))).toBe(names(13).join(', '))
  expect(servicesText(names(1_000))).toBe(`${names(12).join(', ')} and 988 more (all of them: -o json)`)
})

import { expect, test } from 'vitest'
import { commands } from '../commands/table.ts'
import { createStyle } from '../print/style.ts'
import { frontPage, groupPage } from './help.ts'

const style = createStyle(false)

test('the front page names each verb of a word once', () => {
  for (const line of frontPage(commands, style).split('\n')) {
    const verbs = line.trim().split(/ {2,}/).at(-1)?.split(' · ') ?? []
    expect(verbs, line).toEqual([...new Set(verbs)])
  }
})

test('a group within a group has a page of its own', () => {
  const page = groupPage(['slo', 'review'], commands, style)
  expect(page).toContain('mainstay slo review list')
  expect(page).not.toContain('mainstay slo lint')
})

// The page of commands is what help says.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { commandLines } from './core/index.ts'

test('the reference lists every command as help does', () => {
  const page = readFileSync(new URL('../../../../docs/reference/chat-commands.md', import.meta.url), 'utf8')
  const rows = [...page.matchAll(/^\| `([^`]+)` \| (.+) \|$/gm)].map((row) => [row[1], row[2]])
  expect(rows).toEqual(commandLines)
})

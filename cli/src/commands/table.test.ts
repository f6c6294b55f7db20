import { expect, test } from 'vitest'
import { optionsOf } from '../line/command.ts'
import { readLine } from '../line/parse.ts'
import { commands } from './table.ts'

const shown = commands.filter((each) => each.hidden !== true)

/** As a shell would: quotes hold words together. */
function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '')
}

/** The part of a pipe or assignment that is ours, without redirections. */
function ownPart(line: string): string | null {
  const part = line.split(' | ').find((each) => / ?(^|\s|\()mainstay /.test(each))
  return part?.replace(/^.*?mainstay /, '').replace(/ > .*$|\)$/, '') ?? null
}

test.each(shown.map((each) => [each.words.join(' '), each] as const))(
  '%s: every example is a line that is understood',
  (name, command) => {
    expect(command.examples.length).toBeGreaterThan(0)
    const own = command.examples.flatMap((each) => ownPart(each.line) ?? [])
    expect(own.length).toBeGreaterThan(0)
    for (const line of own) {
      const reading = readLine(wordsOf(line), commands)
      expect(reading.wants).toBe('run')
      // `apply` shows where its input may come from; every other example is of the command itself.
      if (reading.wants === 'run' && !line.startsWith('get ')) expect(reading.command.words.join(' ')).toBe(name)
    }
  },
)

test('no two commands share their words, and no command has two options of one name', () => {
  const names = commands.map((each) => each.words.join(' '))
  expect(new Set(names).size).toBe(names.length)
  for (const command of commands) {
    const options = optionsOf(command).flatMap((each) => [each.name, ...(each.short === undefined ? [] : [each.short])])
    expect(new Set(options).size, command.words.join(' ')).toBe(options.length)
  }
})

test.each(commands.map((each) => [each.words.join(' '), each] as const))('%s can be loaded', async (_name, command) => {
  expect(typeof (await command.load())).toBe('function')
})

import { expect, test } from 'vitest'
import { commands } from '../commands/table.ts'
import { CommandError } from '../exit-codes.ts'
import { readLine } from './parse.ts'

const read = (line: string) => readLine(line.split(' '), commands)
const ran = (line: string) => {
  const reading = read(line)
  if (reading.wants !== 'run') throw new Error(`${line} wants ${reading.wants}`)
  return { words: reading.command.words.join(' '), args: reading.args, options: reading.options }
}
const refusal = (line: string): CommandError => {
  try {
    read(line)
  } catch (error) {
    if (error instanceof CommandError) return error
    throw error
  }
  throw new Error(`${line} was accepted`)
}

test.each([
  { line: 'get services', words: 'get', args: ['services'] },
  { line: 'get service checkout cart', words: 'get', args: ['service', 'checkout', 'cart'] },
  { line: 'alerts list', words: 'alerts list', args: [] },
  { line: 'ack 42 43', words: 'ack', args: ['42', '43'] },
  { line: '-o json get services', words: 'get', args: ['services'] },
  { line: '--no-color --url http://x get services', words: 'get', args: ['services'] },
  { line: 'incident declare Checkout is down', words: 'incident declare', args: ['Checkout', 'is', 'down'] },
  { line: '__complete -- get -o', words: '__complete', args: ['get', '-o'] },
])('$line', ({ line, words, args }) => {
  expect(ran(line)).toMatchObject({ words, args })
})

test('options are read wherever they stand, the last one wins, repeated ones are kept', () => {
  const { options } = ran('-o json plan -f a.yaml b.yaml --file=c.yaml -o yaml --detailed-exitcode')
  expect(options.text('output')).toBe('yaml')
  expect(options.all('file')).toEqual(['a.yaml', 'c.yaml'])
  expect(options.has('detailed-exitcode')).toBe(true)
  expect(options.has('force')).toBe(false)
})

test.each([
  ['alrets list', 'There is no command "alrets".', 'Did you mean alerts?'],
  ['alerts lst', 'There is no command "alerts lst".', 'Did you mean alerts list?'],
  ['slo review lst', 'There is no command "slo review lst".', 'Did you mean slo review list?'],
  ['slo review zzzzzz', 'There is no command "slo review zzzzzz".', 'Known: slo review list,'],
  ['slo revew list', 'There is no command "slo revew".', 'Did you mean slo review?'],
  ['zzzzzz', 'There is no command "zzzzzz".', 'See `mainstay help`.'],
  ['help zzzzzz', 'There is no command "zzzzzz".', 'See `mainstay help`.'],
  ['alerts list --sverity critical', '`mainstay alerts list` has no option --sverity.', 'Did you mean --severity?'],
  ['alerts list --severity criticl', '--severity cannot be "criticl".', 'Did you mean critical?'],
  ['get', 'KIND is missing.', 'Try: mainstay get services'],
  ['apply -f', '--file needs a value', null],
  ['apply --force=yes', '--force takes no value.', null],
  ['whoami now', '`mainstay whoami` does not know what to do with "now".', 'See `mainstay whoami --help`.'],
])('%s is refused with a way out', (line, sentence, hint) => {
  const error = refusal(line)
  expect(error.exitCode).toBe(2)
  expect(error.message).toContain(sentence)
  if (hint !== null) expect(error.hint).toContain(hint)
})

test.each([
  ['help', null],
  ['--help', null],
  ['alerts', null],
  ['help alerts', null],
  ['alerts --help', null],
  ['slo review', null],
  ['slo review --help', null],
  ['help slo review', null],
  ['help alerts list', 'alerts list'],
  ['alerts list --help', 'alerts list'],
  ['ack -h', 'ack'],
])('%s shows help', (line, words) => {
  const reading = read(line)
  expect(reading.wants).toBe('help')
  expect(reading.wants === 'help' ? (reading.command?.words.join(' ') ?? null) : '').toBe(words)
})

test('nothing at all shows the front page', () => {
  expect(readLine([], commands)).toMatchObject({ wants: 'help', command: null, topic: [] })
})

test.each(['--version', '-v'])('%s', (word) => {
  expect(read(word)).toEqual({ wants: 'version' })
})

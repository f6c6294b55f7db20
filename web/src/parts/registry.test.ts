import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Command, createRegistry, helpSheet, matchKeys, writeStroke } from './commands.ts'

const command = (id: string, keys?: string): Command => ({
  id,
  title: id,
  group: 'Test',
  run: () => undefined,
  ...(keys === undefined ? {} : { keys }),
})
const stroke = (key: string, more: Partial<Parameters<typeof writeStroke>[0]> = {}) =>
  writeStroke({ key, ctrl: false, meta: false, alt: false, shift: false, ...more })

test.each([
  [stroke('k', { ctrl: true }), 'mod+k'],
  [stroke('K', { meta: true, shift: true }), 'mod+k'],
  [stroke('?', { shift: true }), '?'],
  [stroke('Enter'), 'enter'],
  [stroke('Enter', { shift: true }), 'shift+enter'],
  [stroke(' '), 'space'],
  [stroke('G', { shift: true }), 'G'],
])('a stroke is written as %s', (written, expected) => {
  expect(written).toBe(expected)
})

test('a sequence waits while it may become a command, and forgets when it cannot', () => {
  const commands = [command('go.overview', 'g o'), command('palette', 'mod+k | p')]
  expect(matchKeys(commands, ['g'])).toBe('more')
  expect(matchKeys(commands, ['g', 'o'])).toMatchObject({ command: { id: 'go.overview' } })
  expect(matchKeys(commands, ['g', 'x'])).toBeNull()
  expect(matchKeys(commands, ['p'])).toMatchObject({ command: { id: 'palette' } })
})

test('the page stands before the shell, and leaves no trace when it closes', () => {
  const registry = createRegistry()
  registry.register([command('shell.archive', 'a')])
  const leave = registry.register([command('alerts.acknowledge', 'a')])
  expect(matchKeys(registry.list(), ['a'])).toMatchObject({ command: { id: 'alerts.acknowledge' } })
  expect(helpSheet(registry.list()).flatMap((each) => each.commands.map((one) => one.id))).toEqual([
    'alerts.acknowledge',
  ])
  leave()
  expect(matchKeys(registry.list(), ['a'])).toMatchObject({ command: { id: 'shell.archive' } })
})

test('every command with keys of its own stands in the help sheet exactly once', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.stringMatching(/^[a-z]$/), { maxLength: 20 }), (keys) => {
      const commands = keys.map((key) => command(`c.${key}`, key))
      const shown = helpSheet(commands).flatMap((each) => each.commands)
      expect(shown.map((each) => each.id).sort()).toEqual(commands.map((each) => each.id).sort())
    }),
  )
})

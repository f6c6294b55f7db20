import { expect, test } from 'vitest'
import { readArguments } from './arguments.ts'

test('without arguments everything is started at the usual ports', () => {
  expect(readArguments([], {})).toEqual({
    command: { run: 'all', portBase: 4100, controlPort: 4199, customersPerSecond: 20, seed: 1, forMs: null },
  })
})

test.each([
  { args: ['--service', 'payment'], environment: {}, port: 4104 },
  { args: ['--service', 'payment', '--port', '0'], environment: {}, port: 0 },
  { args: [], environment: { SHOP_SERVICE: 'payment', PORT: '9000' }, port: 9000 },
])('one service by $args and $environment listens on $port', ({ args, environment, port }) => {
  expect(readArguments(args, environment)).toEqual({
    command: { run: 'service', service: 'payment', port, forMs: null },
  })
})

test('--all wins over SHOP_SERVICE', () => {
  expect(readArguments(['--all', '--for', '1m30s'], { SHOP_SERVICE: 'cart' })).toMatchObject({
    command: { run: 'all', forMs: 90_000 },
  })
})

test.each([
  { args: ['--service', 'shipping'], says: 'There is no service "shipping"' },
  { args: ['--port-base', 'x'], says: '--port-base has to be a whole number' },
  { args: ['--port-base', '65530'], says: 'from 0 to 65529' },
  { args: ['--for', 'soon'], says: '--for has to be a duration' },
  { args: ['--speed', '3'], says: '--speed' },
])('$args is refused: $says', ({ args, says }) => {
  expect(readArguments(args, {})).toMatchObject({ refused: expect.stringContaining(says) })
})

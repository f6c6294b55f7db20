import { expect, test } from 'vitest'
import { leadsTo } from './routes.tsx'

test.each([
  ['/', '/', true],
  ['/', '', true],
  ['/', '/services', false],
  ['/services', '/services', true],
  ['/services', '/services/', true],
  ['/services', '/services/checkout', false],
  ['/services/:name', '/services/checkout', true],
  ['/services/:name', '/services', false],
  ['/settings/:tab', '/settings/keys', true],
])('%s leads to %s: %s', (path, address, leads) => {
  expect(leadsTo(path, address)).toBe(leads)
})

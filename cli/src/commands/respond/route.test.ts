import { expect, test } from 'vitest'
import { createTestShell } from '../../testing/test-shell.ts'

test.each(['soon', '0', '91', '1.5', ''])('%j days are a mistake on the command line', async (days) => {
  const { run } = createTestShell({ environment: { MAINSTAY_URL: 'http://127.0.0.1:1' } })
  const { code, err } = await run('route', 'replay', '--days', days)
  expect(code).toBe(2)
  expect(err).toContain('--days')
})

import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { createTestShell } from '../testing/test-shell.ts'

async function serve(text: string): Promise<string> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/csv; charset=utf-8' })
    response.end(text)
  }).listen(0, '127.0.0.1')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return `http://127.0.0.1:${port}`
}

// Three octets each: whatever the size of the pieces they come in, most pieces end within a letter.
const letters = '€'.repeat(400_000)

test.each([
  ['sla', 'statement', 'shop', '--csv'],
  ['slo', 'report', '--csv'],
  ['oncall', 'pay', 'shop', '--month', '2026-11', '--csv'],
  ['audit', 'export'],
])('%s %s: no letter is torn', async (...words) => {
  const { run } = createTestShell({ environment: { MAINSTAY_URL: await serve(letters) } })
  const { code, out, err } = await run(...words)
  expect([code, err]).toEqual([0, ''])
  expect(out === letters).toBe(true)
})

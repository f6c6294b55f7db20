// Probes in the console: the bad one stands first, opens into what was seen, and a heartbeat shows how a job reports.
import { expect, test } from 'vitest'
import { openWorld } from './walk.fixture.ts'

const world = openWorld()

const probes = `apiVersion: mainstay.dev/v1
kind: Probe
metadata: { name: inner-door }
spec: { interval: 5s, timeout: 2s, tcp: { host: 127.0.0.1, port: 9 } }
---
apiVersion: mainstay.dev/v1
kind: Probe
metadata: { name: nightly-backup }
spec: { heartbeat: { schedule: '30 2 * * *', timeZone: Europe/Berlin, grace: 1h } }
`

test('a person sees what is down and why', async () => {
  const { product, ask } = world()
  const context = await world().signedIn()
  await ask('POST', '/api/v1/apply', { documents: probes })
  const page = await context.newPage()
  await page.goto(`${product.url}/probes`)
  const rows = page.getByRole('row').filter({ hasText: /inner-door|nightly-backup/ })
  await rows.filter({ hasText: 'Bad' }).waitFor()
  expect(await rows.first().textContent()).toContain('inner-door')
  await rows.first().getByRole('link').click()
  await page.getByRole('heading', { name: 'inner-door' }).waitFor()
  // Nobody allowed the probe to reach this machine, and the page says how to.
  await page.getByText('does not allow it on port 9').first().waitFor()
  await page.getByRole('link', { name: 'Probes' }).first().click()
  await rows.filter({ hasText: 'nightly-backup' }).getByRole('link').click()
  await page.getByText('/api/v1/probes/nightly-backup/beat').waitFor()
  await ask('POST', '/api/v1/probes/nightly-backup/beat', { note: '12 GB' })
  await context.close()
})

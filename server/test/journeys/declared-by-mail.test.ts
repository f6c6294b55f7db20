// Whoever has nothing but a mail program declares an incident with one sentence: a real mail to the real port of the house.
import { once } from 'node:events'
import { createServer } from 'node:net'
import { createTransport } from 'nodemailer'
import { expect, test } from 'vitest'
import { openWorld } from '../world.ts'

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new Error('No port was given.')
  return address.port
}

test('a sentence by mail pages who is on call and opens an incident; the answer in its thread adds none', async () => {
  const port = await freePort()
  const world = await openWorld({
    name: 'declared-by-mail',
    settings: {
      MAINSTAY_HOST: '127.0.0.1',
      MAINSTAY_MAIL_PORT: String(port),
      MAINSTAY_MAIL_DOMAIN: 'alarms.example',
    },
  })
  await world.apply(`
apiVersion: mainstay.dev/v1
kind: AlertSource
metadata: { name: support }
spec: { format: email, service: checkout }
`)
  const admin = world.as('admin')
  const { token } = await admin<{ token: string }>('POST /api/v1/intake/sources/support/tokens', {})
  const transport = createTransport({ host: '127.0.0.1', port, ignoreTLS: true })
  const mail = { from: 'Sue <sue@shop.example>', to: `${token}@alarms.example`, text: 'Three customers called.' }
  await transport.sendMail({ ...mail, subject: 'Nobody can pay', messageId: '<1@shop.example>' })
  await world.worker.drain()
  world.expectPage('ana', /Nobody can pay/)
  const incidents = async () => (await admin<{ items: { title: string }[] }>('GET /api/v1/incidents?status=open')).items
  expect(await incidents()).toMatchObject([
    { title: 'checkout: Nobody can pay', services: ['checkout'], automatic: true, status: 'triage' },
  ])
  const again = { inReplyTo: '<1@shop.example>', messageId: '<2@shop.example>' }
  await transport.sendMail({ ...mail, ...again, subject: 'Re: Nobody can pay' })
  transport.close()
  await world.worker.drain()
  expect(await incidents()).toHaveLength(1)
  world.expectNoPage()
  expect(world.troubles).toEqual([])
})

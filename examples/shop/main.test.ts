import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { status } from './control.ts'
import { readObject } from './json.ts'
import {
  type Bundle,
  bundleShop,
  eventually,
  refuses,
  sourceEntry,
  spawnShop,
  startShop,
} from './testing/shop-process.ts'

let bundle: Bundle
beforeAll(async () => {
  bundle = await bundleShop()
})
afterAll(() => bundle.remove())

const silent = { OTEL_SDK_DISABLED: 'true' }

test('from source, one service alone serves and stops on SIGTERM', async () => {
  const shop = spawnShop(['--import', 'tsx', sourceEntry, '--service', 'catalog', '--port', '0'], silent)
  const { port } = readObject(await shop.firstLine())
  const answer = await fetch(`http://127.0.0.1:${port}/products/teapot`)
  expect(await answer.json()).toMatchObject({ name: 'Cast iron teapot' })
  shop.child.kill('SIGTERM')
  expect(await shop.ended).toMatchObject({ code: 0, stderr: '' })
})

test('the services do not outlive a supervisor that was killed', async () => {
  const shop = await startShop(bundle.entry, ['--rate', '5'], silent)
  const { services } = await status({ controlUrl: shop.control })
  expect(services.map((service) => service.state)).toEqual(Array.from({ length: 6 }, () => 'up'))
  shop.child.kill('SIGKILL')
  for (const { name, url } of services) await eventually(`the end of ${name}`, () => refuses(url))
})

test('--for ends it without anybody asking', async () => {
  const shop = await startShop(bundle.entry, ['--rate', '0', '--for', '1s'], silent)
  expect(await shop.ended).toMatchObject({ code: 0 })
  expect(await refuses(shop.front)).toBe(true)
})

test('a port that is taken is named, and nothing is left running', async () => {
  const holder = createServer()
  await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve))
  const address = holder.address()
  const taken = typeof address === 'object' && address !== null ? address.port : 0
  const shop = spawnShop([bundle.entry, '--port-base', '0', '--control-port', String(taken), '--rate', '0'], silent)
  const ending = await shop.ended
  holder.close()
  expect(ending).toMatchObject({ code: 1 })
  expect(ending.stderr).toBe(`A port is taken: --control-port ${taken}. Free it or choose another one.\n`)
})

test('a service that cannot listen stops the start with its reason', async () => {
  const holder = createServer()
  await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve))
  const address = holder.address()
  // The last of the six: the card network, which starts first.
  const taken = typeof address === 'object' && address !== null ? address.port : 0
  const shop = spawnShop([bundle.entry, '--port-base', String(taken - 5), '--control-port', '0'], silent)
  const ending = await shop.ended
  holder.close()
  expect(ending).toMatchObject({
    code: 1,
    stderr: `A port is taken: --port ${taken} of cardnet. Free it or choose another one.\n`,
  })
})

test('one that a program started says its reason, too', async () => {
  const holder = createServer()
  await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve))
  const address = holder.address()
  const taken = typeof address === 'object' && address !== null ? address.port : 0
  const shop = fork(bundle.entry, ['--all', '--port-base', String(taken - 5), '--control-port', '0'], {
    env: { ...process.env, ...silent },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  let said = ''
  shop.stderr?.on('data', (chunk) => (said += String(chunk)))
  await once(shop, 'close')
  holder.close()
  expect(said).toBe(`A port is taken: --port ${taken} of cardnet. Free it or choose another one.\n`)
})

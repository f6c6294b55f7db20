// A session that ends in the very bytes that made it ready: nobody listens to it yet, and the process must live.
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { expect, inject, onTestFinished, test } from 'vitest'
import { silentLog } from '../log/log.ts'
import { openDatabase } from './database.ts'
import { sql } from './queries.ts'

const readyForQuery = Buffer.from([0x5a, 0, 0, 0, 5, 0x49])

/** The message with which a session of a killed server takes its leave. */
function farewell(): Buffer {
  const fields = Buffer.from('SFATAL\0VFATAL\0C57P01\0Mterminating connection due to unexpected postmaster exit\0\0')
  const head = Buffer.alloc(5)
  head.write('E')
  head.writeInt32BE(fields.length + 4, 1)
  return Buffer.concat([head, fields])
}

/** Passes everything on to the real server; the first session is ended as soon as it is ready. */
async function endingTheFirst(target: { host: string; port: number }): Promise<number> {
  let ended = false
  const sockets = new Set<Socket>()
  const proxy = createServer((near) => {
    const far = target.host.startsWith('/')
      ? connect(`${target.host}/.s.PGSQL.${target.port}`)
      : connect(target.port, target.host)
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        near.destroy()
        far.destroy()
      })
    }
    near.on('data', (bytes) => far.write(bytes))
    far.on('data', (bytes: Buffer) => {
      if (ended || !bytes.subarray(-readyForQuery.length).equals(readyForQuery)) return void near.write(bytes)
      ended = true
      near.end(Buffer.concat([bytes, farewell()]))
    })
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy()
    proxy.close()
    await once(proxy, 'close')
  })
  const address = proxy.address()
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port.')
  return address.port
}

test('a session lost the moment it is ready is a refusal, and the next one works', async () => {
  const { admin } = inject('cluster')
  const port = await endingTheFirst(admin)
  const database = openDatabase({ connection: { ...admin, host: '127.0.0.1', port }, log: silentLog })
  onTestFinished(() => database.close())
  const work = () => database.transaction((tx) => tx.one(sql`select 1 as one`))
  await expect(work()).rejects.toMatchObject({ kind: 'unavailable' })
  expect(await work()).toEqual({ one: 1 })
})

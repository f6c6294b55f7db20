// A small TCP proxy that can misbehave like a network: what it swallows is gone, and a connection that has lost bytes
// stays silent for ever, as behind a firewall that forgot it. No side is told.
import { once } from 'node:events'
import { connect, createServer, type NetConnectOpts, type Socket } from 'node:net'

export interface Wire {
  readonly port: number
  /** `silent`: connections are taken, bytes vanish. */
  manner: 'pass' | 'silent'
  stop(): Promise<void>
}

export async function openWire(target: NetConnectOpts): Promise<Wire> {
  const state: { manner: Wire['manner'] } = { manner: 'pass' }
  const sockets = new Set<Socket>()
  const muted = new WeakSet<Socket>()
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
  }
  const carry = (from: Socket, to: Socket) => {
    from.on('data', (bytes) => {
      if (state.manner === 'silent') for (const each of [from, to]) muted.add(each)
      if (!muted.has(from)) to.write(bytes)
    })
    // The end of a connection is a packet too.
    from.on('close', () => {
      if (state.manner === 'silent') for (const each of [from, to]) muted.add(each)
      if (!muted.has(from)) to.destroy()
    })
  }
  // As PostgreSQL has it. Else each answer behind another one is held back for 40 ms, until the other side confirms.
  const server = createServer({ noDelay: true }, (outside) => {
    keep(outside)
    const inside = connect(target).setNoDelay()
    keep(inside)
    carry(outside, inside)
    carry(inside, outside)
    if (state.manner === 'silent') for (const each of [outside, inside]) muted.add(each)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('No port was given.')
  return {
    port: address.port,
    get manner() {
      return state.manner
    },
    set manner(manner) {
      state.manner = manner
      if (manner === 'silent') for (const each of sockets) muted.add(each)
    },
    stop: async () => {
      const closed = once(server, 'close')
      server.close()
      for (const each of sockets) each.destroy()
      await closed
    },
  }
}

// The other side of a WebSocket, for servers that play a chat.
import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'

export interface WebSocketPeer {
  readonly send: (text: string) => void
}

// RFC 6455, as much as chats use: text frames, close, ping.
export function acceptWebSocket(
  request: IncomingMessage,
  socket: Duplex,
  onText: (text: string) => void,
): WebSocketPeer {
  const accept = createHash('sha1')
    .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest('base64')
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  )
  const frame = (opcode: number, payload: Buffer) => {
    const head = payload.length < 126 ? Buffer.from([0x80 | opcode, payload.length]) : Buffer.alloc(4)
    if (payload.length >= 126) {
      head[0] = 0x80 | opcode
      head[1] = 126
      head.writeUInt16BE(payload.length, 2)
    }
    if (socket.writable) socket.write(Buffer.concat([head, payload]))
  }
  let rest = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk])
    for (;;) {
      if (rest.length < 2) return
      const short = (rest[1] ?? 0) & 0x7f
      const extra = short === 126 ? 2 : 0
      const length = short === 126 ? rest.readUInt16BE(2) : short
      const end = 2 + extra + 4 + length
      if (rest.length < end) return
      const mask = rest.subarray(2 + extra, 6 + extra)
      const data = Buffer.from(rest.subarray(6 + extra, end).map((byte, index) => byte ^ (mask[index % 4] ?? 0)))
      const opcode = (rest[0] ?? 0) & 0x0f
      rest = rest.subarray(end)
      if (opcode === 1) onText(data.toString('utf8'))
      if (opcode === 8) {
        frame(8, data)
        socket.end()
      }
    }
  })
  socket.on('error', () => socket.destroy())
  return { send: (text) => frame(1, Buffer.from(text)) }
}

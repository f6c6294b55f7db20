// A process of its own that starts the embedded server, for tests that kill it. It tells one JSON line, then stays
// until its input ends, and then stops properly.
import { silentLog } from '../../log/log.ts'
import { startEmbedded } from './index.ts'

const [dataDir = '', attach] = process.argv.slice(2)
try {
  const server = await startEmbedded({ dataDir, log: silentLog, ...(attach === 'succeed' ? { attach } : {}) })
  const tell = (event: string) =>
    process.stdout.write(
      `${JSON.stringify({ event, pid: server.pid, owned: server.owned, adopted: server.adopted, host: server.connection.host, uid: process.getuid?.() })}\n`,
    )
  server.on('up', () => tell('up'))
  tell('started')
  process.stdin.resume().once('end', async () => {
    await server.stop()
    process.exit(0)
  })
} catch (error) {
  process.stdout.write(`${JSON.stringify({ event: 'refused', sentence: String(error) })}\n`)
  process.exit(1)
}

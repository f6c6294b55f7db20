import { exitCodes } from '../../exit-codes.ts'
import type { Run } from '../../line/command.ts'
import { explainStart } from './start-refusal.ts'
import { stopInTime, untilStopped } from './stop-signal.ts'

export const server: Run = async ({ shell }) => {
  const { keepHeapSmall } = await import('../../../../server/src/app/heap.ts')
  keepHeapSmall()
  const { startServer } = await import('../../../../server/src/app/start-server.ts')
  const stopped = untilStopped()
  const running = await startServer({ environment: shell.environment }).catch((error: unknown) => {
    throw explainStart(error)
  })
  if (running.setupUrl !== null)
    shell.err.write(`Nobody has signed up yet. This link makes the first administrator: ${running.setupUrl}\n`)
  await stopped
  await stopInTime(
    () => running.stop(),
    () => shell.err.write('The server did not stop in time; the process ends.\n'),
  )
  return exitCodes.ok
}

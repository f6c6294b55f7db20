// A process is killed in the middle of its work, with real clocks and real processes.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'
import { gate, openPlatform } from '../../../test/platform.ts'
import type { ConnectionSettings } from '../database/connection.ts'
import { addWork } from './due-work.store.ts'
import { bindJob, defineJob } from './job.ts'

const page = defineJob<{ n: number }>({ kind: 'test.page', lane: 'page' })

async function startHanging(
  connection: ConnectionSettings,
): Promise<{ begun: Promise<unknown>; kill(): Promise<void> }> {
  const program = path.join(import.meta.dirname, 'worker-process.fixture.ts')
  const child = spawn(process.execPath, ['--import', 'tsx', program, JSON.stringify(connection), page.kind], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const kill = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
    await exited
  }
  onTestFinished(kill)
  return { begun: once(createInterface({ input: child.stdout }), 'line'), kill }
}

test('the row of a killed process is done by another one within 10 s', async () => {
  const { connection, database, worker } = await openPlatform('takeover')
  const victim = await startHanging(connection)
  await database.transaction((tx) => addWork(tx, page, { n: 1 }))
  await victim.begun
  const taken = gate<number>()
  const other = worker({ jobs: [bindJob(page, async (_payload, turn) => taken.open(turn.attempt))] })
  await other.start()
  const killedAt = performance.now()
  await victim.kill()
  expect(await taken.opened).toBe(2)
  expect(performance.now() - killedAt).toBeLessThan(10_000)
})

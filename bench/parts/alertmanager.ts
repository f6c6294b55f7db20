// A real Alertmanager beside ours, on loopback, with a folder of its own.
import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

export interface Alertmanager {
  readonly url: string
  readonly pid: number
  stop(): Promise<void>
}

/** Without a file: one route to nobody. */
export async function startAlertmanager(program: string, file: string | null): Promise<Alertmanager> {
  const folder = await mkdtemp(path.join(tmpdir(), 'alertmanager-bench-'))
  const config = path.join(folder, 'config.yml')
  await writeFile(config, file ?? 'route: {receiver: nobody}\nreceivers: [{name: nobody}]\n')
  const url = 'http://127.0.0.1:29393'
  const child = spawn(
    program,
    [
      `--config.file=${config}`,
      `--storage.path=${folder}`,
      '--web.listen-address=127.0.0.1:29393',
      '--cluster.listen-address=',
    ],
    { stdio: 'ignore' },
  )
  const stop = async () => {
    const exit = new Promise((resolve) => child.once('exit', resolve))
    if (child.exitCode === null && child.kill('SIGTERM')) await exit
    await rm(folder, { recursive: true, force: true })
  }
  try {
    for (let attempt = 0; (await fetch(`${url}/-/ready`).catch(() => null))?.status !== 200; attempt += 1) {
      if (attempt > 500 || child.exitCode !== null) throw new Error('Alertmanager did not start.')
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  } catch (error) {
    await stop()
    throw error
  }
  return { url, pid: child.pid ?? 0, stop }
}

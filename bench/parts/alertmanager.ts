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

/** As people run it: a group for each service, told to a webhook after half a minute. */
export const grouped = (hook: string, more = ''): string =>
  `route: {receiver: hook, group_by: [service], group_wait: 30s, group_interval: 5m, repeat_interval: 12h}
receivers: [{name: hook, webhook_configs: [{url: '${hook}', send_resolved: true}]}]
${more}`

/** As kube-prometheus has them. */
export const inhibiting = `
inhibit_rules:
  - {source_matchers: [severity="critical"], target_matchers: [severity=~"warning|info"], equal: [namespace, alertname]}
  - {source_matchers: [severity="warning"], target_matchers: [severity="info"], equal: [namespace, alertname]}
  - {source_matchers: [alertname="InfoInhibitor"], target_matchers: [severity="info"], equal: [namespace]}
`

export async function startAlertmanager(program: string, file: string): Promise<Alertmanager> {
  const folder = await mkdtemp(path.join(tmpdir(), 'alertmanager-bench-'))
  const config = path.join(folder, 'config.yml')
  await writeFile(config, file)
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

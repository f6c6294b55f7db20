// Programs of others that some tests run against: a browser, Prometheus, Alertmanager. Looked for, and on Debian installed.
import { accessSync, constants, existsSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { run } from '../ready/run-command.mjs'

export const outsidePrograms = [
  {
    setting: 'MAINSTAY_CHROMIUM',
    names: ['chromium', 'chromium-browser', 'google-chrome'],
    package: 'chromium',
    tests: 'the walks through the console',
  },
  {
    setting: 'MAINSTAY_PROMETHEUS',
    names: ['prometheus'],
    package: 'prometheus',
    tests: 'queries against a real Prometheus',
  },
  {
    setting: 'MAINSTAY_ALERTMANAGER',
    names: ['prometheus-alertmanager', 'alertmanager'],
    package: 'prometheus-alertmanager',
    tests: 'comparisons with a real Alertmanager',
  },
]

/** The path of the program: as set, or found on PATH; null when there is none. */
export function locate({ setting, names }, env = process.env) {
  const set = env[setting]
  if (set !== undefined && set !== '') return isProgram(set) ? set : null
  for (const folder of (env.PATH ?? '').split(path.delimiter))
    for (const name of names) if (folder !== '' && isProgram(path.join(folder, name))) return path.join(folder, name)
  return null
}

function isProgram(file) {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Installs what is missing where that can be done without asking: Debian, root, apt-get. */
export async function installMissing(say) {
  const missing = outsidePrograms.filter((each) => locate(each) === null)
  const aptGet = locate({ setting: 'MAINSTAY_APT_GET', names: ['apt-get'] })
  if (missing.length === 0 || aptGet === null || process.getuid?.() !== 0) return
  const packages = missing.map((each) => each.package)
  say(`Installing ${packages.join(', ')} (apt-get) …`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
  await withoutStartingServices(async () => {
    const update = await run(aptGet, ['update', '-qq'], { env })
    const install = await run(aptGet, ['install', '-y', '-qq', '--no-install-recommends', ...packages], { env })
    if (install.code !== 0) process.stderr.write(`${update.code === 0 ? '' : update.output}${install.output}\n`)
  })
}

// Debian's packages start their services at once. policy-rc.d is its way to say no; 101 means «forbidden».
async function withoutStartingServices(act) {
  const policy = '/usr/sbin/policy-rc.d'
  const ours = !existsSync(policy)
  if (ours) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    await act()
  } finally {
    if (ours) rmSync(policy, { force: true })
  }
}

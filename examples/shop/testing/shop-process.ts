// The shop as users run it: bundled, started as a process, watched from outside.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { readObject, textOf } from '../json.ts'

export const sourceEntry = fileURLToPath(new URL('../main.ts', import.meta.url))

export interface Bundle {
  readonly entry: string
  remove(): Promise<void>
}

export async function bundleShop(): Promise<Bundle> {
  const folder = await mkdtemp(join(tmpdir(), 'shop-'))
  const entry = join(folder, 'main.mjs')
  await build({
    entryPoints: [sourceEntry],
    outfile: entry,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    // The OpenTelemetry packages are CommonJS and ask for Node's modules by `require`.
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  })
  return { entry, remove: () => rm(folder, { recursive: true, force: true }) }
}

export interface ShopProcess {
  readonly child: ChildProcess
  readonly front: string
  readonly control: string
}

export function spawnShop(
  command: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): { readonly child: ChildProcess; readonly ended: Promise<Ending>; firstLine(): Promise<string> } {
  const child = spawn(process.execPath, command, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment },
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (part) => {
    stdout += String(part)
  })
  child.stderr.on('data', (part) => {
    stderr += String(part)
  })
  const ended = new Promise<Ending>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal, stderr }))
  })
  return {
    child,
    ended,
    firstLine: () =>
      eventually('a first line', async () => {
        if (child.exitCode !== null) throw new Error(`The shop ended with ${child.exitCode}: ${stderr}`)
        return stdout.includes('\n') ? stdout.slice(0, stdout.indexOf('\n')) : null
      }),
  }
}

export interface Ending {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stderr: string
}

export async function startShop(
  entry: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<ShopProcess & { readonly ended: Promise<Ending> }> {
  const shop = spawnShop([entry, '--port-base', '0', '--control-port', '0', ...args], environment)
  const ready = readObject(await shop.firstLine())
  return { ...shop, front: textOf(ready, 'front') ?? '', control: textOf(ready, 'control') ?? '' }
}

/** Asks again until there is an answer; null means "not yet". Fails with what it waited for. */
export async function eventually<T>(what: string, ask: () => Promise<T | null>, limitMs = 60_000): Promise<T> {
  const until = performance.now() + limitMs
  for (;;) {
    const answer = await ask()
    if (answer !== null) return answer
    if (performance.now() > until) throw new Error(`Waited ${limitMs} ms for ${what}.`)
    await wait(25)
  }
}

/** A port that refuses has no process behind it, whoever reaps the dead. */
export async function refuses(url: string): Promise<true | null> {
  try {
    await (await fetch(url, { signal: AbortSignal.timeout(1_000) })).arrayBuffer()
    return null
  } catch (error) {
    return error instanceof TypeError ? true : null
  }
}

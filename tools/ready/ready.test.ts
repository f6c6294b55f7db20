import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { firstLines, nodeArguments } from './built.mjs'
import { run } from './run-command.mjs'

const folder = mkdtempSync(join(tmpdir(), 'mainstay-ready-'))
afterAll(() => rmSync(folder, { recursive: true }))

const module = (name: string) => JSON.stringify(pathToFileURL(join(import.meta.dirname, name)).href)
function program(name: string, text: string): string {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}

test.each([
  ['18.20.4', 1],
  ['20.18.3', 1],
  ['20.19.0', 0],
  ['22.0.0', 0],
  ['24.21.0', 0],
])('Node %s ends with %i', async (version, code) => {
  const file = program(
    'version.mjs',
    `import { demandNode } from ${module('node-version.mjs')}\ndemandNode('${version}')\n`,
  )
  const result = await run(process.execPath, [file])
  expect(result.code).toBe(code)
  expect(result.output).toBe(
    code === 0
      ? ''
      : `Mainstay needs Node 20.19 or newer; this is ${version}. Install Node 24 from https://nodejs.org and start again.\n`,
  )
})

test('a program that cannot be started is told, not thrown', async () => {
  expect(await run(join(folder, 'nowhere'), [])).toMatchObject({
    code: 127,
    output: expect.stringContaining('could not be started'),
  })
})

test.each([
  ['SIGTERM', "process.on('SIGTERM', () => process.exit(3))", 3, null],
  ['SIGINT', "process.on('SIGINT', () => process.exit(4))", 4, null],
  ['SIGTERM', '', null, 'SIGTERM'],
] as const)('%s reaches the program, which ends as it likes (%s)', async (signal, listens, code, killedBy) => {
  const child = program('child.mjs', `${listens}\nsetInterval(() => 1, 1000)\nprocess.stdout.write('up')\n`)
  const file = program(
    'become.mjs',
    `import { become } from ${module('run-command.mjs')}\nbecome(process.execPath, [${JSON.stringify(child)}])\n`,
  )
  const started = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(started, 'exit')
  await once(started.stdout, 'data')
  started.kill(signal)
  expect(await ended).toEqual([code, killedBy])
})

test('a program that is run by its name gives Node its arguments and keeps its own, also by a link', async () => {
  const own = program(
    'named.mjs',
    `${firstLines}import process from 'node:process'\nconsole.log(JSON.stringify([process.execArgv, process.argv.slice(2)]))\n`,
  )
  chmodSync(own, 0o755)
  mkdirSync(join(folder, 'a folder'))
  const link = join(folder, 'a folder', 'named')
  symlinkSync(own, link)
  for (const name of [own, link]) {
    const { code, output } = await run(name, ['slo', 'two words', '$HOME'])
    expect([code, JSON.parse(output)]).toEqual([0, [nodeArguments, ['slo', 'two words', '$HOME']]])
  }
})

// A shell whose streams are kept, and whose home is a folder of its own.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import { runCommandLine } from '../run-command-line.ts'
import type { Shell } from '../shell.ts'

export interface TestShell {
  readonly shell: Shell
  readonly home: string
  readonly out: () => string
  readonly err: () => string
  /** Runs one command line; answers its exit code and what it wrote. */
  run(...argv: readonly string[]): Promise<{ code: number; out: string; err: string }>
}

export interface TestShellOptions {
  readonly environment?: Readonly<Record<string, string>>
  readonly terminal?: boolean
  readonly columns?: number
  readonly stdin?: string
  /** What the person answers, in order. */
  readonly answers?: readonly string[]
  readonly now?: number
}

export function createTestShell(options: TestShellOptions = {}): TestShell {
  const home = mkdtempSync(path.join(tmpdir(), 'mainstay-cli-'))
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
  const written = { out: '', err: '' }
  const answers = [...(options.answers ?? [])]
  const terminal = options.terminal ?? false
  const sink = (name: 'out' | 'err') => ({
    terminal,
    colour: false,
    columns: options.columns ?? Number.POSITIVE_INFINITY,
    write: (text: string) => {
      written[name] += text
    },
  })
  const shell: Shell = {
    environment: options.environment ?? {},
    out: sink('out'),
    err: sink('err'),
    input: {
      terminal,
      readAll: async () => options.stdin ?? '',
      ask: async (question) => {
        written.err += question
        const answer = answers.shift()
        if (answer === undefined) throw new Error(`Nobody answers: ${question}`)
        return answer
      },
    },
    version: '9.9.9',
    zone: 'Europe/Berlin',
    now: () => options.now ?? Date.now(),
    home,
    folder: home,
  }
  return {
    shell,
    home,
    out: () => written.out,
    err: () => written.err,
    run: async (...argv) => {
      written.out = ''
      written.err = ''
      const code = await runCommandLine(argv, shell)
      return { code, ...written }
    },
  }
}

// The shell of a real process.
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import type { WriteStream } from 'node:tty'
import { CommandError, exitCodes } from './exit-codes.ts'
import type { Input, Shell, Sink } from './shell.ts'

export function processShell(argv: readonly string[], environment: NodeJS.ProcessEnv): Shell {
  return {
    environment,
    out: sinkOf(process.stdout, argv, environment),
    err: sinkOf(process.stderr, argv, environment),
    input: processInput(argv),
    version: readVersion(),
    // Read only when a time is shown: the zone of the machine takes a few milliseconds to find.
    get zone() {
      return new Intl.DateTimeFormat().resolvedOptions().timeZone
    },
    now: () => Date.now(),
    home: environment.HOME ?? homedir(),
    folder: process.cwd(),
  }
}

export function wantsColour(terminal: boolean, argv: readonly string[], environment: NodeJS.ProcessEnv): boolean {
  if (argv.includes('--no-color')) return false
  // https://no-color.org: present and not empty, whatever the value.
  if ((environment.NO_COLOR ?? '') !== '') return false
  const forced = environment.FORCE_COLOR
  if (forced !== undefined) return forced !== '0' && forced !== 'false'
  return terminal && environment.TERM !== 'dumb'
}

function sinkOf(stream: WriteStream, argv: readonly string[], environment: NodeJS.ProcessEnv): Sink {
  const terminal = stream.isTTY === true
  return {
    terminal,
    colour: wantsColour(terminal, argv, environment),
    get columns() {
      return terminal ? (stream.columns ?? 80) : Number.POSITIVE_INFINITY
    },
    write: (text) => {
      stream.write(text)
    },
  }
}

function processInput(argv: readonly string[]): Input {
  return {
    terminal: process.stdin.isTTY === true && process.stderr.isTTY === true && !argv.includes('--no-input'),
    readAll: async () => {
      const chunks: Buffer[] = []
      for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk))
      return Buffer.concat(chunks).toString('utf8')
    },
    ask: async (question, hidden) => {
      const { createInterface } = await import('node:readline')
      const { Writable } = await import('node:stream')
      const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
      // Made before the question is shown: from then on the terminal echoes nothing by itself.
      const line = createInterface({
        input: process.stdin,
        output: hidden ? silent : process.stderr,
        terminal: true,
        historySize: 0,
      })
      if (hidden) process.stderr.write(question)
      return new Promise<string>((resolve, reject) => {
        line.once('SIGINT', () => {
          process.stderr.write('\n')
          process.exit(exitCodes.interrupted)
        })
        line.once('close', () => reject(new CommandError(exitCodes.error, 'The input ended without an answer.')))
        line.question(hidden ? '' : question, (answer) => {
          if (hidden) process.stderr.write('\n')
          resolve(answer)
          line.close()
        })
      })
    },
  }
}

/** dist/package.json beside the program, or the repository's in development. */
function readVersion(): string {
  for (const up of ['.', '../..']) {
    try {
      const parsed: unknown = JSON.parse(readFileSync(path.join(import.meta.dirname, up, 'package.json'), 'utf8'))
      if (typeof parsed === 'object' && parsed !== null && 'version' in parsed && typeof parsed.version === 'string')
        return parsed.version
    } catch {
      // The next place is tried: which one exists tells how the program was started.
    }
  }
  return 'unknown'
}

// Starts programs and waits for them; their output is shown, or kept and shown only when they fail.
import { spawn } from 'node:child_process'
import path from 'node:path'

export const root = path.resolve(import.meta.dirname, '../..')

/** Resolves to { code, output, seconds }; never rejects for a program that fails. */
export function run(command, args, { cwd = root, env = process.env, show = false } = {}) {
  const began = performance.now()
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
    })
    let output = ''
    const keep = (chunk) => {
      output += chunk
    }
    child.stdout?.setEncoding('utf8').on('data', keep)
    child.stderr?.setEncoding('utf8').on('data', keep)
    const finish = (code) => resolve({ code, output, seconds: (performance.now() - began) / 1000 })
    child.once('error', (error) => {
      output += `${command} could not be started: ${error.message}\n`
      finish(127)
    })
    child.once('close', (code, signal) => finish(code ?? (signal === null ? 1 : 128)))
  })
}

/** Runs in the foreground and ends this process as the program ended; signals reach it and it decides how to stop. */
export function become(command, args, env = process.env) {
  const child = spawn(command, args, { cwd: process.cwd(), env, stdio: 'inherit' })
  // Ctrl-C reaches the whole foreground group; a second copy would read as «stop at once», so only
  // signals that were sent to us alone are handed on.
  const handOn = (signal) => {
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, handOn)
  child.once('error', (error) => {
    process.stderr.write(`${command} could not be started: ${error.message}\n`)
    process.exit(127)
  })
  child.once('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}

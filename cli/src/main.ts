// The entry of the program `mainstay`. Loads nothing that the command does not need.
import { exitCodes } from './exit-codes.ts'
import { processShell } from './process-shell.ts'
import { runCommandLine } from './run-command-line.ts'

const argv = process.argv.slice(2)

// `mainstay get alerts | head`: the reader has enough, which is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? exitCodes.ok : exitCodes.error)
})

/** Commands that clean up on Ctrl-C take it themselves; the others end at once. */
process.once('SIGINT', () => {
  if (process.listenerCount('SIGINT') === 0) process.exit(exitCodes.interrupted)
})

const code = await runCommandLine(argv, processShell(argv, process.env))
// Once everything is written: an idle connection to the server would hold the prompt back.
process.stdout.write('', () => process.stderr.write('', () => process.exit(code)))

// One command line from its words to its exit code.
import { commands } from './commands/table.ts'
import { type ExitCode, exitCodes } from './exit-codes.ts'
import { readLine } from './line/parse.ts'
import { createStyle } from './print/style.ts'
import type { Shell } from './shell.ts'

export async function runCommandLine(argv: readonly string[], shell: Shell): Promise<ExitCode> {
  try {
    const reading = readLine(argv, commands)
    if (reading.wants === 'version') {
      shell.out.write(`mainstay ${shell.version}\n`)
      return exitCodes.ok
    }
    if (reading.wants === 'help') {
      const help = await import('./line/help.ts')
      const style = createStyle(shell.out.colour)
      const [first] = reading.topic
      if (reading.command !== null) shell.out.write(help.commandPage(reading.command, style))
      else if (first === 'exit-codes') shell.out.write(help.exitCodesPage(style))
      else
        shell.out.write(
          first === undefined ? help.frontPage(commands, style) : help.groupPage(reading.topic, commands, style),
        )
      return exitCodes.ok
    }
    const run = await reading.command.load()
    return await run({ shell, args: reading.args, options: reading.options, commands })
  } catch (error) {
    const { tellError } = await import('./print/problem.ts')
    const told = tellError(error, createStyle(shell.err.colour), argv.includes('--debug'))
    shell.err.write(told.text)
    return told.exitCode
  }
}

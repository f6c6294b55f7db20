import { exitCodes } from '../../exit-codes.ts'
import type { Run } from '../../line/command.ts'

export const version: Run = async ({ shell }) => {
  const { node, tz = 'unknown' } = process.versions
  shell.out.write(
    `mainstay ${shell.version}, Node ${node}, time zone data ${tz}, ${process.platform} ${process.arch}\n`,
  )
  return exitCodes.ok
}

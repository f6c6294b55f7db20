// Marks of a process that is gone: of what it was about to send and had not handed on, the database is told that nothing left.
import { readFile, rm } from 'node:fs/promises'
import type { Needs } from '../../platform/room/needs.ts'
import { recordNothingLeft } from '../notifications/index.ts'
import { unsentIn } from './send-marks.ts'

export async function settleMarks(needs: Needs, file: string): Promise<void> {
  const unsent = unsentIn(await readFile(file, 'utf8'))
  let settled = 0
  for (const each of unsent)
    if (await needs.database.transaction((tx) => recordNothingLeft(tx, needs, each))) settled += 1
  if (settled > 0) needs.log.info('Messages a process was killed at had not left.', { messages: settled })
  await rm(file, { force: true })
}

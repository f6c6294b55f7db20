// Writes down what only this process knows. A restart of the database takes a second, and what is given up is done again by others.
import { setTimeout } from 'node:timers/promises'
import { AppError } from '../../kernel/app-error.ts'

/** Soon after the database is back. */
const againMs = 250
const tries = 40

export async function keepTrying<T>(record: () => Promise<T>): Promise<T> {
  for (let tried = 0; tried < tries; tried += 1) {
    try {
      return await record()
    } catch (error) {
      if (!(error instanceof AppError) || error.kind !== 'unavailable') throw error
      await setTimeout(againMs)
    }
  }
  return record()
}

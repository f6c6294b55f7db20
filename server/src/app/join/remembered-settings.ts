// Settings of channels that live in the database (bots, accounts, the push key), remembered by the process so that its
// lifeboat can send while the database is away. In memory, and in the sealed plan.

import type { RememberedSettings } from '../../modules/lifeboat/index.ts'
import { isAwayRefusal } from '../../platform/database/away.ts'

type Settings = object | null

export interface SettingsMemory extends RememberedSettings {
  /** Asks; and gives the last answer when there is nobody to ask. */
  remember<S extends Settings>(name: string, ask: () => Promise<S>): () => Promise<S>
  /** From now on nobody is asked while it says so. */
  whileAway(isAway: () => boolean): void
}

export function createSettingsMemory(): SettingsMemory {
  const known = new Map<string, string>()
  const questions = new Map<string, () => Promise<Settings>>()
  let away = (): boolean => false

  return {
    remember: <S extends Settings>(name: string, ask: () => Promise<S>) => {
      const keep = async (): Promise<S> => {
        const answer = await ask()
        known.set(name, JSON.stringify(answer))
        return answer
      }
      questions.set(name, keep)
      return async () => {
        const last = known.get(name)
        const given = (text: string): S => JSON.parse(text)
        if (last !== undefined && away()) return given(last)
        try {
          return await keep()
        } catch (error) {
          if (last === undefined || !isAwayRefusal(error)) throw error
          return given(last)
        }
      }
    },
    collect: async () => {
      for (const ask of questions.values()) await ask()
      return Object.fromEntries(known)
    },
    recall: (settings) => {
      for (const [name, text] of Object.entries(settings)) if (!known.has(name)) known.set(name, text)
    },
    whileAway: (isAway) => {
      away = isAway
    },
  }
}

// The options that were given, read by name.
import { parseDuration } from '../../../server/src/kernel/duration.ts'
import { parseInstant } from '../../../server/src/kernel/instant.ts'
import { usageError } from '../exit-codes.ts'

export class OptionValues {
  readonly #given: ReadonlyMap<string, readonly string[]>

  constructor(given: ReadonlyMap<string, readonly string[]>) {
    this.#given = given
  }

  has(name: string): boolean {
    return this.#given.has(name)
  }

  /** The last one given wins; null when none was. */
  text(name: string): string | null {
    return this.#given.get(name)?.at(-1) ?? null
  }

  need(name: string): string {
    const text = this.text(name)
    if (text === null) throw usageError(`--${name} is missing.`)
    return text
  }

  all(name: string): readonly string[] {
    return this.#given.get(name) ?? []
  }

  integer(name: string, min: number, max: number): number | null {
    const text = this.text(name)
    if (text === null) return null
    const value = Number(text)
    if (!/^\d+$/.test(text) || value < min || value > max)
      throw usageError(`--${name} has to be a whole number from ${min} to ${max}, not "${text}".`)
    return value
  }

  durationMs(name: string): number | null {
    const text = this.text(name)
    if (text === null) return null
    const value = parseDuration(text)
    if (value === null) throw usageError(`--${name} has to be a duration such as 90s, 30m or 1h30m, not "${text}".`)
    return value
  }

  /** RFC 3339, or a duration back from now: `2h`. Answers RFC 3339. */
  time(name: string, now: number): string | null {
    const text = this.text(name)
    if (text === null) return null
    const at = parseInstant(text)
    if (at !== null) return new Date(at).toISOString()
    const backMs = parseDuration(text)
    if (backMs !== null) return new Date(now - backMs).toISOString()
    throw usageError(
      `--${name} has to be a time such as 2026-03-01T09:00:00Z, or how long ago such as 2h, not "${text}".`,
    )
  }
}

// Which statements a session keeps prepared. Parsing and planning cost PostgreSQL more than running most of ours, so
// what is asked again and again gets a name; what is built anew for each call stays without one.
import { createHash } from 'node:crypto'

export interface StatementNames {
  /** Undefined: send it as it is. The same text has the same name in every session of the process. */
  nameOf(text: string): string | undefined
}

export interface StatementLimits {
  /** Asked so often before it is worth a plan in every session. */
  readonly after: number
  /** A session keeps a plan for each name: 10 to 30 kB in the server. */
  readonly names: number
  /** Texts that are counted at a time; then counting begins anew. */
  readonly counted: number
}

const defaults: StatementLimits = { after: 5, names: 250, counted: 2_000 }

export function statementNames(limits: StatementLimits = defaults): StatementNames {
  const names = new Map<string, string>()
  const seen = new Map<string, number>()
  return {
    nameOf: (text) => {
      const known = names.get(text)
      if (known !== undefined || names.size >= limits.names) return known
      const times = (seen.get(text) ?? 0) + 1
      if (times < limits.after) {
        if (seen.size >= limits.counted) seen.clear()
        seen.set(text, times)
        return undefined
      }
      seen.delete(text)
      const name = `m${createHash('sha256').update(text).digest('hex').slice(0, 24)}`
      names.set(text, name)
      return name
    },
  }
}

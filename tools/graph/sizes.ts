// Files and functions that have grown past one idea.
import type { House } from './house.ts'
import { isGenerated } from './place.ts'

export const limits = { file: 500, explain: 400, test: 600, function: 60 } as const

export interface SizeReport {
  readonly faults: readonly string[]
  readonly warnings: readonly string[]
}

/** `exceptions`: path → reason. `countBefore`: how many there were at HEAD; the list may only shrink. */
export function judgeSizes(
  house: House,
  exceptions: Readonly<Record<string, string>>,
  countBefore: number | null,
): SizeReport {
  const faults: string[] = []
  const warnings: string[] = []
  for (const { path, test, facts } of house.modules) {
    if (isGenerated(path)) continue
    const limit = test ? limits.test : limits.file
    const excused = exceptions[path] !== undefined
    if (facts.lines > limit && !excused)
      faults.push(
        `${path}:${limit + 1} has ${facts.lines} lines, the limit is ${limit}: look for the second idea in it`,
      )
    if (facts.lines <= limit && excused)
      faults.push(`tools/sizes.json:1 excuses ${path}, which is no longer too long: remove the line`)
    if (facts.lines > limits.explain && facts.lines <= limit && !test)
      warnings.push(`${path}:1 has ${facts.lines} lines; over ${limits.explain} wants an explanation`)
    if (!test)
      for (const { name, line, lines } of facts.functions)
        if (lines > limits.function)
          warnings.push(`${path}:${line} ${name} has ${lines} lines; over ${limits.function} does not fit on a screen`)
  }
  for (const path of Object.keys(exceptions))
    if (!house.files.has(path)) faults.push(`tools/sizes.json:1 excuses ${path}, which does not exist`)
  const count = Object.keys(exceptions).length
  if (countBefore !== null && count > countBefore)
    faults.push(`tools/sizes.json:1 grew from ${countBefore} to ${count} exceptions; it may only shrink`)
  return { faults, warnings }
}

// From a failing seed to something a person can read: fewer days, fewer faults, and of the trace only the lines that
// speak of what went wrong.
import { day } from '../../src/kernel/duration.ts'
import { describeOptions, type Options } from './options.ts'
import { formatLine, type Result, simulate } from './run.ts'

/** The same promise still breaks with these options. */
export function shrink(failed: Result): Result {
  const { violation } = failed
  if (violation === null) return failed
  let smallest = failed
  const attempt = (options: Options): boolean => {
    const result = simulate(options)
    const same = result.violation?.invariant === violation.invariant
    if (same) smallest = result
    return same
  }
  const days = Math.max(1, Math.ceil((failed.at - failed.startedAt) / day))
  if (days < failed.options.days) attempt({ ...failed.options, days })
  for (const fault of failed.faults)
    if (smallest.faults.includes(fault)) attempt({ ...smallest.options, without: [...smallest.options.without, fault] })
  return smallest
}

const mostLines = 60

/** What happened to what the violation names, and what was broken around it; runs the same options once more. */
export function explain(failed: Result): string {
  const { lines, violation, faults, digest } = simulate(failed.options, true)
  const named = new Set(violation?.subjects.filter((each) => each !== ''))
  const about = lines.filter((line) => line.subjects.length === 0 || line.subjects.some((each) => named.has(each)))
  const own = lines.filter((line) => line.subjects.some((each) => named.has(each)))
  const since = own.slice(-mostLines)[0]?.at ?? 0
  return [
    violation?.sentence ?? 'no violation',
    `with ${faults.length === 0 ? 'no faults' : faults.join(', ')}; digest ${digest}`,
    ...about
      .filter((line) => line.at >= since - day / 24)
      .slice(-mostLines)
      .map((line) => `  ${formatLine(line)}`),
    `replay: ${describeOptions(failed.options)}`,
  ].join('\n')
}

// Numbers as they are printed: one JSON object in a line for each measurement.

export function quantiles(values: readonly number[]): {
  p50: number
  p90: number
  p99: number
  max: number
  n: number
} {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number) =>
    round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN)
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1), n: sorted.length }
}

export const round = (value: number, digits = 2): number => Number(value.toFixed(digits))

export function print(bench: string, figures: object): void {
  process.stdout.write(
    `${JSON.stringify({ bench, at: new Date().toISOString(), node: process.version, ...figures })}\n`,
  )
}

/** `--count 1000 --batch 64` over the defaults; a name that is not among them is a mistake. */
export function readArguments<T extends Record<string, number>>(defaults: T): T {
  const given = process.argv.slice(2)
  const read: Record<string, number> = { ...defaults }
  for (let index = 0; index < given.length; index += 2) {
    const name = given[index]?.replace(/^--/, '') ?? ''
    const value = Number(given[index + 1])
    if (!(name in defaults) || !Number.isFinite(value))
      throw new Error(
        `Known: ${Object.keys(defaults)
          .map((each) => `--${each} NUMBER`)
          .join(' ')}`,
      )
    read[name] = value
  }
  return { ...defaults, ...read }
}

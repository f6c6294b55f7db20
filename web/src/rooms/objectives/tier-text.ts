// Alert tiers as one line each, for a field: `page 1h/5m 14.4`.
import { formatDuration, parseDuration } from '../../../../server/src/kernel/duration.ts'
import type { Proposal } from '../../shell/objective-api.ts'

export type TierOrder = NonNullable<Proposal['tiers']>[number]

export function tierLines(
  tiers: readonly { level: string; longMs: number; shortMs: number; threshold: number }[],
): string {
  return tiers
    .map((tier) => `${tier.level} ${formatDuration(tier.longMs)}/${formatDuration(tier.shortMs)} ${tier.threshold}`)
    .join('\n')
}

/** The first line that cannot be read, in words; else the tiers. */
export function readTierLines(text: string): readonly TierOrder[] | { readonly fault: string } {
  const tiers: TierOrder[] = []
  for (const line of text.split('\n').map((each) => each.trim())) {
    if (line === '') continue
    const [, level, long = '', short = '', threshold = ''] =
      /^(page|ticket)\s+(\w+)\s*\/\s*(\w+)\s+([\d.]+)\s*×?$/.exec(line) ?? []
    const [longMs, shortMs] = [parseDuration(long), parseDuration(short)]
    const limit = Number(threshold)
    if ((level !== 'page' && level !== 'ticket') || longMs === null || shortMs === null || !(limit > 0))
      return { fault: `“${line}” is no tier. Write it like: page 1h/5m 14.4` }
    tiers.push({ level, longMs, shortMs, threshold: limit })
  }
  return tiers.length === 0 ? { fault: 'At least one tier is needed.' } : tiers
}

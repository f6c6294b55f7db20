// Burn-down of the budget and the burn rate with the thresholds that page.
import { useMemo } from 'react'
import { burnText, fullTime, numberText, shareText } from '../../parts/format.ts'
import { Plot } from '../../parts/plot.tsx'
import type { BurnTier, SeriesPoint } from '../../shell/api.ts'

const tableRows = 400

export function Burndown({ points, name }: { points: readonly SeriesPoint[]; name: string }) {
  const props = useMemo(() => {
    const known = points.filter((point) => point.remainingRatio !== null)
    const first = known[0]?.remainingRatio ?? null
    const last = known.at(-1)?.remainingRatio ?? null
    return {
      times: points.map((point) => Date.parse(point.at)),
      lines: [
        { label: 'Budget left', colour: '--ink', values: points.map((point) => point.remainingRatio), fill: true },
      ],
      levels: [{ at: 0, label: 'spent', colour: '--critical' }],
      min: Math.min(0, ...known.map((point) => point.remainingRatio ?? 0)),
      max: 1,
      // Plus zero: what is rounded to nothing has no sign.
      format: (value: number) => `${numberText(Math.round(value * 100) + 0)} %`,
      summary: `Budget left of ${name}: from ${shareText(first)} to ${shareText(last)} in this time.`,
      table: {
        columns: ['Time', 'Budget left', 'Good', 'Bad'],
        rows: () =>
          points
            .slice(-tableRows)
            .reverse()
            .map((point) => [
              fullTime(Date.parse(point.at)),
              shareText(point.remainingRatio),
              numberText(point.good),
              numberText(point.bad),
            ]),
      },
    }
  }, [points, name])
  return <Plot {...props} height={220} />
}

export function BurnRate({ points, tiers }: { points: readonly SeriesPoint[]; tiers: readonly BurnTier[] }) {
  const props = useMemo(() => {
    const highest = Math.max(0, ...points.map((point) => point.burnRate ?? 0))
    return {
      times: points.map((point) => Date.parse(point.at)),
      lines: [{ label: 'Burn rate', colour: '--ink', values: points.map((point) => point.burnRate) }],
      levels: [
        ...(tiers.some((tier) => tier.threshold === 1)
          ? []
          : [{ at: 1, label: '1× spends it exactly', colour: '--rule-strong' }]),
        ...tiers.map((tier) => ({
          at: tier.threshold,
          label: `${burnText(tier.threshold)} ${tier.level}`,
          colour: tier.level === 'page' ? '--critical' : '--warning',
        })),
      ],
      min: 0,
      format: (value: number) => burnText(value),
      summary: `Burn rate, at most ${burnText(highest)} in this time. Thresholds: ${tiers.map((tier) => `${burnText(tier.threshold)} ${tier.level}`).join(', ')}.`,
      table: {
        columns: ['Time', 'Burn rate'],
        rows: () =>
          points
            .slice(-tableRows)
            .reverse()
            .map((point) => [fullTime(Date.parse(point.at)), burnText(point.burnRate)]),
      },
    }
  }, [points, tiers])
  return <Plot {...props} height={220} />
}

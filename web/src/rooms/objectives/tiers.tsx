// Each alerting tier with both windows and the reason it fires or does not.
import { burnText, windowText } from '../../parts/format.ts'
import { Section } from '../../parts/page-head.tsx'
import { ScrollX } from '../../parts/scroll-x.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import type { BurnTier } from '../../shell/api.ts'

export function Tiers({ tiers }: { tiers: readonly BurnTier[] }) {
  return (
    <Section title="Burn-rate alerts">
      <ScrollX label="Burn-rate alerts">
        <table className="plain-table tiers">
          <thead>
            <tr>
              <th scope="col">State</th>
              <th scope="col">Tier</th>
              <th scope="col" className="end">
                Fires from
              </th>
              <th scope="col" className="end">
                Long window
              </th>
              <th scope="col" className="end">
                Short window
              </th>
              <th scope="col">Because</th>
            </tr>
          </thead>
          <tbody>
            {tiers.map((tier) => (
              <tr key={tier.name}>
                <td>
                  {tier.firing ? (
                    <StateMark tone={tier.level === 'page' ? 'critical' : 'warning'} word="Firing" strong />
                  ) : tier.longBurn === null || tier.shortBurn === null ? (
                    <StateMark tone="unknown" />
                  ) : (
                    <StateMark tone="ok" word="Quiet" />
                  )}
                </td>
                <td>
                  {tier.name} <span className="soft">({tier.level})</span>
                </td>
                <td className="end">{burnText(tier.threshold)}</td>
                <td className="end">
                  {burnText(tier.longBurn)} <span className="soft">/ {windowText(tier.longMs)}</span>
                </td>
                <td className="end">
                  {burnText(tier.shortBurn)} <span className="soft">/ {windowText(tier.shortMs)}</span>
                </td>
                <td className="reason">{tier.reason}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollX>
    </Section>
  )
}

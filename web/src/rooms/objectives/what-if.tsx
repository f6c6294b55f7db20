// What another target, window or set of alerts would have said of the past weeks, beside what was said.
import { Button, NativeSelect, NumberInput, Textarea } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { SkeletonRows } from '../../parts/empty.tsx'
import { durationText, numberText, ratioText, shareText, windowText } from '../../parts/format.ts'
import { type Lane, Lanes } from '../../parts/lanes.tsx'
import { Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { ScrollX } from '../../parts/scroll-x.tsx'
import type { ObjectiveDetail } from '../../shell/api.ts'
import { type BackTest, objectiveRoom, type PastOutcome, type Proposal } from '../../shell/objective-api.ts'
import { readTierLines, tierLines } from './tier-text.ts'

const day = 86_400_000

export function WhatIf({ objective, onClose }: { objective: ObjectiveDetail; onClose: () => void }) {
  const written = tierLines(objective.tiers)
  const [target, setTarget] = useState<number | string>(Number((objective.target * 100).toFixed(6)))
  const [window, setWindow] = useState(String(objective.windowMs))
  const [tiers, setTiers] = useState(written)
  const read = readTierLines(tiers)
  const ask = useMutation({ mutationFn: (proposal: Proposal) => objectiveRoom.backTest(objective.name, proposal) })
  const windows = [...new Set([objective.windowMs, day, 7 * day, 28 * day, 30 * day])].sort((a, b) => a - b)
  const submit = () => {
    const percent = Number(target)
    ask.mutate({
      // As a person writes it: 99.9 % is 0.999, not its neighbour.
      ...(percent > 0 && percent < 100 ? { target: Number((percent / 100).toFixed(9)) } : {}),
      ...(Number(window) === objective.windowMs ? {} : { windowMs: Number(window) }),
      ...(tiers === written || 'fault' in read ? {} : { tiers: [...read] }),
    })
  }
  return (
    <Section
      title="What if"
      aside={
        <Button variant="default" size="compact-sm" onClick={onClose}>
          Close
        </Button>
      }
    >
      <p className="soft">
        Judges what was counted in the last five weeks as you propose it here. Nothing is changed and nobody is told.
      </p>
      <form
        className="what-if-form"
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <NumberInput
          label="Target, percent"
          value={target}
          onChange={setTarget}
          min={0.001}
          max={99.999999}
          hideControls
        />
        <NativeSelect
          label="Window"
          value={window}
          onChange={(event) => setWindow(event.currentTarget.value)}
          data={windows.map((each) => ({ value: String(each), label: windowText(each) }))}
        />
        <Textarea
          label="Alerts"
          description="One a line: level, long and short window, burn rate"
          autosize
          minRows={4}
          value={tiers}
          error={'fault' in read ? read.fault : undefined}
          onChange={(event) => setTiers(event.currentTarget.value)}
        />
        <Button type="submit" loading={ask.isPending} disabled={'fault' in read || target === ''}>
          Try it on the past
        </Button>
      </form>
      <ProblemNote error={ask.error} />
      {ask.isPending && <SkeletonRows rows={6} />}
      {ask.data !== undefined && <Outcomes result={ask.data} />}
    </Section>
  )
}

function Outcomes({ result }: { result: BackTest }) {
  const { current, proposed, incidents } = result
  const rows: readonly (readonly [string, (outcome: PastOutcome) => string])[] = [
    ['Target', (each) => ratioText(each.target)],
    ['Window', (each) => windowText(each.windowMs)],
    ['Budget left at the end', (each) => shareText(each.remainingRatio)],
    ['Least budget', (each) => (each.worst === null ? 'Not known' : shareText(each.worst.remainingRatio))],
    ['Overspent for', (each) => (each.exhaustedMs === 0 ? 'never' : durationText(each.exhaustedMs))],
    ['Pages', (each) => numberText(each.pages)],
    ['Tickets', (each) => numberText(each.tickets)],
    ['A total outage pages after', (each) => soonest(each, 'detectsOutageMs')],
    ['And is over after', (each) => soonest(each, 'resetsMs')],
  ]
  return (
    <>
      <ScrollX label="Present and proposed">
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">In {durationText(Date.parse(result.to) - Date.parse(result.from))}</th>
              <th scope="col" className="end">
                As it is
              </th>
              <th scope="col" className="end">
                As proposed
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(([title, of]) => (
              <tr key={title}>
                <th scope="row">{title}</th>
                <td className="end">{of(current)}</td>
                <td className="end">{of(current) === of(proposed) ? of(proposed) : <strong>{of(proposed)}</strong>}</td>
              </tr>
            ))}
            {incidents.map((each) => (
              <tr key={each.id}>
                <th scope="row">{each.label} paged after</th>
                <td className="end">{afterText(each.currentAfterMs)}</td>
                <td className="end">{afterText(each.proposedAfterMs)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollX>
      {result.measuredRatio < 0.999 && (
        <p className="soft">{shareText(result.measuredRatio)} of that time was measured; the rest decides nothing.</p>
      )}
      {proposed.refused.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      <Lanes
        label="Alerts as they are and as proposed"
        axis={{ from: Date.parse(result.from), to: Date.parse(result.to) }}
        lanes={[lane('As it is', current, result.to), lane('Proposed', proposed, result.to), incidentLane(incidents)]}
        window={null}
        onWindow={() => undefined}
      />
    </>
  )
}

const afterText = (ms: number | null) => (ms === null ? 'not' : durationText(ms))

function soonest(outcome: PastOutcome, field: 'detectsOutageMs' | 'resetsMs'): string {
  const paging = outcome.tiers.filter((tier) => tier.level === 'page').sort((a, b) => a.longMs - b.longMs)
  const ms = paging[0]?.[field] ?? null
  return ms === null ? 'never' : durationText(ms)
}

function lane(title: string, { alerts }: PastOutcome, end: string): Lane {
  return {
    kind: 'bars',
    title,
    bars: alerts.map((alert) => ({
      id: `${alert.firedAt} ${alert.level}`,
      from: Date.parse(alert.firedAt),
      to: Date.parse(alert.endedAt ?? end),
      label: `${alert.level} by ${alert.tier}`,
      tone: alert.level === 'page' ? 'critical' : 'warning',
    })),
  }
}

function incidentLane(incidents: BackTest['incidents']): Lane {
  return {
    kind: 'bars',
    title: 'Incidents',
    bars: incidents.map((each) => ({
      id: each.id,
      from: Date.parse(each.from),
      to: Date.parse(each.to),
      label: each.label,
      tone: 'unknown',
    })),
  }
}

// Hours on call for payroll: a month of a team, signed off once, corrected by lines of their own.
import { Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Empty, SkeletonRows } from '../../parts/empty.tsx'
import { numberText, plural } from '../../parts/format.ts'
import { presentMs } from '../../parts/now.ts'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { ScrollX } from '../../parts/scroll-x.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import { useUrlState } from '../../parts/url-state.ts'
import { health, type PayPeriod, type PayPerson, type PayStatement, pay } from '../../shell/oncall-api.ts'
import { queries } from '../../shell/queries.ts'
import { say } from '../../shell/undo.tsx'
import { CorrectPay } from './correct-pay.tsx'
import { classes, classTitles, monthsUpTo, periodOfMonth } from './pay-words.ts'

const shownMonths = 13
const hours = (ms: number): string => numberText(ms / 3_600_000, undefined, 2)

export function PayView() {
  const months = monthsUpTo(presentMs(), shownMonths)
  const [givenTeam, setTeam] = useUrlState('team', '')
  const [givenMonth, setMonth] = useUrlState('month', months[1] ?? '')
  const teams = useQuery({ queryKey: ['oncall', 'health', 4], queryFn: ({ signal }) => health.all(4, signal) })
  const team = givenTeam !== '' ? givenTeam : (teams.data?.teams[0]?.team ?? '')
  const period = periodOfMonth(givenMonth) ?? periodOfMonth(months[1] ?? '')
  const query = useQuery({
    queryKey: ['oncall', 'pay', team, period],
    queryFn: ({ signal }) => pay.read(team, period ?? { from: '', until: '' }, signal),
    enabled: team !== '' && period !== null,
  })
  if (teams.data?.teams.length === 0)
    return (
      <Empty title="No team has a schedule yet." command="mainstay apply -f on-call.yaml">
        Hours are counted from the schedules of a team.
      </Empty>
    )
  return (
    <>
      <div className="toolbar">
        <select
          className="plain-select"
          aria-label="Team"
          value={team}
          onChange={(event) => setTeam(event.currentTarget.value)}
        >
          {teams.data?.teams.map((each) => (
            <option key={each.team} value={each.team}>
              {each.displayName}
            </option>
          ))}
        </select>
        <select
          className="plain-select"
          aria-label="Month"
          value={givenMonth}
          onChange={(event) => setMonth(event.currentTarget.value)}
        >
          {months.map((each) => (
            <option key={each} value={each}>
              {each}
            </option>
          ))}
        </select>
      </div>
      <ProblemNote error={teams.error ?? query.error} retry={() => void query.refetch()} />
      {(teams.isPending || query.isLoading) && <SkeletonRows rows={5} height={48} />}
      {query.data !== undefined && period !== null && (
        // What was typed for one month never lands in another.
        <Statement key={`${team} ${period.from}`} found={query.data} period={period} />
      )}
    </>
  )
}

function Statement({ found, period }: { found: PayStatement; period: PayPeriod }) {
  const [asking, setAsking] = useState(false)
  const kept = (next: PayStatement) => {
    queries.setQueryData(['oncall', 'pay', found.team, period], next)
    setAsking(false)
  }
  const sign = useMutation({
    mutationFn: () => pay.sign(found.team, period),
    onSuccess: (next) => {
      kept(next)
      say({ sentence: 'Signed. These lines never change; what is wrong gets a line of its own.', undo: null })
    },
  })
  return (
    <>
      <div className="schedule-sentence">
        {found.state === 'signed' ? (
          <>
            <StateMark tone="ok" word={`Signed by ${found.signedBy ?? ''}`} />
            {found.signedAt !== null && <Time at={found.signedAt} />}
          </>
        ) : (
          <StateMark
            tone="info"
            word={found.state === 'running' ? 'Not over for everybody: figures still grow' : 'Over, and not signed yet'}
          />
        )}
        {found.unrecordedMs > 0 && (
          <StateMark tone="warning" word={`${hours(found.unrecordedMs)} h of it are not on record`} />
        )}
        {found.reads === 'own' && <span className="soft">You see your own hours; the lead of the team sees all.</span>}
        {found.reads === 'everybody' && found.state === 'open' && !asking && (
          <Button variant="default" onClick={() => setAsking(true)}>
            Sign off
          </Button>
        )}
        {asking && (
          <>
            <span>Once signed, it cannot be unsigned.</span>
            <Button loading={sign.isPending} onClick={() => sign.mutate()} data-autofocus>
              Sign {period.from} until {period.until}
            </Button>
            <button type="button" className="link-button" onClick={() => setAsking(false)}>
              Not yet
            </button>
          </>
        )}
        {found.people.length > 0 && (
          <a className="link-button" href={pay.csvAddress(found.team, period)} download>
            Download as CSV
          </a>
        )}
      </div>
      <ProblemNote error={sign.error} />
      {found.people.length === 0 ? (
        <p className="soft">Nobody whose hours you may read was on call in this month.</p>
      ) : (
        <Lines found={found} />
      )}
      {found.reads === 'everybody' && found.id !== null && <CorrectPay id={found.id} found={found} onDone={kept} />}
    </>
  )
}

function Lines({ found }: { found: PayStatement }) {
  return (
    <>
      <p className="soft">Hours on call, and called out (+), where each person lives</p>
      <ScrollX label="Hours of each person">
        <table className="plain-table load-table">
          <thead>
            <tr>
              <th scope="col">Person</th>
              {classes.map((each) => (
                <th key={each} scope="col">
                  {classTitles[each]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {found.people.map((person) => (
              <tr key={person.person}>
                <th scope="row">
                  {person.displayName} <span className="soft">{person.zone}</span>
                  <Details person={person} />
                </th>
                {classes.map((name) => {
                  const sum = person.total.find((each) => each.class === name)
                  return (
                    <td key={name}>
                      {hours(sum?.standbyMs ?? 0)}
                      {(sum?.awakeMs ?? 0) !== 0 && <> + {hours(sum?.awakeMs ?? 0)}</>}
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollX>
    </>
  )
}

function Details({ person }: { person: PayPerson }) {
  const sentence = (each: PayPerson['sums'][number]): string =>
    `${classTitles[each.class]}: ${hours(each.standbyMs)} h on call, ${hours(each.awakeMs)} h called out`
  return (
    <>
      {person.differs.length > 0 && (
        <div className="pay-differs">
          <StateMark tone="warning" word={`The record has by now: ${person.differs.map(sentence).join('; ')}`} />
        </div>
      )}
      {person.alsoElsewhereMs > 0 && (
        <div className="soft">
          {hours(person.alsoElsewhereMs)} h of it also on call for another team
          {person.alsoElsewhereAwakeMs > 0 && `, ${hours(person.alsoElsewhereAwakeMs)} h called out for both`}
        </div>
      )}
      <details className="pay-days">
        <summary>
          {plural(person.days.length, 'line')}
          {person.corrections.length > 0 && `, ${person.corrections.length} corrected`}
        </summary>
        <ul className="rows">
          {person.days.map((each) => (
            <li key={`${each.date}${each.class}`}>
              <span className="grow">
                {each.date} {sentence(each)}
              </span>
            </li>
          ))}
          {person.corrections.map((each) => (
            <li key={each.id}>
              <span className="grow">
                Correction, {sentence(each)}: {each.reason} <span className="soft">{each.by}</span>
              </span>
            </li>
          ))}
        </ul>
      </details>
    </>
  )
}

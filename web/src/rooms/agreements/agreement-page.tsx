// One agreement: the statement of a period, as one would hand it to a customer, with its terms and the periods before.
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link, useParams } from 'wouter'
import { Choice } from '../../parts/choice.tsx'
import { Empty, SkeletonRows } from '../../parts/empty.tsx'
import { PageHead, Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { ScrollX } from '../../parts/scroll-x.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { useUrlState } from '../../parts/url-state.ts'
import { type Agreement, agreements } from '../../shell/agreement-api.ts'
import { creditText, looks } from './agreement-words.ts'
import { SettleDialog } from './settle-dialog.tsx'
import { StatementView } from './statement.tsx'
import './agreements.css'

export default function AgreementPage() {
  const { name = '' } = useParams<{ name: string }>()
  const [at, setAt] = useUrlState('at', '')
  const [settling, setSettling] = useState(false)
  const agreement = useQuery({
    queryKey: ['agreements', 'one', name],
    queryFn: ({ signal }) => agreements.read(name, signal),
    refetchInterval: 60_000,
  })
  const statement = useQuery({
    queryKey: ['agreements', 'statement', name, at],
    queryFn: ({ signal }) => agreements.statement(name, at === '' ? null : at, signal),
    placeholderData: (before) => before,
  })
  const [read, shown] = [agreement.data, statement.data]
  const ended = shown !== undefined && !shown.period.running && shown.settled === null
  return (
    <>
      <PageHead
        title={read?.displayName ?? name}
        crumb={{ title: 'Agreements', href: '/agreements' }}
        {...(shown === undefined ? {} : { sentence: shown.sentence })}
        actions={
          <span className="report-actions">
            {ended && (
              <Button variant="default" onClick={() => setSettling(true)}>
                Settle
              </Button>
            )}
            {shown !== undefined && (
              <Button component="a" variant="default" href={agreements.csvAddress(name, shown.period.start)} download>
                CSV
              </Button>
            )}
            <Button variant="default" onClick={() => window.print()}>
              Print
            </Button>
          </span>
        }
      />
      <ProblemNote error={agreement.error ?? statement.error} retry={() => void statement.refetch()} />
      {(agreement.isPending || statement.isPending) && <SkeletonRows rows={8} />}
      {read !== undefined && (
        <div className="toolbar report-actions">
          <Choice
            label="Period"
            value={at}
            onChange={setAt}
            options={[
              ...(read.current === null ? [] : [{ value: '', title: read.current.period.title }]),
              ...read.periods.slice(0, 5).map((each) => ({ value: each.start, title: each.title })),
            ]}
          />
        </div>
      )}
      {shown !== undefined && <StatementView statement={shown} />}
      {read !== undefined && <Periods periods={read.periods} onShow={setAt} />}
      {settling && shown !== undefined && <SettleDialog statement={shown} onClose={() => setSettling(false)} />}
    </>
  )
}

function Periods({ periods, onShow }: { periods: Agreement['periods']; onShow: (start: string) => void }) {
  return (
    <Section title="Periods that ended" id="periods">
      {periods.length === 0 && <Empty title="No period of it has ended yet." />}
      {periods.length > 0 && (
        <ScrollX label="Periods that ended">
          <table className="plain-table agreement-credits">
            <thead>
              <tr>
                <th scope="col">Period</th>
                <th scope="col">Verdict</th>
                <th scope="col" className="end">
                  Attained
                </th>
                <th scope="col">Credit</th>
                <th scope="col">Settled</th>
              </tr>
            </thead>
            <tbody>
              {periods.map((each) => (
                <tr key={each.start}>
                  <th scope="row">
                    <Link
                      href={`?at=${encodeURIComponent(each.start)}`}
                      onClick={(event) => {
                        event.preventDefault()
                        onShow(each.start)
                      }}
                    >
                      {each.title}
                    </Link>
                  </th>
                  <td>
                    <StateMark {...looks[each.verdict]} />
                  </td>
                  <td className="end">{each.attainedText}</td>
                  <td>{creditText(each.credit)}</td>
                  <td>{each.settled ? 'yes' : 'not yet'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollX>
      )}
    </Section>
  )
}

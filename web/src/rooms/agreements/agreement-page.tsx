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
import { type Agreement, agreements, type PeriodAsked, type Statement } from '../../shell/agreement-api.ts'
import { useMay } from '../../shell/session.tsx'
import { looks } from './agreement-words.ts'
import { SettleDialog } from './settle-dialog.tsx'
import { StatementView } from './statement.tsx'
import './agreements.css'

/** Of a period that was settled, both ends: after a change of terms several may begin at once. */
const keyOf = ({ start, end, settled }: Agreement['periods'][number]): string => (settled ? `${start}/${end}` : start)

function askedIn(key: string): PeriodAsked | null {
  const [at = '', end] = key.split('/')
  return at === '' ? null : end === undefined ? { at } : { at, end }
}

export default function AgreementPage() {
  const { name = '' } = useParams<{ name: string }>()
  const [at, setAt] = useUrlState('at', '')
  const may = useMay('editor')
  // The statement as it was when somebody pressed the button: what is settled is what they read.
  const [settling, setSettling] = useState<Statement | null>(null)
  const agreement = useQuery({
    queryKey: ['agreements', 'one', name],
    queryFn: ({ signal }) => agreements.read(name, signal),
    refetchInterval: 60_000,
  })
  const statement = useQuery({
    queryKey: ['agreements', 'statement', name, at],
    queryFn: ({ signal }) => agreements.statement(name, askedIn(at), signal),
    placeholderData: (before) => before,
  })
  const [read, shown] = [agreement.data, statement.data]
  const ended = shown !== undefined && !shown.period.running && shown.settled === null
  const isOther = statement.isPlaceholderData
  return (
    <>
      <PageHead
        title={read?.displayName ?? name}
        crumb={{ title: 'Agreements', href: '/agreements' }}
        {...(shown === undefined ? {} : { sentence: shown.sentence })}
        facts={
          read !== undefined && read.effectiveAt === null ? (
            <StateMark tone="unknown" word="Removed: what was settled stays" />
          ) : undefined
        }
        actions={
          <span className="report-actions">
            {may && ended && (
              <Button variant="default" disabled={isOther} onClick={() => setSettling(shown)}>
                Settle
              </Button>
            )}
            {shown !== undefined && (
              <Button
                component="a"
                variant="default"
                href={agreements.csvAddress(name, askedIn(at) ?? { at: shown.period.start })}
                download
              >
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
              ...read.periods.slice(0, 5).map((each) => ({ value: keyOf(each), title: each.title })),
            ]}
          />
        </div>
      )}
      {shown !== undefined && <StatementView statement={shown} />}
      {read !== undefined && <Periods periods={read.periods} onShow={setAt} />}
      {settling !== null && <SettleDialog statement={settling} onClose={() => setSettling(null)} />}
    </>
  )
}

function Periods({ periods, onShow }: { periods: Agreement['periods']; onShow: (key: string) => void }) {
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
                <tr key={keyOf(each)}>
                  <th scope="row">
                    <Link
                      href={`?at=${encodeURIComponent(keyOf(each))}`}
                      onClick={(event) => {
                        event.preventDefault()
                        onShow(keyOf(each))
                      }}
                    >
                      {each.title}
                    </Link>
                  </th>
                  <td>
                    <StateMark {...looks[each.verdict]} />
                  </td>
                  <td className="end">{each.attainedText}</td>
                  <td>{each.credit.text}</td>
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

// The statement of a period: what is printed and handed over.
import { Link } from 'wouter'
import { Empty } from '../../parts/empty.tsx'
import { formatInZone, numberText } from '../../parts/format.ts'
import { Section } from '../../parts/page-head.tsx'
import { ScrollX } from '../../parts/scroll-x.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import type { Statement } from '../../shell/agreement-api.ts'
import { dueText, looks } from './agreement-words.ts'

const timeOptions = { dateStyle: 'medium', timeStyle: 'short' } as const

export function StatementView({ statement }: { statement: Statement }) {
  const { period, next, settled, notes } = statement
  const at = (time: string) => formatInZone(Date.parse(time), timeOptions, period.zone)
  return (
    <>
      <Section title={`Statement, ${period.title}`} id="statement">
        {next !== null && next.usedRatio > 0 && <p className="agreement-next">{next.sentence}</p>}
        <dl className="agreement-facts">
          <Fact word="Verdict">
            <StateMark {...looks[statement.verdict]} />
            {period.running && ' so far'}
          </Fact>
          <Fact word="Customer">{statement.terms.customer}</Fact>
          <Fact word="Period">
            {at(period.start)} to {at(period.end)}, {period.zone}
          </Fact>
          <Fact word="Promised">{statement.terms.targetText} %</Fact>
          <Fact word="Attained">{statement.attainedText}</Fact>
          <Fact word="Credit">{dueText(statement)}</Fact>
          {statement.downMinutes !== null && <Fact word="Down, min">{numberText(statement.downMinutes)}</Fact>}
          {statement.good !== null && <Fact word="Good requests">{numberText(statement.good)}</Fact>}
          {statement.bad !== null && <Fact word="Failed requests">{numberText(statement.bad)}</Fact>}
          <Fact word="Excluded, min">{numberText(statement.excludedMinutes)}</Fact>
          <Fact word="Not measured, min">{numberText(statement.unknownMinutes)}</Fact>
          <Fact word="Settled">
            {settled === null
              ? 'not yet'
              : `${at(settled.at)} by ${settled.by}${settled.reason === null ? '' : `: ${settled.reason}`}`}
          </Fact>
        </dl>
        {notes.map((note) => (
          <p className="soft" key={note}>
            {note}
          </p>
        ))}
      </Section>
      {statement.terms.counts === 'downtime' && <Outages statement={statement} at={at} />}
      {statement.exclusions.length > 0 && <Exclusions statement={statement} at={at} />}
      <Terms terms={statement.terms} />
    </>
  )
}

const Fact = ({ word, children }: { word: string; children: React.ReactNode }) => (
  <div>
    <dt>{word}</dt>
    <dd>{children}</dd>
  </div>
)

interface Part {
  readonly statement: Statement
  readonly at: (time: string) => string
}

function Outages({ statement, at }: Part) {
  return (
    <Section title="Downtime" id="downtime">
      {statement.outages.length === 0 && <Empty title="Nothing was down in what was measured." />}
      {statement.outages.length > 0 && (
        <ScrollX label="Downtime">
          <table className="plain-table agreement-credits">
            <thead>
              <tr>
                <th scope="col">From</th>
                <th scope="col">To</th>
                <th scope="col" className="end">
                  Minutes
                </th>
                <th scope="col">Counts</th>
              </tr>
            </thead>
            <tbody>
              {statement.outages.map((each) => (
                <tr key={each.from}>
                  <td>{at(each.from)}</td>
                  <td>{at(each.to)}</td>
                  <td className="end">{numberText(each.minutes)}</td>
                  <td>{each.counted ? 'yes' : 'too short by the contract'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollX>
      )}
    </Section>
  )
}

function Exclusions({ statement, at }: Part) {
  return (
    <Section title="Excluded by contract" id="exclusions">
      <ul className="agreement-list">
        {statement.exclusions.map((each) => (
          <li key={`${each.from} ${each.reason}`}>
            {at(each.from)} to {at(each.to)}: {each.reason}
          </li>
        ))}
      </ul>
    </Section>
  )
}

function Terms({ terms }: { terms: Statement['terms'] }) {
  const { subject, fee, credits, capText } = terms
  const address = subject.kind === 'journey' ? `/journeys/${subject.name}` : `/objectives/${subject.name}`
  return (
    <Section title="Terms" id="terms">
      <ul className="agreement-list">
        <li>
          Measured by the {subject.kind} <Link href={address}>{subject.name}</Link>, by the {terms.period}, in{' '}
          {terms.timeZone}
          {terms.from !== null && `, from ${terms.from}`}
          {terms.until !== null && `, until ${terms.until}`}.
        </li>
        <li>{terms.downtime ?? 'The share of requests that succeeded counts.'}</li>
        <li>
          {terms.unmeasured === 'down'
            ? 'Time that was not measured counts as downtime.'
            : 'Time that was not measured stays open.'}
        </li>
        {terms.exclusions.map((reason) => (
          <li key={reason}>Left out: {reason}.</li>
        ))}
        {fee !== null && (
          <li>
            Fee of a period: {fee.amount} {fee.currency}.
          </li>
        )}
        {credits.map((each) => (
          <li key={each.belowText}>
            Below {each.belowText} %: {each.percentText} % of the fee.
          </li>
        ))}
        {capText !== null && <li>At most {capText} % of the fee.</li>}
      </ul>
    </Section>
  )
}

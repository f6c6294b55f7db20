// What was proven about paging: each promise with its figures, when and on which build, and the command that repeats it.
import { useQuery } from '@tanstack/react-query'
import { CopyLine } from '../../parts/copy-line.tsx'
import { Empty, SkeletonRows } from '../../parts/empty.tsx'
import { Section } from '../../parts/page-head.tsx'
import { Pair } from '../../parts/pair.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import { type Proof, readReliability } from '../../shell/reliability-api.ts'
import './reliability.css'

const count = new Intl.NumberFormat('en')

export default function AboutReliability() {
  const query = useQuery({ queryKey: ['reliability'], queryFn: ({ signal }) => readReliability(signal) })
  const report = query.data?.report ?? null
  return (
    <Section title="About reliability">
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {query.isPending && <SkeletonRows rows={5} height={88} />}
      {query.data !== undefined && report === null && (
        <Empty title="No report came with this build." command="npx tsx tools/prove.ts faults">
          Nothing is claimed about it here. In a copy of the source, this goes through a thousand faults and writes the
          report that the next build takes along.
        </Empty>
      )}
      {report !== null && (
        <>
          <p className="soft">
            Measured before this build was handed out. Nothing of it was measured on this installation, which runs{' '}
            {query.data?.version}.
          </p>
          <ul className="proofs">
            {report.proofs.map((proof) => (
              <ProofRow key={proof.proof} proof={proof} />
            ))}
          </ul>
        </>
      )}
    </Section>
  )
}

function ProofRow({ proof }: { proof: Proof }) {
  const isWhole = proof.done >= proof.goal
  return (
    <li className="proof">
      <div className="proof-head">
        <h3>{proof.promise}</h3>
        <StateMark
          tone={proof.holds ? (isWhole ? 'ok' : 'info') : 'critical'}
          word={proof.holds ? (isWhole ? 'Holds' : 'Holds so far') : 'Does not hold'}
        />
      </div>
      <p className="soft">
        {count.format(proof.done)} {isWhole ? '' : `of ${count.format(proof.goal)} `}
        {proof.unit}
        {isWhole ? '' : ': the whole proof was not run'}. Last run <Time at={proof.lastRanAt} /> on{' '}
        {proof.versions.join(', ')}, {durationOf(proof.seconds)} in all.{' '}
        {proof.machines.length === 1 ? 'Machine' : 'Machines'}: {proof.machines.join('; ')}.
      </p>
      <dl className="pairs">
        {proof.figures.map(({ label, value }) => (
          <Pair key={label} title={label}>
            {value}
          </Pair>
        ))}
      </dl>
      <CopyLine text={proof.command} />
    </li>
  )
}

function durationOf(seconds: number): string {
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`
}

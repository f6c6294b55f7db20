// One journey: what it came to, by weight and as the product, whose fault it was, and what can be promised at most.
import { useQuery } from '@tanstack/react-query'
import { useParams } from 'wouter'
import { SkeletonRows } from '../../parts/empty.tsx'
import { ratioText, shareText, windowText } from '../../parts/format.ts'
import { PageHead, Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark, StateShape } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import { type Journey, journeys } from '../../shell/journey-api.ts'
import { PoliciesOf } from '../../shell/policies-of.tsx'
import { ReviewOf } from '../../shell/review-of.tsx'
import { objectiveLook } from '../../shell/words.ts'
import { decides, missingWords, modeWords, stepsOf } from './journey-words.ts'
import { Members } from './members.tsx'
import './journeys.css'

export default function JourneyPage() {
  const { name = '' } = useParams<{ name: string }>()
  const query = useQuery({
    queryKey: ['journeys', 'one', name],
    queryFn: ({ signal }) => journeys.read(name, signal),
    refetchInterval: 30_000,
  })
  const crumb = { title: 'Journeys', href: '/journeys' }
  if (query.data === undefined) {
    return (
      <>
        <PageHead title={name} crumb={crumb} />
        <ProblemNote error={query.error} retry={() => void query.refetch()} />
        {query.isPending && <SkeletonRows rows={8} />}
      </>
    )
  }
  const journey = query.data
  return (
    <>
      <PageHead
        title={journey.displayName}
        crumb={crumb}
        sentence={journey.sentence}
        facts={<Facts journey={journey} />}
      />
      {journey.description !== '' && <p className="journey-said soft">{journey.description}</p>}
      <Figures journey={journey} />
      <CeilingLine journey={journey} />
      <Members journey={journey} />
      <Steps journey={journey} />
      <PoliciesOf subject="journey" name={journey.name} />
      {journey.source === 'JourneyObjective' && (
        <ReviewOf subject="journey" name={journey.name} title={journey.displayName} />
      )}
    </>
  )
}

function Facts({ journey }: { journey: Journey }) {
  const look = objectiveLook(journey.state)
  const promised = journey.target === null ? 'what its members promise' : ratioText(journey.target)
  return (
    <>
      <StateMark tone={look.tone} word={look.word} strong />
      <span>
        <strong>{promised}</strong> over {windowText(journey.windowMs)}, {modeWords[journey.mode]}
      </span>
      {journey.team !== null && <span>{journey.team}</span>}
      {journey.asOf !== null && (
        <span>
          as of <Time at={journey.asOf} />
        </span>
      )}
    </>
  )
}

const figures: readonly (readonly [keyof Journey['texts'], string, string])[] = [
  ['product', 'Product', 'what those see who need all of them'],
  ['weighted', 'Mean by weight', 'hides that all are needed'],
  ['worst', 'Worst member', ''],
  ['joint', 'Time without a failure', 'failures at once count once'],
]

function Figures({ journey }: { journey: Journey }) {
  const decisive = decides[journey.mode]
  return (
    <dl className="journey-figures">
      <div>
        <dt>Budget left</dt>
        <dd className="figure-big">{shareText(journey.remainingRatio)}</dd>
        <dd className="soft">
          {journey.target === null ? 'of its members’ budgets' : `of ${ratioText(1 - journey.target)}`}
        </dd>
      </div>
      {figures.map(([key, title, said]) => (
        <div key={key} className={key === decisive ? 'decisive' : undefined}>
          <dt>
            {title}
            {key === decisive && <span className="tag">decides</span>}
          </dt>
          <dd className="figure-big">{journey.texts[key]}</dd>
          <dd className="soft">{said}</dd>
        </div>
      ))}
    </dl>
  )
}

function CeilingLine({ journey }: { journey: Journey }) {
  const { state, sentence, promised, measured } = journey.ceiling
  if (sentence === null && promised === null) return null
  const above = state === 'above-promised' || state === 'above-measured'
  return (
    <div className="note" data-above={above}>
      <StateShape tone={above ? 'warning' : state === 'fits' ? 'ok' : 'info'} />
      <div className="note-body">
        <p className="note-title">{sentence ?? 'Not all members promise something.'}</p>
        <p className="soft">
          Promised together {ratioText(promised)}, measured together{' '}
          {measured === null ? 'not known' : journey.texts.product}, if failures are independent.
        </p>
      </div>
    </div>
  )
}

function Steps({ journey }: { journey: Journey }) {
  const { good, bad, unknown, idle } = journey.steps
  const total = stepsOf(journey.steps)
  const parts = [
    { id: 'bad', title: 'a member failed', count: bad },
    { id: 'unknown', title: 'not known', count: unknown },
    { id: 'idle', title: 'nothing happened', count: idle },
    { id: 'good', title: 'all was well', count: good },
  ]
  return (
    <Section
      title="Members seen together"
      aside={
        <span>
          {total} steps of {windowText(journey.stepMs)}
        </span>
      }
    >
      <div className="step-bar" aria-hidden="true">
        {parts.map((part) => (
          <span key={part.id} data-part={part.id} style={{ flexGrow: part.count }} />
        ))}
      </div>
      <ul className="step-words">
        {parts.map((part) => (
          <li key={part.id}>
            <span className="step-key" data-part={part.id} aria-hidden="true" />
            {part.count} {part.title}
          </li>
        ))}
      </ul>
      <p className="soft">{missingWords[journey.missing]}</p>
    </Section>
  )
}

// The members of a journey: which is weak, what each promises, and what it costs the journey.
import { Link } from 'wouter'
import { numberText, ratioText, shareText } from '../../parts/format.ts'
import { Meter } from '../../parts/meter.tsx'
import { Section } from '../../parts/page-head.tsx'
import { ScrollX } from '../../parts/scroll-x.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import type { Journey, JourneyMember } from '../../shell/journey-api.ts'
import { objectiveLook } from '../../shell/words.ts'
import { blameText, stepsOf } from './journey-words.ts'

export function Members({ journey }: { journey: Journey }) {
  const steps = stepsOf(journey.steps)
  return (
    <Section title="Members">
      <ScrollX label="Members">
        <table className="plain-table members">
          <thead>
            <tr>
              <th scope="col">Member</th>
              <th scope="col">State</th>
              <th scope="col" className="end">
                Came to
              </th>
              <th scope="col" className="end">
                Promised
              </th>
              <th scope="col" className="end">
                Weight
              </th>
              <th scope="col">Budget left</th>
              <th scope="col">Steps it failed</th>
            </tr>
          </thead>
          <tbody>
            {journey.members.map((member, index) => (
              // The same objective may stand in several journeys within this one.
              // biome-ignore lint/suspicious/noArrayIndexKey: the order is part of the declaration
              <Row key={`${index} ${member.name}`} member={member} steps={steps} />
            ))}
          </tbody>
        </table>
      </ScrollX>
    </Section>
  )
}

function Row({ member, steps }: { member: JourneyMember; steps: number }) {
  const look = objectiveLook(member.state)
  const own = member.depth === 0
  return (
    <tr className={member.worst ? 'worst-member' : undefined}>
      <td style={{ paddingInlineStart: `${member.depth * 20}px` }}>
        <MemberName member={member} />
        {member.worst && <span className="tag">worst</span>}
        {member.service !== null && (
          <span className="soft">
            {' · '}
            <Link href={`/services/${member.service}`}>{member.service}</Link>
          </span>
        )}
      </td>
      <td>
        <StateMark tone={look.tone} word={look.word} />
      </td>
      <td className="end">{member.attainmentText}</td>
      <td className="end">{ratioText(member.target)}</td>
      <td className="end">
        {own ? numberText(member.weight, undefined, 2) : ''}
        {member.use < 1 && <span className="soft"> used by {shareText(member.use)}</span>}
      </td>
      <td>
        <Meter remaining={member.remainingRatio} label={`Budget left of ${member.displayName}`} />
      </td>
      <td>{own ? blameText(member, steps) : ''}</td>
    </tr>
  )
}

function MemberName({ member }: { member: JourneyMember }) {
  if (member.kind === 'any-of') return <span>{member.displayName}</span>
  const room = member.kind === 'journey' ? 'journeys' : 'objectives'
  return <Link href={`/${room}/${member.name}`}>{member.displayName}</Link>
}

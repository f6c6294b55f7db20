// Objectives, people and neighbours of a service.
import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { ContactValue } from '../../parts/contact-value.tsx'
import { Empty, SkeletonRows } from '../../parts/empty.tsx'
import { formatInZone, plural, validZone, zoneName } from '../../parts/format.ts'
import { Meter } from '../../parts/meter.tsx'
import { useNow } from '../../parts/now.ts'
import { Section } from '../../parts/page-head.tsx'
import { Pair } from '../../parts/pair.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import { catalog, type Objective, oncall, type Service } from '../../shell/api.ts'
import { usePeople } from '../../shell/directory.ts'
import { objectiveLook } from '../../shell/words.ts'

export function Objectives({
  items,
  error,
  retry,
}: {
  items: readonly Objective[] | undefined
  error: unknown
  retry: () => void
}) {
  return (
    <Section title="Objectives">
      <ProblemNote error={error} retry={retry} />
      {items === undefined && error === null && <SkeletonRows rows={2} />}
      {items?.length === 0 && (
        <Empty title="Nobody has said what reliable enough means here." command="mainstay apply -f objective.yaml">
          Without an objective there is no budget and no page for it.
        </Empty>
      )}
      <ul className="rows">
        {items?.map((each) => {
          const look = objectiveLook(each.state, each.level)
          return (
            <li key={each.name} className="objective-row">
              <StateMark tone={look.tone} word={look.word} />
              <span className="grow">
                <Link href={`/objectives/${each.name}`}>{each.displayName}</Link>
                <br />
                <span className="soft">{each.sentence}</span>
              </span>
              <span className="meter-cell">
                <Meter remaining={each.budget.remainingRatio} label={`Budget left of ${each.displayName}`} />
              </span>
            </li>
          )
        })}
      </ul>
    </Section>
  )
}

export function WhoDoIWake({ service }: { service: Service }) {
  const now = useNow()
  const people = usePeople()
  const schedules = useQuery({ queryKey: ['oncall', 'now'], queryFn: ({ signal }) => oncall.now(signal) }).data
  const policy = useQuery({
    queryKey: ['resources', 'escalation-policies', service.escalationPolicy ?? ''],
    queryFn: ({ signal }) => catalog.resource('escalation-policies', service.escalationPolicy ?? '', signal),
    enabled: service.escalationPolicy !== null,
    retry: false,
  }).data
  // A policy names its schedules somewhere in its steps; those that it names are the ones that count here.
  const text = policy === undefined ? '' : JSON.stringify(policy.spec)
  const mine = (schedules?.schedules ?? []).filter(
    (each) => text.includes(`"${each.name}"`) || each.name === service.team,
  )
  return (
    <Section title="Who do I wake">
      {mine.map((schedule) => (
        <ul className="rows" key={schedule.name}>
          {schedule.people.map((person) => {
            const zone = validZone(people.get(person.person)?.timeZone)
            return (
              <li key={person.person}>
                <span className="grow">
                  <strong>{person.displayName}</strong>
                  <br />
                  <span className="soft">
                    on call in {schedule.displayName}
                    {person.until !== null && (
                      <>
                        {' '}
                        until <Time at={person.until} zone={zone} show="clock" />
                      </>
                    )}
                  </span>
                </span>
                {zone !== undefined && <LocalTime now={now} zone={zone} />}
              </li>
            )
          })}
          {schedule.people.length === 0 && (
            <li>
              <StateMark tone="warning" word={`Nobody is on call in ${schedule.displayName}`} />
            </li>
          )}
        </ul>
      ))}
      {schedules !== undefined && mine.length === 0 && (
        <p className="soft none">
          {service.escalationPolicy === null
            ? 'No escalation policy is declared for this service, so nobody is paged for it.'
            : `Escalates by ${service.escalationPolicy}.`}
        </p>
      )}
      {service.members.length > 0 && (
        <>
          <h3 className="sub-head">Team {service.team}</h3>
          <ul className="rows">
            {service.members.map((member) => {
              const zone = validZone(member.timeZone)
              return (
                <li key={member.name}>
                  <span className="grow">
                    {member.displayName}
                    <br />
                    <a href={`mailto:${member.email}`}>{member.email}</a>
                  </span>
                  {zone !== undefined && <LocalTime now={now} zone={zone} />}
                </li>
              )
            })}
          </ul>
        </>
      )}
      {service.contacts.length > 0 && (
        <>
          <h3 className="sub-head">Contacts</h3>
          <dl className="pairs">
            {service.contacts.map((contact) => (
              <Pair key={`${contact.label}${contact.value}`} title={contact.label}>
                <ContactValue kind={contact.kind} value={contact.value} />
              </Pair>
            ))}
          </dl>
        </>
      )}
    </Section>
  )
}

function LocalTime({ now, zone }: { now: number; zone: string }) {
  const hour = Number(formatInZone(now, { hour: '2-digit', hourCycle: 'h23' }, zone))
  return (
    <span className="local-time">
      {formatInZone(now, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }, zone)}
      <br />
      <span className="soft">
        {zoneName(zone)}
        {hour >= 22 || hour < 7 ? ', night' : ''}
      </span>
    </span>
  )
}

interface Neighbour {
  readonly service: string
  readonly title: string
  readonly note: string
}

export function Dependencies({ service }: { service: Service }) {
  const radius = useQuery({
    queryKey: ['services', 'blast-radius', service.name],
    queryFn: ({ signal }) => catalog.blastRadius(service.name, signal),
  }).data
  const hurt = radius?.items ?? service.dependants
  const depths = [...new Set(hurt.map((each) => each.distance))].sort((a, b) => a - b)
  const important = hurt.filter((each) => each.tier === 0).length
  const columns: readonly { title: string; items: readonly Neighbour[] }[] = [
    {
      title: 'Depends on',
      items: service.dependsOn.map((each) => ({ service: each.service, title: each.service, note: each.strength })),
    },
    {
      title: 'This service',
      items: [{ service: service.name, title: service.displayName, note: `tier ${service.tier}` }],
    },
    ...depths.map((distance) => ({
      title: distance === 1 ? 'Hurts first' : distance === 2 ? 'Then' : `At ${distance} steps`,
      items: hurt
        .filter((each) => each.distance === distance)
        .map((each) => ({
          service: each.service,
          title: each.displayName,
          note: `tier ${each.tier}${each.softened ? ', softened' : ''}${each.via !== '' && each.distance > 1 ? `, by ${each.via}` : ''}`,
        })),
    })),
  ]
  return (
    <Section
      title="Dependencies and blast radius"
      aside={
        hurt.length === 0
          ? 'Nobody depends on it'
          : `If it fails: ${plural(hurt.length, 'service')}${important > 0 ? `, ${important} of tier 0` : ''}`
      }
    >
      <div className="radius">
        {columns.map((column) => (
          <div key={column.title} className={column.title === 'This service' ? 'radius-column self' : 'radius-column'}>
            <h3>{column.title}</h3>
            <ul>
              {column.items.map((each) => (
                <li key={each.service}>
                  {each.service === service.name ? (
                    <strong>{each.title}</strong>
                  ) : (
                    <Link href={`/services/${each.service}`}>{each.title}</Link>
                  )}
                  <span className="soft">{each.note}</span>
                </li>
              ))}
              {column.items.length === 0 && <li className="soft">Nothing declared</li>}
            </ul>
          </div>
        ))}
      </div>
    </Section>
  )
}

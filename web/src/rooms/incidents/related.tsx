// What stands beside it: services that may have caused it, changes before it, incidents like it, who is reached, what it is joined with.

import { Button, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import { mergedHurt, peopleInWords } from '../../../../server/src/modules/incidents/core/index.ts'
import { SkeletonRows } from '../../parts/empty.tsx'
import { SelectField } from '../../parts/field.tsx'
import { Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { Time } from '../../parts/time.tsx'
import { type IncidentDetail, incidents } from '../../shell/api.ts'
import { queries } from '../../shell/queries.ts'
import { incidentRoom, type Related } from '../../shell/response-api.ts'
import { useMay } from '../../shell/session.tsx'
import { incidentName, isOpenIncident } from '../../shell/words.ts'
import { Regroupings } from './regroupings.tsx'
import { RepeatsOf } from './repeats-of.tsx'
import { Contacts } from './vendor-case.tsx'

const relationWords = {
  parent: 'Part of',
  child: 'Has the part',
  related: 'Linked with',
  'merged-into': 'Merged into',
  'merged-from': 'Took in',
} as const

export function RelatedTo({ incident }: { incident: IncidentDetail }) {
  const may = useMay('responder')
  const query = useQuery({
    queryKey: ['incidents', 'related', incident.id],
    queryFn: ({ signal }) => incidentRoom.related(incident.id, signal),
  })
  const { data } = query
  return (
    <>
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {query.isPending && <SkeletonRows rows={6} />}
      {data !== undefined && (
        <>
          <Section title="Where to look first">
            <ol className="rows causes">
              {data.causes.map((cause, index) => (
                <li key={cause.service}>
                  <span className="soft">{index + 1}</span>
                  <Link href={`/services/${cause.service}?range=6h`}>{cause.service}</Link>
                  <Evidence because={cause.because} />
                </li>
              ))}
            </ol>
            {data.causes.length === 0 && (
              <p className="soft">No signal speaks for one service more than for another yet.</p>
            )}
            <p className="soft">{lookedWords(data.looked)}</p>
          </Section>
          <Section title="Changes to look at first">
            <ol className="rows">
              {data.changes.map((change) => (
                <li key={change.id}>
                  <div className="grow">
                    <p>{change.link === null ? change.summary : <a href={change.link}>{change.summary}</a>}</p>
                    <p className="soft">{change.because.join(' ')}</p>
                  </div>
                  <span className="soft">
                    <Time at={change.at} />
                  </span>
                </li>
              ))}
            </ol>
            {data.changes.length === 0 && (
              <p className="soft">No change of its services, or of what they call, in the day before.</p>
            )}
          </Section>
          <RepeatsOf incident={incident} />
          <Section title="Incidents like it">
            <ul className="rows">
              {data.similar.map((each) => (
                <li key={each.id}>
                  <div className="grow">
                    <Link href={`/incidents/${each.id}`}>
                      {incidentName(each)} {each.title}
                    </Link>
                    <p className="soft">{each.because.join(' ')}</p>
                  </div>
                  <span className="soft">
                    <Time at={each.startedAt} />
                  </span>
                </li>
              ))}
            </ul>
            {data.similar.length === 0 && <p className="soft">None so far.</p>}
          </Section>
          <Section title="Who is reached">
            {data.journeys.length > 0 && <p>Journeys: {data.journeys.join(', ')}</p>}
            <ul className="rows">
              {data.reach.map((each) => (
                <li key={each.service}>
                  <Link href={`/services/${each.service}`} className="grow">
                    {each.displayName}
                  </Link>
                  <span className="soft">
                    tier {each.tier}, {each.distance === 1 ? 'calls' : `${each.distance} calls above`} {each.of}
                  </span>
                </li>
              ))}
            </ul>
            {data.reach.length === 0 && <p className="soft">Nobody declared that they call what is hurt.</p>}
          </Section>
          {data.vendors.length > 0 && (
            <Section title="Whom to ask outside">
              <ul className="rows">
                {data.vendors.map((each) => (
                  <li key={each.service}>
                    <Link href={`/services/${each.service}`}>{each.displayName}</Link>
                    <span className="grow soft contacts">
                      {each.contacts.length === 0 ? (
                        'The catalog knows no contact.'
                      ) : (
                        <Contacts contacts={each.contacts} />
                      )}
                    </span>
                  </li>
                ))}
              </ul>
            </Section>
          )}
          <Section title="Joined with">
            <ul className="rows">
              {data.relations.map((each) => (
                <li key={`${each.relation} ${each.id}`}>
                  <span className="soft">{relationWords[each.relation]}</span>
                  <Link href={`/incidents/${each.id}`} className="grow">
                    {incidentName(each)} {each.title}
                  </Link>
                </li>
              ))}
            </ul>
            {may && <Join incident={incident} />}
          </Section>
          <Regroupings incident={incident} />
        </>
      )}
    </>
  )
}

/** The strongest word in the row; the others under it, for whoever asks. */
function Evidence({ because }: { because: readonly string[] }) {
  const [first, ...more] = because
  return (
    <div className="cause-why">
      <p>{first}</p>
      {more.length > 0 && (
        <details>
          <summary className="soft">{more.length === 1 ? 'and one more' : `and ${more.length} more`}</summary>
          <ul>
            {more.map((each) => (
              <li key={each}>{each}</li>
            ))}
          </ul>
        </details>
      )}
    </div>
  )
}

function lookedWords(looked: Related['looked']): string {
  if (looked === null) return 'Nothing is measured of these services: alerts and changes alone say so.'
  const { series, services, deviating } = looked
  const of = `${series} series of ${services === 1 ? 'one service' : `${services} services`}, against the day before`
  if (deviating === 0) return `Looked at ${of}: none left its usual.`
  return `Looked at ${of}: ${deviating === 1 ? 'one service' : `${deviating} services`} left the usual.`
}

function Join({ incident }: { incident: IncidentDetail }) {
  const [other, setOther] = useState('')
  const [how, setHow] = useState<'related' | 'child-of' | 'merge'>('related')
  const [reason, setReason] = useState('')
  const [people, setPeople] = useState('')
  const said = /^\d{1,11}$/.test(people.trim()) ? Number(people) : null
  const open = useQuery({
    queryKey: ['incidents', 'palette'],
    queryFn: ({ signal }) => incidents.list({ limit: 100 }, signal),
  }).data
  const join = useMutation({
    mutationFn: (): Promise<unknown> =>
      how === 'merge'
        ? incidentRoom.merge(incident.id, other, reason.trim(), said)
        : incidentRoom.relate(incident.id, other, how, reason.trim()),
    onSuccess: () => {
      setOther('')
      setReason('')
      return queries.invalidateQueries({ queryKey: ['incidents'] })
    },
  })
  const others = open?.items.filter((each) => each.id !== incident.id && (how !== 'merge' || isOpenIncident(each)))
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        join.mutate()
      }}
    >
      <SelectField
        title="This incident"
        value={how}
        onChange={(event) => {
          const { value } = event.currentTarget
          setHow(value === 'merge' || value === 'child-of' ? value : 'related')
        }}
      >
        <option value="related">is linked with</option>
        <option value="child-of">is a part of</option>
        {isOpenIncident(incident) && <option value="merge">is the same as (all of it moves there, it ends)</option>}
      </SelectField>
      <SelectField title="Incident" value={other} onChange={(event) => setOther(event.currentTarget.value)}>
        <option value="">Choose</option>
        {others?.map((each) => (
          <option key={each.id} value={each.id}>
            {incidentName(each)} {each.title}
          </option>
        ))}
      </SelectField>
      {how === 'merge' && other !== '' && (
        <MergedFacts own={incident} into={other} people={people} said={said} onPeople={setPeople} />
      )}
      <TextInput
        label="Why"
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        maxLength={500}
      />
      <ProblemNote error={join.error} />
      <Button type="submit" variant="default" loading={join.isPending} disabled={other === '' || reason.trim() === ''}>
        Join them
      </Button>
    </form>
  )
}

/** What would be known of the one that stays: shown before, so that whoever merges may say otherwise. */
function MergedFacts({
  own,
  into,
  people,
  said,
  onPeople,
}: {
  own: IncidentDetail
  into: string
  people: string
  said: number | null
  onPeople: (text: string) => void
}) {
  const other = useQuery({
    queryKey: ['incidents', 'one', into],
    queryFn: ({ signal }) => incidents.read(into, signal),
  })
  if (other.data === undefined) return <ProblemNote error={other.error} retry={() => void other.refetch()} />
  const hurtOf = ({ impact, impactStatement }: IncidentDetail) => ({ ...impact, statement: impactStatement })
  const merged = mergedHurt(hurtOf(other.data), hurtOf(own), said)
  const facts = [
    ...(merged.people === null ? [] : [peopleInWords(merged.people)]),
    ...(merged.regions.length === 0 ? [] : [`in ${merged.regions.join(', ')}`]),
    ...(merged.customers.length === 0 ? [] : [`customers ${merged.customers.join(', ')}`]),
  ]
  return (
    <>
      <p className="soft">
        Alerts, tasks, decisions, vendor cases and pinned graphs move to {incidentName(other.data)}
        {facts.length === 0 ? '.' : `, which then says: ${facts.join('; ')}.`} {merged.because.join(' ')}
      </p>
      {(own.impact.people !== null || other.data.impact.people !== null) && (
        <TextInput
          label="How many people in all, if you know better"
          inputMode="numeric"
          pattern="[0-9]{1,11}"
          title="Digits alone: 12000"
          value={people}
          onChange={(event) => onPeople(event.currentTarget.value)}
        />
      )}
    </>
  )
}

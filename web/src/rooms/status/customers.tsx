// The customers of a page: what each sees, and the secret link by which its people see it.
import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { CopyLine } from '../../parts/copy-line.tsx'
import { SkeletonRows } from '../../parts/empty.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { RemoveButton } from '../../parts/remove-button.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import { type StatusCustomerView, type StatusPageView, status } from '../../shell/api.ts'
import { PersonName } from '../../shell/person-name.tsx'
import { queries } from '../../shell/queries.ts'
import { useMay } from '../../shell/session.tsx'
import { useCustomers } from '../../shell/status-customers.ts'
import { impactTones } from './status-words.ts'

export function Customers({ page }: { page: StatusPageView }) {
  const query = useCustomers(page.name)
  return (
    <>
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {query.isPending && <SkeletonRows rows={2} height={48} />}
      {query.data?.items.length === 0 && (
        <p className="soft">
          None. Declare a StatusCustomer with its components, and its people see those by a secret link.
        </p>
      )}
      <ul className="rows">
        {query.data?.items.map((each) => (
          <Customer key={each.name} customer={each} />
        ))}
      </ul>
    </>
  )
}

const refresh = () => queries.invalidateQueries({ queryKey: ['status'] })

function Customer({ customer }: { customer: StatusCustomerView }) {
  const may = useMay('editor')
  const { name, title, link, components, subscribers } = customer
  // The link they have is not ended by one press.
  const [asking, setAsking] = useState<'new' | 'none' | null>(null)
  const make = useMutation({
    mutationFn: () => status.linkCustomer(name),
    onSuccess: () => {
      setAsking(null)
      return refresh()
    },
  })
  const revoke = useMutation({
    mutationFn: () => status.revokeCustomer(name),
    onSuccess: () => {
      make.reset()
      setAsking(null)
      return refresh()
    },
  })
  return (
    <li className="status-customer">
      <span className="grow">
        <strong>{title}</strong>{' '}
        <span className="soft">
          {components.map((each) => (each.own ? `${each.title} (its own)` : each.title)).join(', ')}
          {subscribers.confirmed > 0 && `; ${subscribers.confirmed} subscribed`}
        </span>
        <br />
        <span className="soft">
          {link === null ? (
            'No link: nobody gets in'
          ) : (
            <>
              Link made <Time at={link.madeAt} />, <PersonName name={link.madeBy} />
            </>
          )}
        </span>
        <ProblemNote error={make.error ?? revoke.error} />
      </span>
      <StateMark tone={impactTones[customer.state]} word={customer.sentence} />
      {may && asking === null && (
        <>
          <Button
            size="compact-sm"
            variant="default"
            loading={make.isPending}
            onClick={() => (link === null ? make.mutate() : setAsking('new'))}
            aria-label={`${link === null ? 'Make the link' : 'Make a new link'} of ${title}`}
          >
            {link === null ? 'Make the link' : 'Make a new link'}
          </Button>
          {link !== null && (
            <RemoveButton
              word="Take the link away"
              of={`from ${title}`}
              loading={revoke.isPending}
              onClick={() => setAsking('none')}
            />
          )}
        </>
      )}
      {asking !== null && (
        <div className="status-link">
          <p>The address they have leads nowhere from then on. Who subscribed goes on hearing.</p>
          <div className="form-row">
            <Button
              size="compact-sm"
              loading={make.isPending || revoke.isPending}
              onClick={() => (asking === 'new' ? make.mutate() : revoke.mutate())}
            >
              {asking === 'new' ? 'Make a new link' : 'Take the link away'}
            </Button>
            <Button size="compact-sm" variant="default" onClick={() => setAsking(null)}>
              Cancel
            </Button>
          </div>
        </div>
      )}
      {make.data !== undefined && asking === null && (
        <div className="status-link">
          <p>Whoever has this address reads the view. It is shown only now.</p>
          <CopyLine text={make.data.url} label="Copy the address" />
        </div>
      )}
    </li>
  )
}

// The demo shop: break a real service and watch the page arrive, without leaving the console.
import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import { Empty } from '../../parts/empty.tsx'
import { PageHead, Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import { type Demo, demo } from '../../shell/api.ts'
import { useDemo } from '../../shell/frame.tsx'
import { queries } from '../../shell/queries.ts'
import './demo.css'

const refresh = () => queries.invalidateQueries({ queryKey: ['demo'] })

export default function DemoPage() {
  const query = useDemo()
  const repair = useMutation({ mutationFn: () => demo.repair(), onSuccess: refresh })
  if (query.data === undefined) {
    return (
      <>
        <PageHead title="Demo shop" />
        <Empty title="The demo is not running here." command="npm run demo">
          It starts a small shop of real services that can be broken on purpose.
        </Empty>
      </>
    )
  }
  const broken = query.data.services.some((each) => isBroken(each.state))
  return (
    <>
      <PageHead
        title="Demo shop"
        sentence="Break a service and wait: within a minute or two its objective burns, an alert opens, and a page lands in the mailbox below."
        actions={
          broken ? (
            <Button loading={repair.isPending} onClick={() => repair.mutate()}>
              Repair everything
            </Button>
          ) : undefined
        }
      />
      <ProblemNote error={repair.error} />
      <Section title="Services">
        <ul className="rows">
          {query.data.services.map((service) => (
            <DemoService key={service.name} service={service} />
          ))}
        </ul>
      </Section>
      <Section title="Mailbox" aside="Mails stay on this machine">
        {query.data.mails.length === 0 && (
          <Empty title="No mail yet.">Break something above; the page arrives here.</Empty>
        )}
        <ul className="rows">
          {query.data.mails.map((mail) => (
            <Mail key={mail.id} mail={mail} />
          ))}
        </ul>
      </Section>
    </>
  )
}

const isBroken = (state: string): boolean => !/^(ok|healthy|running|up)$/.test(state)

function DemoService({ service }: { service: Demo['services'][number] }) {
  const act = useMutation({
    mutationFn: (mode: string | null) => (mode === null ? demo.repair(service.name) : demo.break(service.name, mode)),
    onSuccess: refresh,
  })
  const broken = isBroken(service.state)
  return (
    <li>
      <StateMark tone={broken ? 'critical' : 'ok'} word={broken ? service.state : 'Healthy'} />
      <span className="grow">
        <Link href={`/services/${service.name}`}>{service.name}</Link>
      </span>
      {broken ? (
        <Button size="compact-md" loading={act.isPending} onClick={() => act.mutate(null)}>
          Repair
        </Button>
      ) : (
        service.modes.map((mode) => (
          <Button
            key={mode}
            size="compact-md"
            variant="default"
            loading={act.isPending && act.variables === mode}
            onClick={() => act.mutate(mode)}
            aria-label={`Break ${service.name}: ${mode}`}
          >
            {mode}
          </Button>
        ))
      )}
      <ProblemNote error={act.error} />
    </li>
  )
}

function Mail({ mail }: { mail: Demo['mails'][number] }) {
  const [open, setOpen] = useState(false)
  return (
    <li className="mail">
      <button type="button" className="mail-subject grow" aria-expanded={open} onClick={() => setOpen(!open)}>
        <strong>{mail.subject}</strong>
        <span className="soft">to {mail.to}</span>
      </button>
      <span className="soft">
        <Time at={mail.at} />
      </span>
      {mail.ackUrl !== null && (
        <Button component="a" size="compact-md" variant="default" href={mail.ackUrl} target="_blank" rel="noreferrer">
          Acknowledge link
        </Button>
      )}
      {open && <pre className="code-block mail-text">{mail.text}</pre>}
    </li>
  )
}

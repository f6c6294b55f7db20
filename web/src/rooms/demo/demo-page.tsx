// The demo shop: break a real service and watch the page arrive, without leaving the console.
import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import { Empty, SkeletonRows } from '../../parts/empty.tsx'
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
        <ProblemNote error={query.error} retry={() => void query.refetch()} />
        {query.running || !query.isKnown ? (
          query.error === null && <SkeletonRows rows={6} />
        ) : (
          <Empty title="The demo is not running here." command="npm start">
            It starts a small shop of real services that can be broken on purpose.
          </Empty>
        )}
      </>
    )
  }
  const demoData = query.data
  const broken = demoData.services.some((each) => each.mode !== null)
  return (
    <>
      <PageHead
        title="Demo shop"
        sentence="Break a service and wait: within a minute or two its objective burns, an alert opens, and a page lands in the mailbox below."
        facts={
          <>
            <a href={demoData.shopUrl} target="_blank" rel="noreferrer">
              Open the shop
            </a>
            {demoData.error !== null && <StateMark tone="warning" word={demoData.error} />}
          </>
        }
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
          {demoData.services.map((service) => (
            <DemoService key={service.name} service={service} modes={demoData.modes} />
          ))}
        </ul>
      </Section>
      <Section title="Mailbox" aside="Mails stay on this machine">
        {demoData.mails.length === 0 && (
          <Empty title="No mail yet.">Break something above; the page arrives here.</Empty>
        )}
        <ul className="rows">
          {demoData.mails.map((mail) => (
            <Mail key={mail.id} mail={mail} />
          ))}
        </ul>
      </Section>
      {demoData.webhooks.length > 0 && (
        <Section title="Webhooks received" aside={demoData.webhookUrl}>
          <ul className="rows">
            {demoData.webhooks.map((hook) => (
              <li key={hook.id}>
                <StateMark
                  tone={hook.verified ? 'ok' : 'warning'}
                  word={hook.verified ? 'Signature holds' : 'Not signed'}
                />
                <span className="grow mono">{hook.type}</span>
                <span className="soft">
                  <Time at={hook.at} />
                </span>
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  )
}

function DemoService({ service, modes }: { service: Demo['services'][number]; modes: Demo['modes'] }) {
  const act = useMutation({
    mutationFn: (mode: string | null) => (mode === null ? demo.repair(service.name) : demo.break(service.name, mode)),
    onSuccess: refresh,
  })
  const broken = service.mode !== null
  return (
    <li>
      <StateMark
        tone={broken ? 'critical' : 'ok'}
        word={broken ? brokenWord(service.mode ?? service.state) : 'Healthy'}
      />
      <span className="grow">
        <Link href={`/services/${service.name}`}>{service.name}</Link>{' '}
        {service.version !== null && <code className="soft">{service.version}</code>}
      </span>
      {broken ? (
        <Button size="compact-md" loading={act.isPending} onClick={() => act.mutate(null)}>
          Repair
        </Button>
      ) : (
        modes.map(({ mode, meaning }) => (
          <Button
            key={mode}
            title={meaning}
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

function brokenWord(mode: string): string {
  return `${mode.charAt(0).toUpperCase()}${mode.slice(1).replaceAll('-', ' ')}`
}

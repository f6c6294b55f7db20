// My contacts and rules: enrol this browser, add an address, prove that it reaches me.
import { Button, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { deviceName } from '../../parts/device-name.ts'
import { Empty, SkeletonRows } from '../../parts/empty.tsx'
import { Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { RemoveButton } from '../../parts/remove-button.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { type Contact, notifications } from '../../shell/api.ts'
import { queries } from '../../shell/queries.ts'
import { AddContact } from './add-contact.tsx'
import { kindNames } from './contact-words.ts'
import { PagingRules } from './paging-rules.tsx'
import { pushSupport, subscribe } from './web-push.ts'

const refresh = () => queries.invalidateQueries({ queryKey: ['contacts'] })

export function HowIAmPaged() {
  const contacts = useQuery({ queryKey: ['contacts'], queryFn: ({ signal }) => notifications.contacts(signal) })
  const rules = useQuery({ queryKey: ['contacts', 'rules'], queryFn: ({ signal }) => notifications.rules(signal) })
  const items = contacts.data?.items ?? []
  const reachable = items.some((each) => each.verified)
  return (
    <>
      {contacts.data !== undefined && !reachable && (
        <p className="schedule-sentence">
          <StateMark tone="critical" word="No page can reach you yet" strong />
        </p>
      )}
      <div className="columns">
        <Section title="My contacts">
          <ProblemNote error={contacts.error} retry={() => void contacts.refetch()} />
          {contacts.isPending && <SkeletonRows rows={2} height={56} />}
          {contacts.data !== undefined && items.length === 0 && (
            <Empty title="Nothing is enrolled yet.">Start with this browser; it takes one click.</Empty>
          )}
          <ul className="rows">
            {items.map((contact) => (
              <ContactRow key={contact.id} contact={contact} />
            ))}
          </ul>
          <EnrolBrowser />
          <AddContact />
        </Section>
        <Section title="My rules">
          {rules.data?.findings.map((finding) => (
            <p key={`${finding.code} ${finding.sentence}`} className="schedule-sentence">
              <StateMark tone="warning" word={finding.sentence} />
            </p>
          ))}
          <ProblemNote error={rules.error} retry={() => void rules.refetch()} />
          {rules.isPending && <SkeletonRows rows={3} />}
          {rules.data !== undefined && contacts.data !== undefined && (
            <PagingRules contacts={items} rules={rules.data.rules} key={JSON.stringify(rules.data.rules)} />
          )}
        </Section>
      </div>
    </>
  )
}

function ContactRow({ contact }: { contact: Contact }) {
  const [code, setCode] = useState('')
  const test = useMutation({ mutationFn: () => notifications.testContact(contact.id) })
  const remove = useMutation({ mutationFn: () => notifications.deleteContact(contact.id), onSuccess: refresh })
  const verify = useMutation({
    mutationFn: () => notifications.verifyContact(contact.id, code.trim() === '' ? null : code.trim()),
    onSuccess: refresh,
  })
  return (
    <li>
      <span className="grow">
        <strong>{contact.label}</strong>
        <br />
        <span className="soft">
          {kindNames[contact.kind]}
          {contact.source === 'catalog' && ', declared in the catalog'}
        </span>
      </span>
      {contact.disabledBecause !== null ? (
        <StateMark tone="critical" word={contact.disabledBecause} />
      ) : contact.verified ? (
        <StateMark tone="ok" word={test.isSuccess ? 'Test sent' : 'Verified'} />
      ) : (
        <StateMark tone="warning" word="Not verified" />
      )}
      <Button size="compact-sm" variant="default" loading={test.isPending} onClick={() => test.mutate()}>
        Test now
      </Button>
      {contact.source !== 'catalog' && (
        <RemoveButton word="Remove" of={contact.label} loading={remove.isPending} onClick={() => remove.mutate()} />
      )}
      {!contact.verified && contact.kind !== 'webpush' && (
        <form
          className="form-row verify"
          onSubmit={(event) => {
            event.preventDefault()
            verify.mutate()
          }}
        >
          <TextInput
            label="Code that was sent to it"
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
            autoComplete="one-time-code"
            inputMode="numeric"
          />
          <Button type="submit" variant="default" loading={verify.isPending}>
            {code.trim() === '' ? 'Send a new code' : 'Verify'}
          </Button>
        </form>
      )}
      <ProblemNote error={test.error ?? remove.error ?? verify.error} />
    </li>
  )
}

function EnrolBrowser() {
  const support = pushSupport()
  const enrol = useMutation({
    mutationFn: async () => {
      const { publicKey } = await notifications.webPushKey()
      const subscription = await subscribe(publicKey)
      return notifications.createContact({ kind: 'webpush', label: deviceName(navigator.userAgent), subscription })
    },
    onSuccess: refresh,
  })
  if (support === 'insecure') return <p className="soft enrol">Pages in the browser need https (or localhost).</p>
  if (support === 'missing') {
    return (
      <p className="soft enrol">
        This browser has no web push. On an iPhone, add Mainstay to the home screen first and open it there.
      </p>
    )
  }
  return (
    <div className="enrol">
      <Button loading={enrol.isPending} onClick={() => enrol.mutate()} disabled={support === 'denied'}>
        Page me in this browser
      </Button>
      {support === 'denied' && (
        <p className="soft">Notifications are blocked for this site; allow them in the browser’s settings.</p>
      )}
      <ProblemNote error={enrol.error} retry={() => enrol.mutate()} />
    </div>
  )
}

// What people work with: hypotheses with evidence, mitigations that prove themselves, decisions, tasks, cases at vendors,
// pinned graphs.
import { Button, Textarea } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { AskForm } from '../../parts/ask-form.tsx'
import { Choice } from '../../parts/choice.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { SkeletonRows } from '../../parts/empty.tsx'
import { SelectField } from '../../parts/field.tsx'
import { Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { Sparkline } from '../../parts/sparkline.tsx'
import { StateMark, type Tone } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import { type IncidentDetail, objectives } from '../../shell/api.ts'
import { PersonName } from '../../shell/person-name.tsx'
import { queries } from '../../shell/queries.ts'
import {
  type GraphPin,
  type IncidentItem,
  type ItemChange,
  type ItemKind,
  type ItemState,
  incidentRoom,
  type NewItem,
} from '../../shell/response-api.ts'
import { useMay } from '../../shell/session.tsx'
import { type CaseDraft, CaseFields, CaseOf, noCase, vendorOf } from './vendor-case.tsx'
import type { Wish } from './wish.ts'

/** Objectives are offered of so many services: of a thousand nobody finds one in a list. */
const mostServices = 20
const kinds: readonly {
  readonly value: ItemKind
  readonly one: string
  readonly title: string
  readonly ask: string
}[] = [
  { value: 'hypothesis', one: 'Hypothesis', title: 'Hypotheses', ask: 'What may be the cause' },
  { value: 'mitigation', one: 'Mitigation', title: 'Mitigations', ask: 'What you do against it, now' },
  { value: 'decision', one: 'Decision', title: 'Decisions', ask: 'What was decided' },
  { value: 'task', one: 'Task', title: 'Tasks', ask: 'What somebody is to do' },
  { value: 'vendor-case', one: 'Vendor case', title: 'Cases at vendors', ask: 'What you ask the vendor for' },
]
const tones: Readonly<Record<ItemState, Tone>> = {
  open: 'info',
  started: 'info',
  recorded: 'info',
  asked: 'info',
  answered: 'warning',
  done: 'ok',
  verified: 'ok',
  confirmed: 'critical',
  refuted: 'silenced',
  dropped: 'silenced',
  withdrawn: 'silenced',
  ineffective: 'warning',
}
const moves: Readonly<Record<ItemState, string>> = {
  open: 'Open again',
  started: 'Begin again',
  recorded: 'Record',
  asked: 'Ask again',
  answered: 'They answered',
  done: 'Done',
  verified: 'It works',
  confirmed: 'Confirm',
  refuted: 'Refute',
  dropped: 'Drop',
  withdrawn: 'Take back',
  ineffective: 'No effect',
}
/** These say themselves; every other change is asked for its reason. */
const plain: readonly ItemState[] = ['done', 'verified', 'started']

type Ask =
  | { readonly kind: 'move'; readonly item: IncidentItem; readonly to: ItemState }
  | { readonly kind: 'number'; readonly item: IncidentItem }
  | { readonly kind: 'evidence'; readonly item: IncidentItem; readonly side: 'for' | 'against' }

export function WorkBoard({ incident, wish }: { incident: IncidentDetail; wish: Wish }) {
  const may = useMay('responder')
  const [ask, setAsk] = useState<Ask | null>(null)
  const query = useQuery({
    queryKey: ['incidents', 'work', incident.id],
    queryFn: ({ signal }) => incidentRoom.work(incident.id, signal),
  })
  const run = useMutation({
    mutationFn: (work: () => Promise<unknown>) => work(),
    onSuccess: () => {
      setAsk(null)
      return queries.invalidateQueries({ queryKey: ['incidents'] })
    },
  })
  const move = (item: IncidentItem, to: ItemState) => {
    run.reset()
    if (plain.includes(to)) run.mutate(() => incidentRoom.changeItem(incident.id, item.id, { state: to }))
    else setAsk({ kind: 'move', item, to })
  }
  const items = query.data?.items ?? []
  return (
    <Section title="Work">
      {may && <AddItem incident={incident} wish={wish} busy={run.isPending} onAdd={(work) => run.mutate(work)} />}
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {ask === null && <ProblemNote error={run.error} />}
      {query.isPending && <SkeletonRows rows={4} />}
      {kinds.map((kind) => {
        const own = items.filter((each) => each.kind === kind.value)
        return own.length === 0 ? null : (
          <div key={kind.value}>
            <h3 className="day">{kind.title}</h3>
            <ul className="rows">
              {own.map((item) => (
                <ItemRow
                  key={item.id}
                  item={item}
                  may={may}
                  busy={run.isPending}
                  onMove={move}
                  onEvidence={(side) => setAsk({ kind: 'evidence', item, side })}
                  onNumber={() => setAsk({ kind: 'number', item })}
                />
              ))}
            </ul>
          </div>
        )
      })}
      {query.data !== undefined && items.length === 0 && (
        <p className="soft">Nothing yet. Write down the first suspicion, or what you are about to try.</p>
      )}
      {query.data?.pins.map((pin) => (
        <Pin key={pin.id} pin={pin} />
      ))}
      {ask !== null && (
        <Dialog title={questionOf(ask).title} onClose={() => setAsk(null)}>
          <p>{ask.item.text}</p>
          <AskForm
            label={questionOf(ask).label}
            action={ask.kind === 'move' ? moves[ask.to] : ask.kind === 'number' ? 'Keep' : 'Add'}
            busy={run.isPending}
            needed
            onSubmit={(text) =>
              run.mutate(() => incidentRoom.changeItem(incident.id, ask.item.id, changeBy(ask, text)))
            }
          />
          <ProblemNote error={run.error} />
        </Dialog>
      )}
    </Section>
  )
}

function questionOf(ask: Ask): { readonly title: string; readonly label: string } {
  if (ask.kind === 'number') return { title: 'Case number', label: 'The number the vendor gave it' }
  if (ask.kind === 'evidence')
    return { title: ask.side === 'for' ? 'What speaks for it' : 'What speaks against it', label: 'What was seen' }
  return { title: moves[ask.to], label: ask.to === 'answered' ? 'What they said' : 'Why' }
}

function changeBy(ask: Ask, text: string): ItemChange {
  if (ask.kind === 'number') return { caseNumber: text }
  return ask.kind === 'move' ? { state: ask.to, reason: text } : { evidence: { side: ask.side, text } }
}

function ItemRow({
  item,
  may,
  busy,
  onMove,
  onEvidence,
  onNumber,
}: {
  item: IncidentItem
  may: boolean
  busy: boolean
  onMove: (item: IncidentItem, to: ItemState) => void
  onEvidence: (side: 'for' | 'against') => void
  onNumber: () => void
}) {
  return (
    <li>
      <StateMark tone={tones[item.state]} word={item.state} />
      <div className="grow">
        <p>
          <strong>{item.text}</strong>
        </p>
        <CaseOf item={item} />
        {item.verification !== null && item.state === 'started' && (
          <p className="soft">
            {item.verification.because} Watched on {item.verification.objective}, until{' '}
            <Time at={item.verification.giveUpAt} show="clock" />.
          </p>
        )}
        {item.reason !== null && <p className="soft">{item.reason}</p>}
        {item.evidence.map((each) => (
          <p key={`${each.at} ${each.text}`} className="soft">
            {each.side === 'for' ? '+' : '−'} {each.text} (<PersonName name={each.by} />)
          </p>
        ))}
        <p className="soft timeline-foot">
          <PersonName name={item.owner ?? item.createdBy} /> <Time at={item.createdAt} show="clock" />
        </p>
      </div>
      {may && (
        <span className="item-actions">
          {item.kind === 'hypothesis' && item.state === 'open' && (
            <>
              <button type="button" className="link-button" onClick={() => onEvidence('for')}>
                For
              </button>
              <button type="button" className="link-button" onClick={() => onEvidence('against')}>
                Against
              </button>
            </>
          )}
          {item.vendorCase !== null && (
            <button type="button" className="link-button" onClick={onNumber}>
              Case number
            </button>
          )}
          {item.next.map((to) => (
            <button key={to} type="button" className="link-button" disabled={busy} onClick={() => onMove(item, to)}>
              {moves[to]}
              <span className="sr-only">: {item.text}</span>
            </button>
          ))}
        </span>
      )}
    </li>
  )
}

function AddItem({
  incident,
  wish,
  busy,
  onAdd,
}: {
  incident: IncidentDetail
  wish: Wish
  busy: boolean
  onAdd: (work: () => Promise<unknown>) => void
}) {
  const [kind, setKind] = useState<ItemKind>('hypothesis')
  const [text, setText] = useState('')
  const [reason, setReason] = useState('')
  const [objective, setObjective] = useState('')
  const [vendor, setVendor] = useState(noCase)
  const field = useRef<HTMLTextAreaElement>(null)
  const measured = useQuery({
    queryKey: ['objectives', 'of-incident', ...incident.services.slice(0, mostServices)],
    queryFn: async ({ signal }) =>
      (
        await Promise.all(
          incident.services.slice(0, mostServices).map((service) => objectives.list({ service, limit: 50 }, signal)),
        )
      ).flatMap((page) => page.items),
    enabled: kind === 'mitigation',
  }).data
  // biome-ignore lint/correctness/useExhaustiveDependencies: the count is the reason to run
  useEffect(() => {
    if (wish.what === null || wish.what === 'update') return
    setKind(wish.what)
    field.current?.focus()
  }, [wish.times])
  const asked = kinds.find((each) => each.value === kind)?.ask ?? ''
  const ready =
    text.trim() !== '' &&
    (kind !== 'decision' || reason.trim() !== '') &&
    (kind !== 'vendor-case' || vendorOf(vendor) !== '')
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        if (!ready) return
        onAdd(async () => {
          await incidentRoom.addItem(incident.id, {
            kind,
            text: text.trim(),
            ...(kind === 'decision' ? { reason: reason.trim() } : {}),
            ...(kind === 'mitigation' && objective !== '' ? { verify: { objective } } : {}),
            ...(kind === 'vendor-case' ? { vendorCase: caseOf(vendor) } : {}),
          })
          setText('')
          setReason('')
          setVendor(noCase)
        })
      }}
    >
      <Choice
        label="What to add"
        value={kind}
        onChange={setKind}
        options={kinds.map(({ value, one }) => ({ value, title: one }))}
      />
      <Textarea
        ref={field}
        aria-label={asked}
        placeholder={asked}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        rows={2}
        maxLength={1000}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.form?.requestSubmit()
          if (event.key === 'Escape') event.currentTarget.blur()
        }}
      />
      {kind === 'decision' && text !== '' && (
        <Textarea
          label="Why"
          required
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          rows={2}
          maxLength={1000}
        />
      )}
      {kind === 'mitigation' && text !== '' && (
        <SelectField
          title="Proven when this is within its budget for 10 minutes"
          value={objective}
          onChange={(event) => setObjective(event.currentTarget.value)}
        >
          <option value="">Nobody measures it; I say when it works</option>
          {measured?.map((each) => (
            <option key={each.name} value={each.name}>
              {each.displayName}
            </option>
          ))}
        </SelectField>
      )}
      {kind === 'vendor-case' && <CaseFields incident={incident} draft={vendor} onChange={setVendor} />}
      <Button type="submit" variant="default" loading={busy} disabled={!ready}>
        Add
      </Button>
    </form>
  )
}

function caseOf(draft: CaseDraft): NonNullable<NewItem['vendorCase']> {
  const number = draft.caseNumber.trim()
  return { vendor: vendorOf(draft), ...(number === '' ? {} : { caseNumber: number }) }
}

export function Pin({ pin }: { pin: GraphPin }) {
  const values = pin.points.map(({ good, bad, measured }) => (measured && good + bad > 0 ? bad / (good + bad) : null))
  const worst = Math.max(0, ...values.map((value) => value ?? 0))
  return (
    <figure className="pin">
      <figcaption>
        <strong>{pin.title}</strong>{' '}
        <span className="soft">
          <Time at={pin.from} show="clock" /> to <Time at={pin.to} show="clock" />, as it was when{' '}
          <PersonName name={pin.pinnedBy} /> pinned it. At worst {(worst * 100).toFixed(1)} % bad.
        </span>
      </figcaption>
      <Sparkline
        values={values}
        width={320}
        height={56}
        label={`Share of bad events, at worst ${(worst * 100).toFixed(1)} %`}
      />
    </figure>
  )
}

// "Needs a human now": one ranked list, one best action each. What is healthy folds into one sentence.
import { Button } from '@mantine/core'
import { useState } from 'react'
import { Link, useLocation } from 'wouter'
import { useCommands } from '../../parts/command-hooks.ts'
import { Empty, SkeletonRows } from '../../parts/empty.tsx'
import { PageHead, Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateShape } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import type { NeedsHuman, Overview } from '../../shell/api.ts'
import { useOverview } from '../../shell/frame.tsx'
import { useMay } from '../../shell/session.tsx'
import { severityTone } from '../../shell/words.ts'
import { runBestAction, undoOf } from './best-action.ts'
import { FirstRun } from './first-run.tsx'
import './overview.css'

export default function OverviewPage() {
  const query = useOverview()
  const data = query.data
  const waiting = data?.needsHuman.length ?? 0
  return (
    <>
      <PageHead
        title={data === undefined ? 'Overview' : waiting === 0 ? 'Nothing needs a human now' : 'Needs a human now'}
        tab={waiting > 0 ? `(${waiting}) Overview` : 'Overview'}
        {...(data !== undefined && waiting === 0 ? { sentence: data.calm } : {})}
      />
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {data === undefined && query.isPending && <SkeletonRows rows={5} height={68} />}
      {data !== undefined && <Needs overview={data} />}
    </>
  )
}

function Needs({ overview }: { overview: Overview }) {
  return (
    <>
      {overview.needsHuman.length > 0 && <NeedsList items={overview.needsHuman} />}
      {overview.needsHuman.length > 0 && <p className="calm">{overview.calm}</p>}
      {overview.firstRun && <FirstRun />}
      {(!overview.firstRun || overview.recentChanges.length > 0) && (
        <Section title="What changed in the last hour">
          <Changes changes={overview.recentChanges} />
        </Section>
      )}
    </>
  )
}

function NeedsList({ items }: { items: readonly NeedsHuman[] }) {
  const [, navigate] = useLocation()
  const [at, setAt] = useState(-1)
  const [error, setError] = useState<{ readonly id: string; readonly cause: unknown } | null>(null)
  const [busy, setBusy] = useState<string | null>(null)
  const may = useMay('responder')
  const focus = (next: number) => {
    const index = Math.min(Math.max(next, 0), items.length - 1)
    setAt(index)
    const link = document.querySelectorAll('.needs-title')[index]
    if (link instanceof HTMLElement) link.focus()
  }
  const act = async (item: NeedsHuman) => {
    if (item.action === null) {
      navigate(item.href)
      return
    }
    setError(null)
    setBusy(item.id)
    try {
      const done = await runBestAction(item)
      if (!done) navigate(item.href)
      else undoOf(item)
    } catch (cause) {
      setError({ id: item.id, cause })
    } finally {
      setBusy(null)
    }
  }
  const current = items[Math.max(at, 0)]
  useCommands([
    {
      id: 'list.next',
      title: 'Next row',
      group: 'List',
      keys: 'j | arrowdown',
      keysOnly: true,
      run: () => focus(at + 1),
    },
    {
      id: 'list.previous',
      title: 'Previous row',
      group: 'List',
      keys: 'k | arrowup',
      keysOnly: true,
      run: () => focus(at - 1),
    },
    ...(current?.action === null || current === undefined || !may
      ? []
      : [
          {
            id: 'overview.act',
            title: `${current.action.label}: ${current.title}`,
            group: 'This page',
            keys: 'a',
            run: () => void act(current),
          },
        ]),
  ])
  return (
    <ol className="needs">
      {items.map((item, index) => (
        <li key={`${item.kind} ${item.id}`} data-at={index === Math.max(at, 0)}>
          <StateShape tone={severityTone(item.severity)} size={20} />
          <div className="needs-body">
            <Link href={item.href} className="needs-title" onFocus={() => setAt(index)}>
              <span className="sr-only">{severityTone(item.severity)}: </span>
              {item.title}
            </Link>
            <p>{item.sentence}</p>
            {error?.id === item.id && <ProblemNote error={error.cause} retry={() => void act(item)} />}
          </div>
          <span className="needs-since">{item.since !== null && <Time at={item.since} />}</span>
          {item.action !== null && may && (
            <Button
              variant={index === 0 ? 'filled' : 'default'}
              className="needs-action"
              loading={busy === item.id}
              onClick={() => void act(item)}
              rightSection={index === Math.max(at, 0) ? <kbd>a</kbd> : undefined}
            >
              {item.action.label}
            </Button>
          )}
        </li>
      ))}
    </ol>
  )
}

function Changes({ changes }: { changes: Overview['recentChanges'] }) {
  if (changes.length === 0) {
    return (
      <Empty
        title="No change was recorded in the last hour."
        command={'mainstay change record --service checkout --version 1.4.2 --summary "Deploy 1.4.2"'}
      >
        Deployments recorded from CI appear here and on every time axis.
      </Empty>
    )
  }
  return (
    <ul className="rows">
      {changes.map((change) => (
        <li key={change.id}>
          <span className="change-time">
            <Time at={change.at} />
          </span>
          <Link href={`/services/${change.service}`}>{change.service}</Link>
          <span className="grow">
            {change.summary}{' '}
            {change.version !== null && !change.summary.includes(change.version) && (
              <code className="soft">{change.version}</code>
            )}
          </span>
          <span className="soft">{change.kind}</span>
        </li>
      ))}
    </ul>
  )
}

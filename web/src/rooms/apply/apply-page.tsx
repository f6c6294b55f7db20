// Paste definitions, see exactly what would change, then make it so. The same engine as `mainstay plan` and `apply`.
import { Button, Checkbox } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useMemo, useRef, useState } from 'react'
import { useCommands } from '../../parts/command-hooks.ts'
import { PageHead, Section } from '../../parts/page-head.tsx'
import type { Fault } from '../../parts/problem.ts'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { catalog, type Plan } from '../../shell/api.ts'
import { queries } from '../../shell/queries.ts'
import { useMay } from '../../shell/session.tsx'
import { say } from '../../shell/undo.tsx'
import { PlanView } from './plan-view.tsx'
import { placeInText, planCounts } from './plan-words.ts'
import './apply.css'

// A draft survives a reload and a detour to another page; it never leaves this tab.
const draftKey = 'mainstay.apply-draft'

export default function ApplyPage() {
  const may = useMay('editor')
  const [text, setText] = useState(() => sessionStorage.getItem(draftKey) ?? '')
  const [force, setForce] = useState(false)
  const [prune, setPrune] = useState(false)
  const field = useRef<HTMLTextAreaElement>(null)
  const gutter = useRef<HTMLPreElement>(null)
  const order = () => ({
    documents: text,
    manager: 'console',
    ...(force ? { force } : {}),
    ...(prune ? { prune } : {}),
  })
  const stamp = `${text}${force}${prune}`
  const [planned, setPlanned] = useState<{ readonly stamp: string; readonly plan: Plan } | null>(null)
  const plan = useMutation({
    mutationFn: () => catalog.plan(order()),
    onSuccess: (reply) => setPlanned({ stamp, plan: reply }),
    onError: () => setPlanned(null),
  })
  const apply = useMutation({
    mutationFn: () => catalog.apply(order()),
    onSuccess: async (reply) => {
      const counts = planCounts(reply)
      say({ sentence: `Applied: ${counts.sentence}`, undo: null })
      setPlanned(null)
      plan.reset()
      await queries.invalidateQueries()
    },
  })
  const current = planned !== null && planned.stamp === stamp ? planned.plan : null
  const counts = current === null ? null : planCounts(current)
  const ready = current !== null && counts !== null && counts.changing > 0 && (counts.conflicts === 0 || force)
  const startPlan = () => {
    if (text.trim() !== '') {
      apply.reset()
      plan.mutate()
    }
  }
  useCommands([
    { id: 'apply.plan', title: 'Plan these definitions', group: 'This page', keys: 'mod+enter', run: startPlan },
    ...(ready && may
      ? [
          {
            id: 'apply.apply',
            title: 'Apply the plan',
            group: 'This page',
            keys: 'mod+shift+enter',
            run: () => apply.mutate(),
          },
        ]
      : []),
    {
      id: 'apply.edit',
      title: 'Edit the definitions',
      group: 'This page',
      keys: 'e',
      run: () => field.current?.focus(),
    },
  ])
  const lines = useMemo(() => text.split('\n').length, [text])
  const edit = (next: string) => {
    setText(next)
    sessionStorage.setItem(draftKey, next)
  }
  const goTo = (fault: Fault) => {
    const place = placeInText(text, fault.line ?? 1, fault.column ?? 1)
    field.current?.focus()
    field.current?.setSelectionRange(place.start, place.end)
    const lineHeight = 20
    if (field.current !== null) field.current.scrollTop = Math.max(0, ((fault.line ?? 1) - 4) * lineHeight)
  }
  return (
    <>
      <PageHead
        title="Apply"
        sentence="Paste YAML: services, teams, objectives, schedules, policies; several documents at once. Nothing changes before you have seen the plan."
      />
      <div className="editor">
        <div className="editor-gutter" aria-hidden="true">
          <pre className="editor-lines" ref={gutter}>
            {Array.from({ length: Math.max(lines, 14) }, (_, index) => `${index + 1}`).join('\n')}
          </pre>
        </div>
        <textarea
          ref={field}
          className="editor-text"
          aria-label="Definitions, YAML or JSON"
          value={text}
          onChange={(event) => edit(event.currentTarget.value)}
          onScroll={(event) => {
            if (gutter.current !== null) gutter.current.scrollTop = event.currentTarget.scrollTop
          }}
          rows={14}
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          wrap="off"
          placeholder={
            'apiVersion: mainstay.dev/v1\nkind: Service\nmetadata:\n  name: checkout\nspec:\n  tier: 1\n  team: shop'
          }
        />
      </div>
      <div className="toolbar apply-bar">
        <Button
          variant={current === null ? 'filled' : 'default'}
          onClick={startPlan}
          loading={plan.isPending}
          disabled={text.trim() === ''}
        >
          Plan
        </Button>
        <Checkbox
          size="sm"
          label="Take over fields another manager owns"
          checked={force}
          onChange={(event) => setForce(event.currentTarget.checked)}
        />
        <Checkbox
          size="sm"
          label="Delete what this console applied before and is missing here"
          checked={prune}
          onChange={(event) => setPrune(event.currentTarget.checked)}
        />
      </div>
      <ProblemNote error={plan.error} retry={startPlan} onFault={goTo} />
      {planned !== null && current === null && (
        <p className="soft">The text or its options changed since the plan. Plan again.</p>
      )}
      {current !== null && counts !== null && (
        <Section title="Plan" aside={counts.sentence}>
          <PlanView plan={current} />
          <ProblemNote error={apply.error} retry={() => apply.mutate()} onFault={goTo} />
          {may ? (
            <div className="apply-foot">
              <Button onClick={() => apply.mutate()} loading={apply.isPending} disabled={!ready}>
                {counts.changing === 0
                  ? 'Nothing to apply'
                  : counts.conflicts > 0 && !force
                    ? 'Conflicts must be settled first'
                    : `Apply ${counts.sentence}`}
              </Button>
            </div>
          ) : (
            <p className="soft">Applying needs the role editor; you may plan.</p>
          )}
        </Section>
      )}
    </>
  )
}

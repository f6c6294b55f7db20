// The levels of a policy, to try a change before it is applied. Nothing here is saved.
import { plural } from '../../parts/format.ts'
import type { PolicySpec } from '../../shell/api.ts'
import { usePeople, useSchedules, useTeams, useWebhooks } from '../../shell/directory.ts'
import { PersonOptions } from '../../shell/person-options.tsx'

type Level = PolicySpec['levels'][number]
type Target = Level['notify'][number]

const rounds = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]

const keyOf = (target: Target): string => {
  if (target.team !== undefined) return `team ${target.team}`
  if (target.webhook !== undefined) return `webhook ${target.webhook}`
  return target.person === undefined ? `schedule ${target.schedule}` : `person ${target.person}`
}

const targetOf = (kind: string | undefined, name: string): Target => {
  if (kind === 'team') return { team: name }
  if (kind === 'webhook') return { webhook: name }
  return kind === 'person' ? { person: name } : { schedule: name }
}

export function PolicyEditor({ spec, onChange }: { spec: PolicySpec; onChange: (spec: PolicySpec) => void }) {
  const people = usePeople()
  const schedules = useSchedules()
  const teams = useTeams()
  const webhooks = useWebhooks()
  const setLevel = (index: number, level: Level) =>
    onChange({ ...spec, levels: spec.levels.map((each, at) => (at === index ? level : each)) })
  const titleOf = (target: Target): string => {
    if (target.team !== undefined) return `${teams.get(target.team)?.title ?? target.team} (everybody in the team)`
    if (target.webhook !== undefined) return `${webhooks.get(target.webhook)?.title ?? target.webhook} (webhook)`
    return target.person === undefined
      ? `${schedules.get(target.schedule ?? '')?.title ?? target.schedule} (schedule)`
      : (people.get(target.person)?.title ?? target.person)
  }
  return (
    <div className="policy-editor">
      <ol className="rows">
        {spec.levels.map((level, index) => (
          // A level is its place in the order: it has no other name.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <li key={index}>
            <span className="policy-level">Level {index + 1}</span>
            <span className="grow policy-targets">
              {level.notify.map((target) => (
                <span key={keyOf(target)} className="tag policy-target">
                  <span className="policy-target-name">{titleOf(target)}</span>
                  {level.notify.length > 1 && (
                    <button
                      type="button"
                      className="tag-remove"
                      aria-label={`Remove ${titleOf(target)} from level ${index + 1}`}
                      onClick={() =>
                        setLevel(index, { ...level, notify: level.notify.filter((each) => each !== target) })
                      }
                    >
                      ×
                    </button>
                  )}
                </span>
              ))}
              <select
                className="plain-select"
                aria-label={`Add to level ${index + 1}`}
                value=""
                onChange={(event) => {
                  const [kind, name = ''] = event.currentTarget.value.split(' ')
                  const target = targetOf(kind, name)
                  if (!level.notify.some((each) => keyOf(each) === keyOf(target)))
                    setLevel(index, { ...level, notify: [...level.notify, target] })
                }}
              >
                <option value="">add…</option>
                {[...schedules].map(([name, known]) => (
                  <option key={name} value={`schedule ${name}`}>
                    {known.title} (schedule)
                  </option>
                ))}
                {[...teams].map(([name, known]) => (
                  <option key={name} value={`team ${name}`}>
                    {known.title} (everybody in the team)
                  </option>
                ))}
                <PersonOptions prefix="person " />
                {[...webhooks].map(([name, known]) => (
                  <option key={name} value={`webhook ${name}`}>
                    {known.title} (webhook)
                  </option>
                ))}
              </select>
              {level.notify.every((target) => target.webhook !== undefined) && (
                <span className="soft policy-note">Pages nobody: a webhook is no person.</span>
              )}
            </span>
            <label className="inline-field">
              <span className="soft">waits</span>
              <select
                className="plain-select"
                value={level.waitFor ?? '5m'}
                onChange={(event) => setLevel(index, { ...level, waitFor: event.currentTarget.value })}
              >
                {[...new Set([level.waitFor ?? '5m', '1m', '2m', '5m', '10m', '15m', '30m', '1h'])].map((each) => (
                  <option key={each} value={each}>
                    {each}
                  </option>
                ))}
              </select>
            </label>
            {spec.levels.length > 1 && (
              <button
                type="button"
                className="link-button soft"
                onClick={() => onChange({ ...spec, levels: spec.levels.filter((_, at) => at !== index) })}
              >
                Remove
              </button>
            )}
          </li>
        ))}
      </ol>
      <div className="form-row">
        <button
          type="button"
          className="link-button"
          onClick={() =>
            onChange({ ...spec, levels: [...spec.levels, { notify: [{ person: spec.fallbackOwner }], waitFor: '5m' }] })
          }
        >
          Add a level
        </button>
        <label className="inline-field">
          <span className="soft">After the last level</span>
          <select
            className="plain-select"
            value={spec.repeat ?? 0}
            onChange={(event) => onChange({ ...spec, repeat: Number(event.currentTarget.value) })}
          >
            {rounds.map((count) => (
              <option key={count} value={count}>
                {count === 0 ? 'it ends' : `${plural(count, 'more round')}`}
              </option>
            ))}
          </select>
        </label>
        <label className="inline-field">
          <span className="soft">Nobody reachable:</span>
          <select
            className="plain-select"
            value={spec.fallbackOwner}
            onChange={(event) => onChange({ ...spec, fallbackOwner: event.currentTarget.value })}
          >
            <PersonOptions />
          </select>
        </label>
      </div>
    </div>
  )
}

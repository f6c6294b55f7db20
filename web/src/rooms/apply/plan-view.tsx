// The plan as a list of objects with their changed fields. Signs and words carry the meaning, colour is not needed.
import { StateMark } from '../../parts/state-mark.tsx'
import type { Plan, PlannedChange } from '../../shell/api.ts'
import { valueText } from './plan-words.ts'

const signs: Readonly<Record<PlannedChange['action'], string>> = {
  create: '+',
  update: '~',
  delete: '−',
  conflict: '!',
  unchanged: '=',
}

export function PlanView({ plan }: { plan: Plan }) {
  const weight = ['conflict', 'delete', 'update', 'create', 'unchanged']
  const changes = [...plan.changes].sort((a, b) => weight.indexOf(a.action) - weight.indexOf(b.action))
  return (
    <ul className="plan">
      {changes.map((change) => (
        <li key={`${change.kind} ${change.name}`} data-action={change.action}>
          <details open={change.action !== 'unchanged' && change.fields.length <= 12}>
            <summary>
              <span className="plan-sign" aria-hidden="true">
                {signs[change.action]}
              </span>
              <span>
                <span className="soft">{change.kind}</span> <strong>{change.name}</strong>
              </span>
              <span className="soft">{change.action}</span>
              {change.warnings.length > 0 && (
                <StateMark tone="warning" word={`${change.warnings.length} to consider`} />
              )}
            </summary>
            {change.warnings.map((warning) => (
              <p key={warning.detail} className="plan-warning">
                <StateMark tone="warning" word={warning.detail} />
              </p>
            ))}
            {change.fields.length > 0 && (
              <table className="plain-table plan-fields">
                <thead>
                  <tr>
                    <th scope="col">Field</th>
                    <th scope="col">Is</th>
                    <th scope="col">Becomes</th>
                    <th scope="col">Owned by</th>
                  </tr>
                </thead>
                <tbody>
                  {change.fields.map((field) => (
                    <tr key={field.path}>
                      <td className="mono">{field.path}</td>
                      <td className="mono">
                        {field.before === undefined || field.before === null ? (
                          <span className="soft">–</span>
                        ) : (
                          <del>{valueText(field.before)}</del>
                        )}
                      </td>
                      <td className="mono">
                        {field.after === undefined || field.after === null ? (
                          <span className="soft">–</span>
                        ) : (
                          <ins>{valueText(field.after)}</ins>
                        )}
                      </td>
                      <td className="soft">{field.owner ?? '–'}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )}
          </details>
        </li>
      ))}
    </ul>
  )
}

// The classes of failure, and how long a problem must not repeat before it counts as gone. Declared as a LearningPolicy
// named `default`; without one these hold.
import { day, parseDuration } from '../../../kernel/duration.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/json.ts'

export interface FailureClass {
  readonly name: string
  readonly title: string
  readonly meaning: string
  /** Counts as a failure of a change in trends. */
  readonly change: boolean
}

export interface LearningPolicy {
  readonly classes: readonly FailureClass[]
  readonly eliminationWindowMs: number
}

const given = (name: string, title: string, meaning: string, change = false): FailureClass => ({
  name,
  title,
  meaning,
  change,
})

export const defaultLearningPolicy: LearningPolicy = {
  classes: [
    given('change', 'Change', 'A release, migration or rollout broke what worked.', true),
    given('config', 'Configuration', 'A setting, flag, secret or rule was wrong.', true),
    given('capacity', 'Capacity', 'Something ran full: connections, memory, disk, quota, traffic beyond the plan.'),
    given('dependency', 'Dependency', 'A service, vendor or library that one relies on failed.'),
    given('defect', 'Software defect', 'A latent fault in code that a special case brought out.'),
    given('data', 'Data', 'Data was wrong, missing, late or of a shape nobody expected.'),
    given('infrastructure', 'Infrastructure', 'Hosts, disks, network, DNS or a zone failed.'),
    given('expiry', 'Expiry', 'A certificate, key, licence or domain ran out.'),
    given('detection', 'Detection', 'It was not seen, seen late, or drowned in noise.'),
    given('process', 'Process', 'Who does what, or how, was missing or not followed.'),
    given('security', 'Security', 'Abuse, attack or a leak.'),
  ],
  eliminationWindowMs: 90 * day,
}

/** Reads a declared policy over the defaults; classes that are given replace all others. */
export function readLearningPolicy(spec: JsonObject | null): LearningPolicy {
  if (spec === null) return defaultLearningPolicy
  const classes = Array.isArray(spec.classes) ? spec.classes.flatMap((each) => classOf(each)) : []
  const window = typeof spec.eliminationWindow === 'string' ? parseDuration(spec.eliminationWindow) : null
  return {
    classes: classes.length === 0 ? defaultLearningPolicy.classes : classes,
    eliminationWindowMs: window ?? defaultLearningPolicy.eliminationWindowMs,
  }
}

function classOf(value: JsonValue): readonly FailureClass[] {
  if (!isJsonObject(value) || typeof value.name !== 'string') return []
  const { name, title, meaning, change } = value
  const known = defaultLearningPolicy.classes.find((each) => each.name === name)
  return [
    {
      name,
      title: typeof title === 'string' ? title : (known?.title ?? name),
      meaning: typeof meaning === 'string' ? meaning : (known?.meaning ?? ''),
      change: typeof change === 'boolean' ? change : (known?.change ?? false),
    },
  ]
}

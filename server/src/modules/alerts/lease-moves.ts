// Moves of leases that come at the same time share a statement and its commit.
import { AppError } from '../../kernel/app-error.ts'
import type { Database } from '../../platform/database/database.ts'
import { createTogether, type Together } from '../../platform/database/together.ts'
import { type MovedLeases, moveLeases, type Repeated } from './leases.store.ts'
import { createPace, type Pace } from './pace.ts'

/** Of one statement: a few milliseconds. */
const mostTogether = 1_000
const retriesOnConflict = 3
// Where many post at once, whoever was answered a moment ago is on the way again: a statement and its commit cost more than
// what one of them moves.
const gatherMs = 1
const manyPerSecond = 200

interface Mover {
  readonly together: Together<readonly Repeated[], MovedLeases>
  /** Of those who post. */
  readonly pace: Pace
}
const movers = new WeakMap<Database, Mover>()

/** Each identity once. Answers after the commit; what others moved with it may be in the answer, too. */
export function moveTogether(database: Database, repeated: readonly Repeated[]): Promise<MovedLeases> {
  const mover = movers.get(database) ?? createMover(database)
  movers.set(database, mover)
  mover.pace.add(1)
  return mover.together.add(repeated)
}

function createMover(database: Database): Mover {
  const pace = createPace()
  const together = createTogether<readonly Repeated[], MovedLeases>({
    fill,
    run: (rounds) => moveRound(database, rounds),
    gatherMs: () => (pace.perSecond() >= manyPerSecond ? gatherMs : 0),
  })
  return { together, pace }
}

/** Whoever says something else of an alert that another one speaks of waits for the next round. */
function fill(): (repeated: readonly Repeated[]) => boolean {
  const together = new Map<string, Repeated>()
  return (repeated) => {
    if (together.size > 0 && together.size + repeated.length > mostTogether) return false
    if (!repeated.every((one) => agrees(together.get(one.identity), one))) return false
    for (const one of repeated) together.set(one.identity, one)
    return true
  }
}

function agrees(known: Repeated | undefined, one: Repeated): boolean {
  return (
    known === undefined ||
    (known.content === one.content && known.endsAt === one.endsAt && known.assumedLeaseMs === one.assumedLeaseMs)
  )
}

/** Two processes may still meet in a ring; whoever was let go tries again. */
async function moveRound(
  database: Database,
  rounds: readonly (readonly Repeated[])[],
): Promise<readonly MovedLeases[]> {
  const together = new Map<string, Repeated>()
  for (const one of rounds.flat()) {
    const known = together.get(one.identity)
    together.set(one.identity, known === undefined ? one : { ...known, signals: known.signals + one.signals })
  }
  for (let attempt = 1; ; attempt += 1) {
    try {
      const moved = await moveLeases(database, [...together.values()])
      return rounds.map(() => moved)
    } catch (error) {
      const isConflict = error instanceof AppError && error.code === 'database.busy'
      if (!isConflict || attempt > retriesOnConflict) throw error
    }
  }
}

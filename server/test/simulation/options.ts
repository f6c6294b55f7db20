// What a run is a function of: the seed, the length, and the faults that are left out. Each seed switches a part of the
// faults on by itself, so that rare ones meet calm ones.

export const faults = [
  'kills',
  'kill-all',
  'pauses',
  'deploys',
  'outages',
  'failovers',
  'aborts',
  'doubts',
  'lost-hints',
  'weather',
  'gone-contacts',
  'skew',
  'restores',
  'storms',
  'edits',
  'overrides',
  'silences',
  'snoozes',
  'second-thoughts',
  'passing-on',
  'sleepers',
  'collections',
  'freezes',
  'reapplies',
  'held-answers',
] as const
export type Fault = (typeof faults)[number]

export interface Options {
  readonly seed: number
  readonly days: number
  readonly without: readonly Fault[]
  /** The name of a planted bug; null runs the product. */
  readonly plant: string | null
}

export const usual: Omit<Options, 'seed'> = { days: 30, without: [], plant: null }

export function describeOptions({ seed, days, without, plant }: Options): string {
  const rest = [
    ...(without.length === 0 ? [] : [`--without ${without.join(',')}`]),
    ...(plant === null ? [] : [`--plant ${plant}`]),
  ]
  return [`npm run simulate -- --seed ${seed} --days ${days}`, ...rest].join(' ')
}

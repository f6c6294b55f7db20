// How alike two failures are: four parts that each say 0 to 1, weighed. A part that is unknown on either side is left
// out and the others carry its weight: what nobody wrote down is no difference. It orders and proposes; people decide.

export interface Traits {
  readonly id: string
  readonly title: string
  /** Everything else people wrote: impact, summary, factors. */
  readonly text: string
  readonly services: readonly string[]
  /** Kinds of alerts: service and title. */
  readonly alerts: readonly string[]
  readonly classes: readonly string[]
}

export const likenessWeights = { alerts: 0.35, classes: 0.25, text: 0.25, services: 0.15 } as const
export type LikenessPart = keyof typeof likenessWeights
export const likenessParts: readonly LikenessPart[] = ['alerts', 'classes', 'text', 'services']
/** From here on an earlier incident is proposed. */
export const leastLikeness = 0.5

/** Said with every answer, so that nobody takes the number for more than it is. */
export const likenessMeasure =
  'Shared alerts (35 %), classes of failure (25 %) and services (15 %) are the part two sets have in common (Jaccard). ' +
  'Words (25 %) are compared by cosine, where a word that few incidents use weighs more; titles alone or everything ' +
  'written, whichever is more alike. What is unknown on either side is left out and the rest weighs more. ' +
  'From 50 % on an earlier incident is proposed.'

export interface Evidence {
  readonly part: LikenessPart
  /** 0 to 1. */
  readonly value: number
  readonly sentence: string
}

export interface Likeness {
  readonly score: number
  readonly evidence: readonly Evidence[]
  /** Parts nothing is known of. */
  readonly unknown: readonly LikenessPart[]
}

const partNames = {
  alerts: ['alert', 'alerts'],
  classes: ['class of failure', 'classes of failure'],
  services: ['service', 'services'],
} as const

/** Traits with their words looked up once and nothing twice; comparing is then cheap. */
export interface Prepared extends Traits {
  readonly sets: Readonly<Record<keyof typeof partNames, ReadonlySet<string>>>
  readonly titleWords: ReadonlySet<string>
  readonly allWords: ReadonlySet<string>
}

export function prepare(traits: Traits): Prepared {
  const titleWords = wordsOf(traits.title)
  return {
    ...traits,
    sets: { alerts: new Set(traits.alerts), classes: new Set(traits.classes), services: new Set(traits.services) },
    titleWords,
    allWords: new Set([...titleWords, ...wordsOf(traits.text)]),
  }
}

const emptyWords = new Set([
  ...[
    'the',
    'and',
    'for',
    'with',
    'are',
    'was',
    'were',
    'has',
    'had',
    'not',
    'from',
    'all',
    'its',
    'this',
    'that',
    'than',
    'then',
  ],
  ...[
    'but',
    'again',
    'after',
    'before',
    'been',
    'have',
    'when',
    'while',
    'which',
    'who',
    'they',
    'their',
    'there',
    'into',
    'our',
  ],
  // What a drafted summary says of every incident.
  ...['incident', 'sev1', 'sev2', 'sev3', 'sev4', 'how', 'long', 'longer', 'users', 'hurt', 'known', 'minutes', 'min'],
])

function wordsOf(text: string): ReadonlySet<string> {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? []
  return new Set(words.filter((word) => !emptyWords.has(word) && !/^\p{N}+$/u.test(word)))
}

/** What each word weighs, and sets of words in the shape in which they are compared. */
export interface WordWeights {
  of(word: string): number
  vectorOf(words: ReadonlySet<string>): WordVector
}

/** Words by their numbers, in rising order; of a word in no incident the weight is 0, so it is left out. */
interface WordVector {
  readonly numbers: Int32Array
  /** The square of each word's weight. */
  readonly squares: Float64Array
  /** Their sum. */
  readonly square: number
}

/** Weight of each word: ln(1 + incidents / incidents that use it). Words of a template weigh next to nothing. */
export function weighWords(all: readonly Prepared[]): WordWeights {
  const uses = new Map<string, { readonly number: number; count: number }>()
  for (const { allWords } of all)
    for (const word of allWords) {
      const known = uses.get(word)
      if (known === undefined) uses.set(word, { number: uses.size, count: 1 })
      else known.count += 1
    }
  const of = (word: string): number => {
    const known = uses.get(word)
    return known === undefined ? 0 : Math.log(1 + all.length / known.count)
  }
  const vectors = new WeakMap<ReadonlySet<string>, WordVector>()
  return {
    of,
    vectorOf(words) {
      const known = vectors.get(words)
      if (known !== undefined) return known
      const found = [...words]
        .flatMap((word) => {
          const number = uses.get(word)?.number
          return number === undefined ? [] : [{ number, square: of(word) ** 2 }]
        })
        .sort((a, b) => a.number - b.number)
      const vector = {
        numbers: Int32Array.from(found, (each) => each.number),
        squares: Float64Array.from(found, (each) => each.square),
        square: found.reduce((sum, each) => sum + each.square, 0),
      }
      vectors.set(words, vector)
      return vector
    },
  }
}

type Values = Readonly<Record<LikenessPart, number | null>>

export function likenessOf(one: Prepared, other: Prepared, weights: WordWeights): Likeness {
  const values: Values = { ...setsOf(one, other), text: wordsAlike(one, other, weights) }
  const evidence = likenessParts.flatMap((part) => {
    const value = values[part]
    return value === null || value === 0 ? [] : [{ part, value, sentence: sayOf(part, value, one, other, weights) }]
  })
  return { score: scoreOf(values), evidence, unknown: likenessParts.filter((part) => values[part] === null) }
}

function scoreOf(values: Values): number {
  let [sum, known] = [0, 0]
  for (const part of likenessParts) {
    const value = values[part]
    if (value === null) continue
    sum += value * likenessWeights[part]
    known += likenessWeights[part]
  }
  return known === 0 ? 0 : Math.min(1, sum / known)
}

const setsOf = ({ sets: one }: Prepared, { sets: other }: Prepared): Omit<Values, 'text'> => ({
  alerts: jaccard(one.alerts, other.alerts),
  classes: jaccard(one.classes, other.classes),
  services: jaccard(one.services, other.services),
})

/** Null when one is empty. */
function jaccard(one: ReadonlySet<string>, other: ReadonlySet<string>): number | null {
  if (one.size === 0 || other.size === 0) return null
  let both = 0
  for (const each of one) if (other.has(each)) both += 1
  return both / (one.size + other.size - both)
}

function wordsAlike(one: Prepared, other: Prepared, weights: WordWeights): number | null {
  if (one.allWords.size === 0 || other.allWords.size === 0) return null
  const alike = (of: 'titleWords' | 'allWords') => cosine(weights.vectorOf(one[of]), weights.vectorOf(other[of]))
  return Math.max(alike('titleWords'), alike('allWords'))
}

function cosine(one: WordVector, other: WordVector): number {
  let [both, a, b] = [0, 0, 0]
  while (a < one.numbers.length && b < other.numbers.length) {
    const apart = (one.numbers[a] ?? 0) - (other.numbers[b] ?? 0)
    if (apart === 0) both += one.squares[a] ?? 0
    if (apart <= 0) a += 1
    if (apart >= 0) b += 1
  }
  return one.square === 0 || other.square === 0 ? 0 : Math.min(1, both / Math.sqrt(one.square * other.square))
}

function sayOf(part: LikenessPart, value: number, one: Prepared, other: Prepared, weights: WordWeights): string {
  if (part === 'text') {
    const telling = [...one.allWords]
      .filter((each) => other.allWords.has(each))
      .sort((a, b) => weights.of(b) - weights.of(a) || (a < b ? -1 : 1))
      .slice(0, 5)
    return `The words are ${Math.round(value * 100)} % alike: ${telling.join(', ')}.`
  }
  const [a, b] = [one.sets[part], other.sets[part]]
  const both = [...a].filter((each) => b.has(each)).sort()
  const all = a.size + b.size - both.length
  const more = both.length > 3 ? ` and ${both.length - 3} more` : ''
  const [single, plural] = partNames[part]
  return `${both.length} of ${all} ${all === 1 ? single : plural} in common: ${both.slice(0, 3).join(', ')}${more}.`
}

export interface Proposal {
  readonly earlier: string
  readonly likeness: Likeness
}

/** What one page shows of one incident. */
export const mostProposals = 10

/**
 * The earlier ones that reach the threshold, the most alike first. Words are compared only where they could still lift a
 * pair among those that are asked for, and sentences made only of what is proposed.
 */
export function proposeRepeats(
  of: Prepared,
  earlier: readonly Prepared[],
  weights: WordWeights,
  most = mostProposals,
): readonly Proposal[] {
  const found: { readonly of: Prepared; readonly score: number }[] = []
  const order = (a: (typeof found)[number], b: (typeof found)[number]) =>
    b.score - a.score || (a.of.id < b.of.id ? -1 : 1)
  for (const each of earlier) {
    const least = found.length < most ? leastLikeness : (found.at(-1)?.score ?? leastLikeness)
    const sets = setsOf(of, each)
    if (scoreOf({ ...sets, text: 1 }) < least) continue
    const score = scoreOf({ ...sets, text: wordsAlike(of, each, weights) })
    if (score < least) continue
    found.push({ of: each, score })
    found.sort(order)
    if (found.length > most) found.pop()
  }
  return found.map((each) => ({ earlier: each.of.id, likeness: likenessOf(of, each.of, weights) }))
}

// What a policy acts on and a review looks at: an objective, or a journey over several. Where both are kept together one
// text names either, and names have no slash.

export const subjectKinds = ['objective', 'journey'] as const
export interface Subject {
  readonly kind: (typeof subjectKinds)[number]
  readonly name: string
}

const journeyMark = 'journey/'

/** `checkout-availability`; `journey/buy`. */
export const subjectKey = ({ kind, name }: Subject): string => (kind === 'journey' ? journeyKey(name) : name)
export const journeyKey = (name: string): string => `${journeyMark}${name}`

export const subjectOf = (key: string): Subject =>
  key.startsWith(journeyMark)
    ? { kind: 'journey', name: key.slice(journeyMark.length) }
    : { kind: 'objective', name: key }

/** As sentences name it: an objective by its name alone. */
export const subjectWords = (key: string): string => {
  const { kind, name } = subjectOf(key)
  return kind === 'journey' ? `journey ${name}` : name
}

/** Where the console shows it. */
export const subjectPath = (key: string): string => {
  const { kind, name } = subjectOf(key)
  return kind === 'journey' ? `/journeys/${name}` : `/objectives/${name}`
}

export const subjectLink = (key: string): { readonly kind: string; readonly id: string } => {
  const { kind, name } = subjectOf(key)
  return { kind, id: name }
}

/** As replies name it. */
export const subjectView = (key: string): { subject: Subject['kind']; objective: string } => {
  const { kind, name } = subjectOf(key)
  return { subject: kind, objective: name }
}

// Objectives and journeys to look at, as the overview tells them: one line for whoever is asked, however many are theirs.
import type { IncidentsPorts } from '../../modules/incidents/index.ts'
import type { ObjectiveTerms } from '../../modules/slo/index.ts'

const shownOwners = 10
const shownNames = 2

type NeedItem = Awaited<ReturnType<IncidentsPorts['onCallNeeds']>>[number]
type Due = Pick<
  ObjectiveTerms,
  'subject' | 'objective' | 'displayName' | 'service' | 'sentence' | 'owner' | 'team' | 'review' | 'expiry'
>

const isLate = ({ review, expiry }: Due) => review === 'overdue' || expiry === 'expired'

/** Soonest first; so are the lines. */
export function dueReviews(due: readonly Due[]): readonly NeedItem[] {
  const owners = new Map<string, [Due, ...Due[]]>()
  for (const each of due) {
    const owner = each.owner?.name ?? each.team ?? ''
    const known = owners.get(owner)
    if (known === undefined) owners.set(owner, [each])
    else known.push(each)
  }
  return [...owners].slice(0, shownOwners).map(([owner, mine]) => {
    const [first] = mine
    const one = mine.length === 1
    const nouns = mine.some((each) => each.subject === 'journey') ? 'promises' : 'objectives'
    const names = mine.slice(0, shownNames).map((each) => each.displayName)
    const more = mine.length > names.length ? ` and ${mine.length - names.length} more` : ''
    const whose = owner === '' ? 'Nobody is asked.' : `Asked of ${owner}.`
    return {
      kind: 'objective',
      id: `review ${owner}`,
      title: one ? `${first.displayName} is to be looked at` : `${mine.length} ${nouns} are to be looked at`,
      sentence: `${one ? '' : `${names.join(more === '' ? ' and ' : ', ')}${more}. `}${first.sentence} ${whose}`,
      severity: mine.some(isLate) ? 'warning' : 'info',
      service: one ? first.service : null,
      since: null,
      href: one ? `/${first.subject}s/${first.objective}` : '/objective-reviews',
      action: null,
    }
  })
}

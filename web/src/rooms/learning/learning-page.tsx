// What is learnt across incidents: what repeats, which problems are behind it.
import { Choice } from '../../parts/choice.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { useUrlState } from '../../parts/url-state.ts'
import { MonthView } from './month-view.tsx'
import { ProblemsView } from './problems-view.tsx'
import { RepeatsView } from './repeats-view.tsx'
import { SearchView } from './search-view.tsx'
import { TrendsView } from './trends-view.tsx'
import './learning.css'

const views = [
  { value: 'repeats', title: 'Repeats' },
  { value: 'problems', title: 'Problems' },
  { value: 'trends', title: 'Trends' },
  { value: 'month', title: 'Monthly review' },
  { value: 'search', title: 'Search' },
] as const
type View = (typeof views)[number]['value']

export default function LearningPage() {
  const [view, setView] = useUrlState<View>('view', 'repeats')
  return (
    <>
      <PageHead
        title="Learning"
        sentence="What failed before, whether it came again, and what is done so that it does not."
      />
      <div className="toolbar">
        <Choice label="Show" value={view} onChange={setView} options={views} />
      </div>
      {view === 'repeats' && <RepeatsView />}
      {view === 'problems' && <ProblemsView />}
      {view === 'trends' && <TrendsView />}
      {view === 'month' && <MonthView />}
      {view === 'search' && <SearchView />}
    </>
  )
}

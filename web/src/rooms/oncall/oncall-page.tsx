// Who is on call, when, what would happen at another time, and how I am paged.
import { Choice } from '../../parts/choice.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { useUrlState } from '../../parts/url-state.ts'
import { HandOverView } from './hand-over-view.tsx'
import { HealthView } from './health-view.tsx'
import { HowIAmPaged } from './how-i-am-paged.tsx'
import { NowView } from './now-view.tsx'
import { PayView } from './pay-view.tsx'
import { ScheduleView } from './schedule-view.tsx'
import { SimulateView } from './simulate-view.tsx'
import './oncall.css'

type View = 'now' | 'schedule' | 'simulate' | 'paging' | 'health' | 'pay' | 'handover'

export default function OnCallPage() {
  const [view, setView] = useUrlState<View>('view', 'now', { push: true })
  return (
    <>
      <PageHead title="On-call" />
      <div className="toolbar">
        <Choice
          label="View"
          value={view}
          onChange={setView}
          options={[
            { value: 'now', title: 'Now' },
            { value: 'schedule', title: 'Schedule' },
            { value: 'handover', title: 'Hand-over' },
            { value: 'simulate', title: 'Who would be paged' },
            { value: 'paging', title: 'How I am paged' },
            { value: 'health', title: 'Health' },
            { value: 'pay', title: 'Pay' },
          ]}
        />
      </div>
      {view === 'schedule' ? (
        <ScheduleView />
      ) : view === 'simulate' ? (
        <SimulateView />
      ) : view === 'paging' ? (
        <HowIAmPaged />
      ) : view === 'health' ? (
        <HealthView />
      ) : view === 'handover' ? (
        <HandOverView />
      ) : view === 'pay' ? (
        <PayView />
      ) : (
        <NowView />
      )}
    </>
  )
}

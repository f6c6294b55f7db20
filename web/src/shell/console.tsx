// Decides which door to show: set up, sign in, or the console itself.
import { Component, type ErrorInfo, type ReactNode, Suspense } from 'react'
import { Redirect, Route, Switch, useLocation } from 'wouter'
import { Empty, SkeletonRows } from '../parts/empty.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { Frame } from './frame.tsx'
import { LifeboatNote } from './lifeboat-note.tsx'
import { leadsTo, routes, SetupPage, SignInPage } from './routes.tsx'
import { PersonProvider, useSession } from './session.tsx'

export function Console() {
  return (
    <Suspense fallback={null}>
      <Switch>
        <Route path="/setup">
          <SetupPage />
        </Route>
        <Route path="/sign-in">
          <SignInPage />
        </Route>
        <Route>
          <Inside />
        </Route>
      </Switch>
    </Suspense>
  )
}

function Inside() {
  const state = useSession()
  const [location] = useLocation()
  if (state.kind === 'loading') return <Quiet />
  if (state.kind === 'failed') {
    return (
      <main className="alone">
        <h1>Mainstay</h1>
        <LifeboatNote />
        <ProblemNote error={state.error} retry={state.retry} />
      </main>
    )
  }
  if (state.kind === 'anonymous') {
    const back = `${location}${window.location.search}`
    return <Redirect to={back === '/' ? '/sign-in' : `/sign-in?back=${encodeURIComponent(back)}`} replace />
  }
  const isBare = routes.some((route) => route.bare === true && leadsTo(route.path, location))
  return (
    <PersonProvider person={state.person}>
      {isBare ? (
        <Pages />
      ) : (
        <Frame>
          <Pages />
        </Frame>
      )}
    </PersonProvider>
  )
}

function Pages() {
  const [location] = useLocation()
  return (
    <PageGuard key={location}>
      <Suspense fallback={<SkeletonRows rows={8} />}>
        <Switch>
          {routes.map(({ path, page: Page }) => (
            <Route key={path} path={path}>
              <Page />
            </Route>
          ))}
          <Route>
            <NotFound path={location} />
          </Route>
        </Switch>
      </Suspense>
    </PageGuard>
  )
}

function Quiet() {
  return (
    <div role="status" className="sr-only">
      Loading
    </div>
  )
}

function NotFound({ path }: { path: string }) {
  return (
    <>
      <title>Not found · Mainstay</title>
      <h1>There is no page here</h1>
      <Empty title={path}>
        The link may be old or mistyped. Press <kbd>Ctrl K</kbd> and type a part of what you look for; every service,
        objective and incident can be found by name.
      </Empty>
    </>
  )
}

/** A fault while drawing one page leaves the frame standing. */
class PageGuard extends Component<{ children: ReactNode }, { error: unknown }> {
  override state: { error: unknown } = { error: null }
  static getDerivedStateFromError(error: unknown) {
    return { error }
  }
  override componentDidCatch(error: unknown, info: ErrorInfo) {
    console.error(error, info.componentStack)
  }
  override render() {
    if (this.state.error === null) return this.props.children
    return <ProblemNote error={this.state.error} retry={() => window.location.reload()} />
  }
}

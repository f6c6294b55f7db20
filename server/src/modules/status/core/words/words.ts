// Every word the product itself says on a page, in one language. A language that lacks one does not compile.
import type { ComponentState } from '../page.ts'
import type { PostState, Saying } from '../post.ts'

export interface PageWords {
  /** BCP 47, for dates and the attribute `lang`. */
  readonly locale: string
  readonly dir: 'ltr' | 'rtl'
  /** Its own name, in itself. */
  readonly name: string
  readonly components: Readonly<Record<ComponentState, string>>
  readonly posts: Readonly<Record<PostState, string>>
  /** `all`: every component stands so, and there are several. */
  readonly overall: (state: ComponentState, all: boolean) => string
  /** What the clock says by itself; the times are words already. */
  readonly saying: (saying: Saying['say'], from: string, to: string) => string
  readonly uptime: (share: string, measured: number, days: number) => string
  readonly noData: string
  readonly page: {
    readonly goingOn: string
    readonly maintenance: string
    readonly parts: string
    readonly before: string
    readonly nothingLately: string
    readonly nothing: string
    readonly history: string
    readonly older: string
    readonly newer: string
    readonly now: string
    readonly hear: string
    readonly email: string
    readonly subscribe: string
    readonly more: string
    readonly asOf: (time: string, zone: string) => string
    readonly calendar: string
    readonly help: string
    readonly home: string
    readonly languages: string
    readonly stale: (time: string) => string
    readonly away: string
    readonly uptimeLabel: string
    readonly until: (from: string, to: string) => string
    readonly forCustomer: (customer: string) => string
  }
  readonly subscription: {
    readonly byEmail: string
    readonly byWebhook: string
    readonly emailHint: string
    readonly webhookHint: string
    readonly webhook: string
    readonly only: string
    readonly inConsole: string
    readonly noEmail: string
    readonly noWebhook: string
    readonly tooMany: string
    readonly refused: string
    readonly lookMail: string
    readonly lookHook: string
    readonly askedByMail: string
    readonly askedByHook: string
  }
  readonly links: {
    readonly noPage: string
    readonly noPageHint: string
    readonly nowhere: string
    readonly nowhereHint: string
    readonly back: string
    readonly confirm: string
    readonly confirmHint: string
    readonly confirmed: string
    readonly confirmedHint: string
    readonly leave: string
    readonly leaveHint: string
    readonly left: string
    readonly leftHint: string
  }
  readonly letters: {
    readonly question: (page: string) => string
    readonly why: (page: string) => string
    readonly otherwise: string
    readonly only: (components: string) => string
  }
}

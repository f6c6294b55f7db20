// Written by `npm run golden` from docs/reference/openapi.json. Change the contract of the room instead.

export type ActionAgeing = { readonly buckets: readonly ({ readonly bucket: string; readonly actions: number; readonly overdue: number })[] }
export type Agreement = { readonly name: string; readonly displayName: string; readonly description: string; readonly team: string | null; readonly version: number; readonly effectiveAt: string | null; readonly terms: AgreementTerms; readonly current: AgreementStatement | null; readonly periods: readonly AgreementPeriod[] }
export type AgreementCredit = { readonly percentText: string; readonly belowText: string | null; readonly amount: Money | null; readonly capped: boolean; readonly text: string }
export type AgreementNextCredit = { readonly belowText: string; readonly percentText: string; readonly leftMs: number | null; readonly leftRequests: number | null; readonly usedRatio: number; readonly sentence: string }
export type AgreementOutage = { readonly from: string; readonly to: string; readonly minutes: number; readonly counted: boolean }
export type AgreementPeriod = { readonly start: string; readonly end: string; readonly title: string; readonly verdict: "kept" | "missed" | "open"; readonly attainedText: string; readonly credit: AgreementCredit; readonly settled: boolean }
export type AgreementSettled = { readonly at: string; readonly by: string; readonly reason: string | null }
export type AgreementStatement = { readonly name: string; readonly displayName: string; readonly version: number; readonly terms: AgreementTerms; readonly period: { readonly start: string; readonly end: string; readonly zone: string; readonly title: string; readonly running: boolean }; readonly asOf: string; readonly verdict: "kept" | "missed" | "open"; readonly sentence: string; readonly attainedText: string; readonly attainedLeast: number | null; readonly attainedMost: number | null; readonly good: number | null; readonly bad: number | null; readonly expectedMinutes: number; readonly excludedMinutes: number; readonly unknownMinutes: number; readonly downMinutes: number | null; readonly exclusions: readonly ({ readonly from: string; readonly to: string; readonly reason: string })[]; readonly outages: readonly AgreementOutage[]; readonly creditLeast: AgreementCredit; readonly creditMost: AgreementCredit; readonly next: AgreementNextCredit | null; readonly settled: AgreementSettled | null; readonly notes: readonly string[] }
export type AgreementSummary = { readonly name: string; readonly displayName: string; readonly customer: string; readonly subject: { readonly kind: "objective" | "journey"; readonly name: string }; readonly team: string | null; readonly targetText: string; readonly period: "month" | "quarter" | "year"; readonly title: string | null; readonly verdict: "kept" | "missed" | "open"; readonly attainedText: string; readonly sentence: string; readonly warning: string | null; readonly asOf: string | null; readonly unsettled: number; readonly removed: boolean }
export type AgreementTerms = { readonly customer: string; readonly subject: { readonly kind: "objective" | "journey"; readonly name: string }; readonly targetText: string; readonly period: "month" | "quarter" | "year"; readonly timeZone: string; readonly from: string | null; readonly until: string | null; readonly counts: "requests" | "downtime"; readonly downtime: string | null; readonly unmeasured: "open" | "down"; readonly exclusions: readonly string[]; readonly fee: Money | null; readonly credits: readonly ({ readonly belowText: string; readonly percentText: string })[]; readonly capText: string | null }
export type Alert = { readonly id: string; readonly number: number; readonly status: "firing" | "acknowledged" | "snoozed" | "resolved"; readonly severity: "critical" | "warning" | "info"; readonly urgency: "high" | "low"; readonly service: string | null; readonly team: string | null; readonly tier: number | null; readonly title: string; readonly source: string; readonly startedAt: string; readonly openedAt: string; readonly lastSeenAt: string; readonly acknowledgedBy: string | null; readonly acknowledgedAt: string | null; readonly snoozedUntil: string | null; readonly resolvedAt: string | null; readonly ended: "resolved" | "expired" | "silent" | "closed" | null; readonly count: number; readonly useful: boolean | null; readonly silencedBy: string | null; readonly pagedWith: { readonly id: string; readonly number: number } | null; readonly alsoPaged: number; readonly flapping: boolean; readonly incident: { readonly id: string } | null; readonly labels: Readonly<Record<string, string>>; readonly severityGiven: string | null; readonly fingerprint: string; readonly pagedTogether: readonly ({ readonly id: string; readonly number: number; readonly title: string })[]; readonly leaseUntil: string | null; readonly pausedUntil: string | null; readonly annotations: Readonly<Record<string, string>>; readonly links: readonly ({ readonly title: string; readonly url: string })[]; readonly trace: readonly ({ readonly at: string; readonly rule: string; readonly verdict: string; readonly because: string })[]; readonly pages: readonly ({ readonly person: string | null; readonly webhook: string | null; readonly channel: string; readonly state: string; readonly at: string; readonly because: string | null })[]; readonly version: number }
export type AlertQuality = { readonly by: "rule" | "service" | "team"; readonly from: string; readonly to: string; readonly total: AlertQualityCounts; readonly items: readonly AlertQualityRow[]; readonly more: boolean; readonly quiet: readonly ({ readonly rule: string; readonly lastAt: string })[] }
export type AlertQualityCounts = { readonly alerts: number; readonly pages: number; readonly pagesForNothing: number; readonly pagesAfterHours: number; readonly ended: number; readonly selfHealed: number; readonly useful: number; readonly noise: number; readonly openMs: number; readonly critical: number; readonly criticalWithRunbook: number; readonly criticalWithTeam: number }
export type AlertQualityRow = { readonly name: string | null; readonly alerts: number; readonly pages: number; readonly pagesForNothing: number; readonly pagesAfterHours: number; readonly ended: number; readonly selfHealed: number; readonly useful: number; readonly noise: number; readonly openMs: number; readonly critical: number; readonly criticalWithRunbook: number; readonly criticalWithTeam: number; readonly lastAt: string }
export type AlertRating = { readonly id: string; readonly useful: boolean | null; readonly by: string | null; readonly at: string | null }
export type AlertSummary = { readonly id: string; readonly number: number; readonly status: "firing" | "acknowledged" | "snoozed" | "resolved"; readonly severity: "critical" | "warning" | "info"; readonly urgency: "high" | "low"; readonly service: string | null; readonly team: string | null; readonly tier: number | null; readonly title: string; readonly source: string; readonly startedAt: string; readonly openedAt: string; readonly lastSeenAt: string; readonly acknowledgedBy: string | null; readonly acknowledgedAt: string | null; readonly snoozedUntil: string | null; readonly resolvedAt: string | null; readonly ended: "resolved" | "expired" | "silent" | "closed" | null; readonly count: number; readonly useful: boolean | null; readonly silencedBy: string | null; readonly pagedWith: { readonly id: string; readonly number: number } | null; readonly alsoPaged: number; readonly flapping: boolean; readonly incident: { readonly id: string } | null; readonly labels: Readonly<Record<string, string>> }
export type Anomaly = { readonly id: string; readonly service: string; readonly signal: "traffic" | "errors" | "latency"; readonly objective: string | null; readonly sentence: string; readonly value: number; readonly usual: number; readonly score: number; readonly startedAt: string; readonly endedAt: string | null; readonly endedBecause: "back" | "learnt" | "unmeasured" | "gone" | null; readonly alerted: boolean }
export type ApiKey = { readonly id: string; readonly name: string; readonly prefix: string; readonly last4: string; readonly role: "viewer" | "responder" | "editor" | "admin"; readonly scopes: readonly string[]; readonly teams: readonly string[]; readonly service: boolean; readonly createdBy: { readonly id: string; readonly name: string } | null; readonly createdAt: string; readonly expiresAt: string | null; readonly usedAt: string | null; readonly revokedAt: string | null }
export type ApplyOrder = { readonly documents: string; readonly manager?: string; readonly force?: boolean; readonly prune?: boolean }
export type BackTestIncident = { readonly id: string; readonly label: string; readonly from: string; readonly to: string; readonly currentAfterMs: number | null; readonly proposedAfterMs: number | null }
export type BackTestOutcome = { readonly target: number; readonly windowMs: number; readonly indicator: number | null; readonly totalBad: number; readonly spentBad: number; readonly remainingRatio: number | null; readonly worst: { readonly remainingRatio: number; readonly at: string } | null; readonly exhaustedMs: number; readonly pages: number; readonly tickets: number; readonly alerts: readonly PastAlert[]; readonly tiers: readonly BackTestTier[]; readonly refused: readonly string[] }
export type BackTestTier = { readonly name: string; readonly level: "page" | "ticket"; readonly longMs: number; readonly shortMs: number; readonly threshold: number; readonly share: number; readonly note: string | null; readonly detectsOutageMs: number | null; readonly resetsMs: number | null }
export type BudgetCorrection = { readonly id: string; readonly from: string; readonly to: string; readonly mode: "drop" | "good"; readonly reason: string; readonly author: string; readonly at: string; readonly withdrawn: { readonly at: string; readonly by: string; readonly reason: string } | null }
export type BudgetPeriod = { readonly start: string; readonly end: string; readonly projectedRemainingRatio: number | null }
export type BudgetPolicy = { readonly name: string; readonly displayName: string; readonly description: string; readonly team: string | null; readonly scope: string; readonly objectives: number; readonly journeys: readonly string[]; readonly entered: number; readonly steps: readonly PolicyStep[] }
export type BudgetPolicyDetail = { readonly name: string; readonly displayName: string; readonly description: string; readonly team: string | null; readonly scope: string; readonly objectives: number; readonly journeys: readonly string[]; readonly entered: number; readonly steps: readonly PolicyStep[]; readonly approvers: string; readonly longestExceptionMs: number; readonly appliesTo: readonly string[]; readonly episodes: readonly PolicyEpisode[] }
export type BudgetTask = { readonly id: string; readonly policy: string; readonly subject: "objective" | "journey"; readonly objective: string; readonly service: string; readonly title: string; readonly because: string; readonly owner: { readonly kind: "person" | "team"; readonly name: string } | null; readonly openedAt: string; readonly dueAt: string; readonly overdue: boolean; readonly state: "open" | "done" | "dropped"; readonly closed: { readonly at: string; readonly by: string; readonly note: string } | null }
export type BurnRate = { readonly longWindowMs: number; readonly shortWindowMs: number; readonly rate: number }
export type BurnTier = { readonly name: string; readonly level: "ticket" | "page"; readonly longMs: number; readonly shortMs: number; readonly threshold: number; readonly share: number; readonly longBurn: number | null; readonly shortBurn: number | null; readonly state: "firing" | "calm" | "idle" | "frozen"; readonly firing: boolean; readonly bad: number; readonly events: number; readonly reason: string }
export type BurnTierOrder = { readonly level: "page" | "ticket"; readonly longMs: number; readonly shortMs: number; readonly threshold: number }
export type CalendarAddress = { readonly feed: CalendarFeed; readonly url: string }
export type CalendarEntry = { readonly kind: "change" | "maintenance"; readonly id: string; readonly from: string; readonly to: string; readonly services: readonly string[]; readonly title: string; readonly detail: string; readonly state: "done" | "scheduled" | "in_progress" | "completed" | "cancelled"; readonly during: readonly string[] }
export type CalendarFeed = { readonly id: string; readonly kind: "person" | "schedule" | "team"; readonly name: string; readonly createdAt: string; readonly lastReadAt: string | null }
export type CalendarReport = { readonly added: readonly string[]; readonly kept: number; readonly removed: readonly string[]; readonly skipped: readonly string[]; readonly dryRun: boolean }
export type CeilingDependency = { readonly service: string; readonly strength: "hard" | "soft"; readonly objective: string | null; readonly target: number | null; readonly targetText: string | null; readonly attainment: number | null }
export type Change = { readonly id: string; readonly source: string; readonly externalId: string; readonly service: string; readonly kind: "deployment" | "configuration" | "flag" | "infrastructure" | "rollback" | "other"; readonly version: string | null; readonly summary: string; readonly link: string | null; readonly at: string; readonly recordedAt: string }
export type ChangeDecision = { readonly service: string; readonly at: string; readonly verdict: "allowed" | "needs-approval" | "frozen"; readonly sentence: string; readonly holds: readonly JudgedHold[]; readonly unmeasured: readonly string[] }
export type ChangeException = { readonly id: string; readonly service: string; readonly policy: string | null; readonly reason: string; readonly state: "asked" | "planned" | "in-force" | "expired" | "withdrawn"; readonly askedBy: string; readonly askedAt: string; readonly approver: string | null; readonly approvedBy: string | null; readonly approvedAt: string | null; readonly from: string; readonly until: string; readonly withdrawn: { readonly at: string; readonly by: string; readonly reason: string } | null }
export type ChangeHold = { readonly id: string; readonly kind: "freeze" | "approval"; readonly service: string; readonly policy: string; readonly subject: "objective" | "journey"; readonly objective: string; readonly step: string; readonly sentence: string; readonly endsWhen: string; readonly allows: readonly string[]; readonly approvers: string; readonly since: string; readonly until: string | null; readonly endedAt: string | null; readonly endedBecause: string | null; readonly excepted: ChangeSanction | null }
export type ChangeOrder = { readonly source: string; readonly externalId: string; readonly service: string; readonly kind?: "deployment" | "configuration" | "flag" | "infrastructure" | "rollback" | "other"; readonly version?: string; readonly summary: string; readonly link?: string; readonly at?: string }
export type ChangeSanction = { readonly id: string; readonly approvedBy: string; readonly reason: string; readonly until: string }
export type ChannelConnectionOrder = { readonly apiUrl?: string; readonly url?: string; readonly botToken?: string; readonly team?: string; readonly commandToken?: string; readonly trustAddresses?: boolean; readonly appId?: string; readonly appSecret?: string; readonly tenant?: string; readonly channel?: string; readonly cloud?: "public" | "gcc" | "gcc-high" | "dod" | "china"; readonly signingSecret?: string; readonly appToken?: string; readonly accountSid?: string; readonly authToken?: string; readonly from?: string; readonly messagingService?: string }
export type ChannelState = { readonly kind: "webpush" | "telegram" | "ntfy" | "sms" | "voice" | "slack" | "teams" | "mattermost" | "discord" | "email" | "webhook"; readonly connection: "slack" | "telegram" | "mattermost" | "teams" | "twilio" | null; readonly available: boolean; readonly twoWay: boolean; readonly because: string | null; readonly connected: { readonly shown: Readonly<Record<string, string | null>>; readonly by: string; readonly at: string } | null; readonly addresses: readonly ({ readonly label: string; readonly url: string })[] }
export type ChatCheck = { readonly name: string; readonly ok: boolean; readonly sentence: string }
export type ChatCommandAnswer = { readonly done: boolean; readonly sentence: string; readonly incident: string | null }
export type ChatRoom = { readonly provider: "slack" | "mattermost" | "teams"; readonly title: string; readonly state: "wanted" | "open" | "leaving" | "archived"; readonly name: string | null; readonly url: string | null; readonly private: boolean; readonly waiting: number; readonly away: { readonly since: string; readonly because: string; readonly nextTryAt: string | null } | null; readonly fault: string | null }
export type ChatState = { readonly provider: "slack" | "mattermost" | "teams"; readonly title: string; readonly connected: boolean; readonly declared: boolean; readonly sentence: string; readonly away: { readonly since: string; readonly because: string; readonly nextTryAt: string | null } | null; readonly rooms: number; readonly waitingRooms: number; readonly socketSeenAt: string | null; readonly heardAt: string | null; readonly addresses: readonly ({ readonly label: string; readonly url: string })[] }
export type ChatTest = { readonly ok: boolean; readonly checks: readonly ChatCheck[] }
export type Contact = { readonly id: string; readonly person: string; readonly kind: "webpush" | "telegram" | "ntfy" | "sms" | "voice" | "slack" | "teams" | "mattermost" | "discord" | "email" | "webhook"; readonly label: string; readonly verified: boolean; readonly source: "catalog" | "person"; readonly disabledBecause: string | null; readonly createdAt: string | null }
export type ContactOrder = { readonly kind: "webpush" | "telegram" | "ntfy" | "sms" | "voice" | "slack" | "teams" | "mattermost" | "discord" | "email" | "webhook"; readonly label?: string; readonly email?: string; readonly url?: string; readonly phone?: string; readonly recipient?: string; readonly token?: string; readonly secret?: string; readonly subscription?: { readonly endpoint: string; readonly expirationTime?: number | null; readonly keys: { readonly p256dh: string; readonly auth: string } } }
export type CorrectiveAction = { readonly id: string; readonly number: number; readonly postmortem: { readonly id: string; readonly number: number; readonly title: string }; readonly title: string; readonly kind: "detect" | "mitigate" | "prevent" | "process"; readonly size: "S" | "M" | "L" | null; readonly priority: { readonly points: number; readonly perDay: number; readonly sentence: string }; readonly createdAt: string; readonly owner: string; readonly dueAt: string; readonly state: "open" | "proving" | "proven" | "dropped"; readonly overdue: boolean; readonly signal: { readonly kind: "objective"; readonly objective: string; readonly windowMs: number } | { readonly kind: "alert"; readonly service: string; readonly title: string; readonly windowMs: number } | { readonly kind: "check"; readonly service: string; readonly check: "traffic" | "errors" | "latency" | "saturation" | "objective" | "dashboard" | "runbook" | "owner"; readonly windowMs: number } | { readonly kind: "drill"; readonly service: string; readonly windowMs: number; readonly mitigatedWithinMs: number | null } | null; readonly provingSince: string | null; readonly provenAt: string | null; readonly seen: string | null; readonly reopened: number; readonly next: readonly ("open" | "proving" | "proven" | "dropped")[]; readonly version: number }
export type CountedEvents = { readonly good: number; readonly bad: number }
export type CoverageCell = { readonly column: "traffic" | "errors" | "latency" | "saturation" | "objective" | "dashboard" | "runbook" | "traces" | "owner"; readonly state: "present" | "silent" | "missing"; readonly lastAt: string | null; readonly sentence: string }
export type Delivery = { readonly key: string; readonly purpose: "page" | "bundle" | "changed" | "ended" | "on-call" | "reminder" | "test" | "verify"; readonly pageId: string; readonly alertId: string | null; readonly service: string | null; readonly person: string | null; readonly webhook: string | null; readonly contact: string; readonly channel: "webpush" | "telegram" | "ntfy" | "sms" | "voice" | "slack" | "teams" | "mattermost" | "discord" | "email" | "webhook"; readonly because: string; readonly state: "pending" | "sending" | "sent" | "failed" | "unknown" | "cancelled"; readonly dueAt: string | null; readonly endedAt: string | null; readonly endedBecause: string | null; readonly receipt: string | null; readonly copies: number; readonly attempts: readonly ({ readonly attempt: number; readonly startedAt: string; readonly endedAt: string | null; readonly outcome: string | null; readonly because: string | null; readonly answer: string | null })[]; readonly createdAt: string }
export type Demo = { readonly services: readonly ({ readonly name: string; readonly state: string; readonly mode: string | null; readonly version: string | null; readonly url: string | null })[]; readonly modes: readonly ({ readonly mode: string; readonly meaning: string })[]; readonly mails: readonly ({ readonly id: string; readonly to: string; readonly subject: string; readonly at: string; readonly text: string; readonly ackUrl: string | null })[]; readonly webhooks: readonly ({ readonly id: string; readonly at: string; readonly type: string; readonly verified: boolean; readonly body: string })[]; readonly webhookUrl: string; readonly shopUrl: string; readonly error: string | null }
export type Escalation = { readonly id: string; readonly alertId: string; readonly service: string | null; readonly policy: string; readonly chosen: string; readonly urgency: "high" | "low"; readonly phase: "escalating" | "exhausted" | "acknowledged" | "snoozed" | "resolved"; readonly level: number | null; readonly round: number; readonly assigned: readonly string[]; readonly nextAt: string | null; readonly openedAt: string }
export type EscalationNow = { readonly escalation: Escalation; readonly edited: { readonly pages: readonly ({ readonly person: string; readonly because: string })[]; readonly nextAt: string | null; readonly sentences: readonly string[] } | null }
export type Exhaustion = { readonly at: string | null; readonly sentence: string }
export type FailureClass = { readonly name: string; readonly title: string; readonly meaning: string; readonly change: boolean }
export type FinalSchedule = { readonly name: string; readonly from: string; readonly to: string; readonly shifts: readonly Shift[]; readonly gaps: readonly ({ readonly start: string; readonly end: string })[]; readonly missing: readonly ({ readonly start: string; readonly end: string })[]; readonly unrecorded: readonly ({ readonly start: string; readonly end: string })[] }
export type ForeseenPaging = { readonly policy: string; readonly because: string; readonly pages: readonly ({ readonly at: string; readonly person: string; readonly channel: string; readonly level: number | null; readonly because: string })[] }
export type GraphPin = { readonly id: string; readonly title: string; readonly objective: string; readonly from: string; readonly to: string; readonly stepMs: number; readonly target: number | null; readonly points: readonly ({ readonly at: string; readonly good: number; readonly bad: number; readonly measured: boolean })[]; readonly pinnedBy: string; readonly pinnedAt: string }
export type GroupAlerts = { readonly leastEvents: number }
export type GroupLedgerRow = { readonly name: string; readonly values: readonly string[] | null; readonly bad: number; readonly share: number; readonly byCause: readonly number[]; readonly remainingRatio: number | null; readonly forecast: { readonly at: string | null; readonly recoversAt: string | null; readonly sentence: string } }
export type GroupSums = { readonly groups: CountedEvents; readonly before: CountedEvents; readonly whole: CountedEvents }
export type HandOverAlert = { readonly alert: string; readonly title: string; readonly severity: string; readonly startedAt: string; readonly standing: string; readonly link: string }
export type HandOverNote = { readonly schedule: string; readonly displayName: string; readonly from: string; readonly to: string | null; readonly leaving: readonly string[]; readonly coming: readonly string[]; readonly calls: number; readonly brokenNights: number; readonly happened: readonly HandOverAlert[]; readonly open: readonly HandOverAlert[]; readonly ahead: readonly string[]; readonly facts: readonly ({ readonly heading: string; readonly sentence: string; readonly link: string | null })[]; readonly text: string }
export type ImportedObjective = { readonly name: string; readonly service: string; readonly targets: readonly number[]; readonly window: string; readonly line: number }
export type Incident = { readonly id: string; readonly number: number; readonly title: string; readonly severity: "SEV1" | "SEV2" | "SEV3" | "SEV4"; readonly severityReason: string; readonly status: "planned" | "triage" | "active" | "mitigated" | "resolved" | "reviewed"; readonly services: readonly string[]; readonly teams: readonly string[]; readonly impactStartedAt: string | null; readonly detectedAt: string | null; readonly declaredAt: string; readonly acknowledgedAt: string | null; readonly mitigatedAt: string | null; readonly resolvedAt: string | null; readonly declaredBy: string; readonly automatic: boolean; readonly kind: "normal" | "security" | "drill" | "backfilled" | "scheduled"; readonly plan: IncidentPlan | null; readonly nextUpdateAt: string | null; readonly parentId: string | null; readonly mergedInto: string | null; readonly roles: readonly ({ readonly role: "commander" | "deputy" | "operations-lead" | "communications-lead" | "scribe" | "expert" | "observer"; readonly person: string; readonly since: string })[]; readonly offers: readonly ({ readonly role: "commander" | "deputy" | "operations-lead" | "communications-lead" | "scribe" | "expert" | "observer"; readonly person: string; readonly offeredBy: string; readonly offeredAt: string })[]; readonly vacancies: readonly IncidentVacancy[]; readonly readers: readonly string[]; readonly reviewedAt: string | null; readonly impactStatement: string | null; readonly callUrl: string | null; readonly alerts: readonly ({ readonly id: string; readonly number: number; readonly title: string; readonly status: string; readonly severity: string; readonly service: string | null; readonly openedAt: string })[]; readonly next: readonly ("planned" | "triage" | "active" | "mitigated" | "resolved" | "reviewed")[]; readonly impact: { readonly minutes: number | null; readonly ongoing: boolean; readonly people: number | null; readonly regions: readonly string[]; readonly customers: readonly string[] }; readonly measures: { readonly timeToDetect: { readonly kind: "known" | "not-yet" | "unknown"; readonly ms: number | null; readonly because: string | null }; readonly timeToAcknowledge: { readonly kind: "known" | "not-yet" | "unknown"; readonly ms: number | null; readonly because: string | null }; readonly timeToMitigate: { readonly kind: "known" | "not-yet" | "unknown"; readonly ms: number | null; readonly because: string | null }; readonly timeToResolve: { readonly kind: "known" | "not-yet" | "unknown"; readonly ms: number | null; readonly because: string | null }; readonly timeToFirstUpdate: { readonly kind: "known" | "not-yet" | "unknown"; readonly ms: number | null; readonly because: string | null } }; readonly version: number }
export type IncidentClassification = { readonly whole: string | null; readonly factors: readonly ({ readonly id: string; readonly text: string; readonly kind: string; readonly class: string | null })[]; readonly postmortem: { readonly id: string; readonly number: number; readonly status: string } | null }
export type IncidentExport = { readonly incident: Incident; readonly timeline: readonly ({ readonly id: number; readonly at: string; readonly sentence: string; readonly actor: string })[]; readonly items: readonly IncidentItem[]; readonly pins: readonly GraphPin[]; readonly updates: readonly IncidentUpdate[]; readonly markdown: string }
export type IncidentImpact = { readonly statement: string | null; readonly minutes: number | null; readonly ongoing: boolean; readonly people: number | null; readonly regions: readonly string[]; readonly customers: readonly string[]; readonly byTier: readonly ({ readonly tier: number | null; readonly minutes: number })[]; readonly spans: readonly ({ readonly service: string; readonly startedAt: string; readonly endedAt: string | null })[]; readonly derived: boolean }
export type IncidentItem = { readonly id: string; readonly kind: "task" | "decision" | "hypothesis" | "mitigation" | "vendor-case"; readonly text: string; readonly state: "open" | "done" | "dropped" | "recorded" | "withdrawn" | "confirmed" | "refuted" | "started" | "verified" | "ineffective" | "asked" | "answered"; readonly owner: string | null; readonly dueAt: string | null; readonly reason: string | null; readonly evidence: readonly ({ readonly side: "for" | "against"; readonly text: string; readonly by: string; readonly at: string })[]; readonly verification: { readonly objective: string; readonly holdMs: number; readonly giveUpAt: string; readonly goodSince: string | null; readonly because: string } | null; readonly vendorCase: { readonly vendor: string; readonly contacts: readonly ({ readonly label: string; readonly kind: string; readonly value: string })[]; readonly caseNumber: string | null } | null; readonly createdBy: string; readonly createdAt: string; readonly closedAt: string | null; readonly next: readonly ("open" | "done" | "dropped" | "recorded" | "withdrawn" | "confirmed" | "refuted" | "started" | "verified" | "ineffective" | "asked" | "answered")[]; readonly version: number }
export type IncidentPlan = { readonly startsAt: string; readonly endsAt: string; readonly maintenance: string | null }
export type IncidentRepeats = { readonly proposals: readonly RepeatProposal[]; readonly knownErrors: readonly KnownError[]; readonly problems: readonly ({ readonly id: string; readonly number: number; readonly title: string; readonly state: string })[]; readonly measure: string; readonly threshold: number; readonly looked: number }
export type IncidentSummary = { readonly id: string; readonly number: number; readonly title: string; readonly severity: "SEV1" | "SEV2" | "SEV3" | "SEV4"; readonly severityReason: string; readonly status: "planned" | "triage" | "active" | "mitigated" | "resolved" | "reviewed"; readonly services: readonly string[]; readonly teams: readonly string[]; readonly impactStartedAt: string | null; readonly detectedAt: string | null; readonly declaredAt: string; readonly acknowledgedAt: string | null; readonly mitigatedAt: string | null; readonly resolvedAt: string | null; readonly declaredBy: string; readonly automatic: boolean; readonly kind: "normal" | "security" | "drill" | "backfilled" | "scheduled"; readonly plan: IncidentPlan | null; readonly nextUpdateAt: string | null; readonly parentId: string | null; readonly mergedInto: string | null }
export type IncidentUpdate = { readonly id: string; readonly number: number; readonly audience: "responders" | "company" | "executives" | "customers" | "customer"; readonly customer: string | null; readonly text: string; readonly postedBy: string; readonly approvedBy: string | null; readonly postedAt: string; readonly nextAt: string | null }
export type IncidentVacancy = { readonly role: "commander" | "deputy" | "operations-lead" | "communications-lead" | "scribe" | "expert" | "observer"; readonly since: string; readonly pagedAt: string; readonly rota: string | null; readonly because: string; readonly endedAt: string | null }
export type IntakeMapping = { readonly alerts?: string; readonly when?: string; readonly status?: string; readonly key?: string; readonly summary?: string; readonly severity?: string; readonly service?: string; readonly labels?: string; readonly annotations?: string; readonly startsAt?: string; readonly endsAt?: string; readonly link?: string }
export type IntakeOrphan = { readonly id: string; readonly source: string; readonly because: string; readonly body: string; readonly cut: boolean; readonly times: number; readonly receivedAt: string; readonly lastAt: string }
export type IntakeSignal = { readonly status: "firing" | "resolved"; readonly key: string; readonly summary: string; readonly severity: "critical" | "warning" | "info"; readonly severityGiven: string | null; readonly service: string | null; readonly labels: Readonly<Record<string, string>>; readonly startsAt: string; readonly endsAt: string | null; readonly links: readonly ({ readonly title: string; readonly url: string })[]; readonly notes: readonly string[] }
export type IntakeSource = { readonly name: string; readonly title: string; readonly format: "generic" | "alertmanager" | "grafana" | "pagerduty" | "opsgenie" | "cloudwatch" | "datadog" | "sentry" | "zabbix" | "uptimekuma" | "email" | "heartbeat"; readonly formatTitle: string; readonly team: string | null; readonly service: string | null; readonly state: "never" | "receiving" | "quiet" | "silent"; readonly receivedAt: string | null; readonly lastHour: { readonly deliveries: number; readonly signals: number; readonly counted: number; readonly orphans: number; readonly refused: number }; readonly minutes: readonly number[]; readonly orphans: number; readonly tokens: number; readonly heartbeat: { readonly everyMs: number; readonly graceMs: number; readonly silentSince: string | null; readonly beatAt: string | null } | null }
export type IntakeSourceDetail = { readonly name: string; readonly title: string; readonly format: "generic" | "alertmanager" | "grafana" | "pagerduty" | "opsgenie" | "cloudwatch" | "datadog" | "sentry" | "zabbix" | "uptimekuma" | "email" | "heartbeat"; readonly formatTitle: string; readonly team: string | null; readonly service: string | null; readonly state: "never" | "receiving" | "quiet" | "silent"; readonly receivedAt: string | null; readonly lastHour: { readonly deliveries: number; readonly signals: number; readonly counted: number; readonly orphans: number; readonly refused: number }; readonly minutes: readonly number[]; readonly orphans: number; readonly tokens: number; readonly heartbeat: { readonly everyMs: number; readonly graceMs: number; readonly silentSince: string | null; readonly beatAt: string | null } | null; readonly address: string; readonly declaredAt: string; readonly perMinute: number; readonly expiresMs: number | null; readonly mapping: IntakeMapping | null; readonly severities: Readonly<Record<string, "critical" | "warning" | "info">>; readonly displaced: number; readonly signature: { readonly can: "none" | "secret" | "certificate"; readonly checked: boolean; readonly secrets: number }; readonly liveTokens: readonly IntakeToken[]; readonly samples: readonly ({ readonly id: number; readonly receivedAt: string; readonly outcome: string; readonly body: string })[]; readonly setUp: readonly ({ readonly title: string; readonly text: string })[] }
export type IntakeToken = { readonly id: string; readonly last4: string; readonly createdBy: string; readonly createdAt: string; readonly expiresAt: string | null; readonly usedAt: string | null }
export type IntakeUnclaimed = { readonly id: number; readonly source: string; readonly because: string; readonly body: string; readonly receivedAt: string }
export type JoinedDocument = { readonly client: number; readonly epoch: number; readonly seq: number; readonly state: string }
export type JournalCheckpoint = { readonly id: number; readonly size: number; readonly root: string; readonly note: string; readonly key: string; readonly at: string }
export type JournalEntry = { readonly id: number; readonly at: string; readonly type: string; readonly actor: { readonly kind: "person" | "key" | "automation" | "link"; readonly id: string; readonly name: string }; readonly subject: { readonly kind: string; readonly id: string }; readonly links: readonly ({ readonly kind: string; readonly id: string })[]; readonly reason: string | null; readonly data: Readonly<Record<string, unknown>>; readonly before: Readonly<Record<string, unknown>> | null; readonly after: Readonly<Record<string, unknown>> | null }
export type JournalVerification = { readonly ok: boolean; readonly entries: number; readonly checkpoints: number; readonly sealed: number; readonly unsealed: number; readonly firstBad: number | null; readonly findings: readonly ({ readonly kind: string; readonly at: number | null; readonly until: number | null; readonly sentence: string })[]; readonly at: string }
export type JourneyMember = { readonly kind: "objective" | "journey" | "any-of"; readonly name: string; readonly displayName: string; readonly service: string | null; readonly depth: number; readonly weight: number; readonly use: number; readonly need: number | null; readonly target: number | null; readonly attainment: number | null; readonly attainmentText: string; readonly state: "ok" | "burning" | "exhausted" | "no-data" | "no-events"; readonly remainingRatio: number | null; readonly measuredRatio: number | null; readonly worst: boolean; readonly badSteps: number; readonly aloneSteps: number }
export type JourneyObjective = { readonly name: string; readonly displayName: string; readonly source: "JourneyObjective" | "SLO"; readonly journey: string | null; readonly team: string | null; readonly target: number | null; readonly targetText: string | null; readonly windowMs: number; readonly mode: "weighted" | "worst" | "any-bad" | "budget-weighted"; readonly missing: "unknown" | "bad" | "leave-out"; readonly state: "ok" | "burning" | "exhausted" | "no-data" | "no-events" | "expired"; readonly since: string | null; readonly asOf: string | null; readonly sentence: string; readonly review: "none" | "upcoming" | "due" | "overdue"; readonly expiresAt: string | null; readonly attainment: number | null; readonly remainingRatio: number | null; readonly weighted: number | null; readonly product: number | null; readonly worst: number | null; readonly joint: number | null; readonly description: string; readonly stepMs: number; readonly steps: JourneySteps; readonly texts: JourneyTexts; readonly ceiling: TargetCeiling; readonly members: readonly JourneyMember[] }
export type JourneyObjectiveSummary = { readonly name: string; readonly displayName: string; readonly source: "JourneyObjective" | "SLO"; readonly journey: string | null; readonly team: string | null; readonly target: number | null; readonly targetText: string | null; readonly windowMs: number; readonly mode: "weighted" | "worst" | "any-bad" | "budget-weighted"; readonly missing: "unknown" | "bad" | "leave-out"; readonly state: "ok" | "burning" | "exhausted" | "no-data" | "no-events" | "expired"; readonly since: string | null; readonly asOf: string | null; readonly sentence: string; readonly review: "none" | "upcoming" | "due" | "overdue"; readonly expiresAt: string | null; readonly attainment: number | null; readonly remainingRatio: number | null; readonly weighted: number | null; readonly product: number | null; readonly worst: number | null; readonly joint: number | null }
export type JourneySteps = { readonly good: number; readonly bad: number; readonly unknown: number; readonly idle: number }
export type JourneyTexts = { readonly attainment: string; readonly weighted: string; readonly product: string; readonly worst: string; readonly joint: string }
export type JudgedHold = { readonly id: string; readonly kind: "freeze" | "approval"; readonly service: string; readonly policy: string; readonly subject: "objective" | "journey"; readonly objective: string; readonly step: string; readonly sentence: string; readonly endsWhen: string; readonly allows: readonly string[]; readonly approvers: string; readonly since: string; readonly until: string | null; readonly endedAt: string | null; readonly endedBecause: string | null; readonly excepted: ChangeSanction | null; readonly passes: "allowed-kind" | "exception" | null }
export type KeptRows = { readonly name: string; readonly summary: string; readonly days: number | null; readonly setting: string | null; readonly removed: number; readonly heldBack: number }
export type KeptWorkflowHook = { readonly hook: WorkflowHook; readonly secret: string | null }
export type KnownError = { readonly problem: { readonly id: string; readonly number: number; readonly title: string; readonly state: string }; readonly workaround: string; readonly score: number; readonly because: readonly string[] }
export type LearningMonth = { readonly month: string; readonly incidents: number; readonly repeats: number; readonly repeatRate: number | null; readonly classified: number; readonly ofChanges: number; readonly notOfChanges: number; readonly timeToDetect: { readonly medianMs: number | null; readonly known: number; readonly unknown: number; readonly notYet: number }; readonly timeToAcknowledge: { readonly medianMs: number | null; readonly known: number; readonly unknown: number; readonly notYet: number }; readonly timeToMitigate: { readonly medianMs: number | null; readonly known: number; readonly unknown: number; readonly notYet: number }; readonly timeToResolve: { readonly medianMs: number | null; readonly known: number; readonly unknown: number; readonly notYet: number }; readonly timeToFirstUpdate: { readonly medianMs: number | null; readonly known: number; readonly unknown: number; readonly notYet: number } }
export type LearningPack = { readonly month: string; readonly from: string; readonly to: string; readonly asOf: string; readonly totals: LearningTotals; readonly before: LearningTotals; readonly impactMinutes: number; readonly bySeverity: readonly LearningTally[]; readonly byClass: readonly LearningTally[]; readonly incidents: readonly ({ readonly incident: LearntIncident; readonly classes: readonly string[]; readonly impactMinutes: number | null; readonly timeToMitigateMs: number | null; readonly repeats: boolean })[]; readonly repeats: readonly RepeatPair[]; readonly actions: { readonly agreed: number; readonly finished: readonly ({ readonly id: string; readonly number: number; readonly title: string; readonly owner: string; readonly dueAt: string; readonly state: string; readonly postmortem: string })[]; readonly proven: readonly ({ readonly id: string; readonly number: number; readonly title: string; readonly owner: string; readonly dueAt: string; readonly state: string; readonly postmortem: string })[]; readonly overdue: readonly ({ readonly id: string; readonly number: number; readonly title: string; readonly owner: string; readonly dueAt: string; readonly state: string; readonly postmortem: string })[] }; readonly problems: readonly ({ readonly problem: { readonly id: string; readonly number: number; readonly title: string; readonly state: string }; readonly moves: readonly ({ readonly at: string; readonly after: string; readonly because: string })[] })[]; readonly knownErrors: readonly ({ readonly problem: { readonly id: string; readonly number: number; readonly title: string; readonly state: string }; readonly workaround: string })[]; readonly lessons: readonly ({ readonly postmortem: { readonly id: string; readonly number: number; readonly title: string }; readonly lessons: string })[]; readonly smallPrint: readonly string[]; readonly markdown: string }
export type LearningTally = { readonly name: string; readonly incidents: number; readonly repeats: number; readonly timeToMitigate: { readonly medianMs: number | null; readonly known: number; readonly unknown: number; readonly notYet: number } }
export type LearningTotals = { readonly incidents: number; readonly repeats: number; readonly repeatRate: number | null; readonly classified: number; readonly ofChanges: number; readonly notOfChanges: number; readonly timeToDetect: { readonly medianMs: number | null; readonly known: number; readonly unknown: number; readonly notYet: number }; readonly timeToAcknowledge: { readonly medianMs: number | null; readonly known: number; readonly unknown: number; readonly notYet: number }; readonly timeToMitigate: { readonly medianMs: number | null; readonly known: number; readonly unknown: number; readonly notYet: number }; readonly timeToResolve: { readonly medianMs: number | null; readonly known: number; readonly unknown: number; readonly notYet: number }; readonly timeToFirstUpdate: { readonly medianMs: number | null; readonly known: number; readonly unknown: number; readonly notYet: number } }
export type LearningTrends = { readonly from: string; readonly to: string; readonly totals: LearningTotals; readonly bySeverity: readonly LearningTally[]; readonly byClass: readonly LearningTally[]; readonly byService: readonly LearningTally[]; readonly byTeam: readonly LearningTally[]; readonly months: readonly LearningMonth[]; readonly smallPrint: readonly string[] }
export type LearntHit = { readonly kind: "incident" | "postmortem" | "action" | "problem"; readonly id: string; readonly number: number; readonly title: string; readonly part: string; readonly at: string; readonly pieces: readonly ({ readonly text: string; readonly hit: boolean })[] }
export type LearntIncident = { readonly id: string; readonly number: number; readonly title: string; readonly severity: string; readonly status: string; readonly services: readonly string[]; readonly beganAt: string; readonly resolvedAt: string | null }
export type LearntPair = { readonly id: string; readonly verdict: "apart" | "together"; readonly one: { readonly service: string | null; readonly rule: string }; readonly other: { readonly service: string | null; readonly rule: string }; readonly sentence: string; readonly because: string; readonly saidBy: string; readonly saidAt: string; readonly until: string; readonly used: number; readonly usedAt: string | null }
export type LedgerExclusion = { readonly id: string; readonly source: "declared" | "correction" | "maintenance"; readonly mode: "drop" | "good"; readonly reason: string; readonly author: string; readonly bad: number }
export type LedgerRow = { readonly from: string; readonly to: string; readonly bad: number; readonly share: number; readonly budgetShare: number | null; readonly cause: { readonly kind: "incident" | "change" | "dependency" | "background" | "unknown"; readonly id: string | null; readonly label: string } }
export type LegalHold = { readonly id: string; readonly kind: "everything" | "service" | "incident" | "person"; readonly name: string; readonly reason: string; readonly placedBy: string; readonly placedAt: string }
export type Lifeboat = { readonly standing: "ashore" | "doubt" | "afloat" | "landing"; readonly sentence: string; readonly since: string | null; readonly plan: { readonly takenAt: string; readonly ageMs: number } | null; readonly journal: { readonly bytes: number; readonly mostBytes: number; readonly signals: number; readonly alerts: number; readonly pages: number; readonly acknowledged: number }; readonly gaps: readonly LifeboatGap[] }
export type LifeboatGap = { readonly id: string; readonly process: string; readonly from: string; readonly to: string; readonly planTakenAt: string | null; readonly signals: number; readonly alerts: number; readonly pages: number; readonly acknowledged: number }
export type LintFinding = { readonly severity: "error" | "warning" | "note"; readonly document: string; readonly line: number; readonly column: number; readonly pointer: string; readonly detail: string }
export type ListedService = { readonly name: string; readonly displayName: string; readonly description: string; readonly team: string | null; readonly tier: number; readonly lifecycle: string; readonly type: string; readonly system: string | null; readonly dependsOn: readonly ({ readonly service: string; readonly strength: string })[]; readonly environments: readonly string[]; readonly links: readonly ({ readonly title: string; readonly url: string; readonly kind: string })[]; readonly labels: Readonly<Record<string, string>>; readonly escalationPolicy: string | null; readonly objectives: { readonly count: number; readonly state: string | null; readonly level: string } | null }
export type MaintenanceDraft = { readonly services: readonly string[]; readonly dependants?: "none" | "hard" | "all"; readonly start: string; readonly timeZone: string; readonly lasts: string; readonly repeat?: string }
export type MaintenanceOccurrence = { readonly id: string; readonly window: string; readonly title: string; readonly reason: string; readonly team: string | null; readonly state: "scheduled" | "in_progress" | "completed" | "cancelled"; readonly startsAt: string; readonly endsAt: string; readonly plannedAt: string; readonly services: readonly string[]; readonly budget: "drop" | "good" | "count"; readonly announced: { readonly title: string; readonly text: string } | null; readonly declaredBy: string; readonly changed: { readonly by: string; readonly because: string; readonly cancelledAt: string | null } | null; readonly parts: number }
export type MetricFinding = { readonly code: string; readonly about: string; readonly example: string; readonly sentence: string }
export type MetricUsage = { readonly name: string; readonly kind: string; readonly unit: string; readonly samples: number; readonly series: number; readonly share: number; readonly lastAt: string; readonly findings: readonly MetricFinding[] }
export type Money = { readonly amount: string; readonly currency: string }
export type NeedsHuman = { readonly kind: "alert" | "incident" | "objective" | "schedule" | "work" | "postmortem" | "action" | "intake" | "workflow"; readonly id: string; readonly title: string; readonly sentence: string; readonly severity: "critical" | "warning" | "info"; readonly service: string | null; readonly since: string | null; readonly href: string; readonly action: { readonly label: string; readonly operation: string; readonly id: string; readonly ids?: readonly string[] } | null }
export type NotificationRules = { readonly high: readonly ({ readonly delayMs: number; readonly contact: string })[]; readonly low: readonly ({ readonly delayMs: number; readonly contact: string })[] }
export type NotificationRulesOfPerson = { readonly person: string; readonly rules: NotificationRules; readonly findings: readonly ({ readonly code: string; readonly sentence: string })[] }
export type Objective = { readonly name: string; readonly displayName: string; readonly service: string; readonly team: string | null; readonly tier: number | null; readonly target: number; readonly targetText: string; readonly windowMs: number; readonly kind: "availability" | "latency"; readonly state: "ok" | "burning" | "exhausted" | "no-data" | "no-events" | "expired"; readonly level: "none" | "ticket" | "page"; readonly budget: ObjectiveBudget; readonly burn: BurnRate | null; readonly sentence: string; readonly since: string | null; readonly asOf: string | null; readonly review: "none" | "upcoming" | "due" | "overdue"; readonly expiresAt: string | null; readonly description: string; readonly document: string; readonly version: number; readonly effectiveAt: string; readonly sliceMs: number; readonly method: "occurrences" | "timeslices" | "ratio-timeslices"; readonly tiers: readonly BurnTier[]; readonly windows: readonly ObjectiveWindow[]; readonly period: BudgetPeriod | null; readonly traffic: TrafficAdvice | null; readonly groupedBy: readonly string[]; readonly guard: number; readonly exhaustion: Exhaustion; readonly definition: ObjectiveDefinition }
export type ObjectiveBudget = { readonly totalBad: number; readonly spentBad: number; readonly remainingRatio: number | null; readonly good: number; readonly bad: number; readonly measuredRatio: number }
export type ObjectiveBudgetNumbers = { readonly objective: string; readonly service: string; readonly state: "ok" | "burning" | "exhausted" | "no-data" | "no-events" | "expired"; readonly level: "none" | "ticket" | "page"; readonly windowMs: number; readonly good: number; readonly bad: number; readonly totalBad: number; readonly spentBad: number; readonly remainingRatio: number | null; readonly measuredRatio: number; readonly burnRate: number | null; readonly asOf: string | null }
export type ObjectiveCeiling = { readonly target: number; readonly ceiling: TargetCeiling; readonly dependencies: readonly CeilingDependency[] }
export type ObjectiveDefinition = Readonly<Record<string, unknown>>
export type ObjectiveExport = { readonly documents: string; readonly count: number }
export type ObjectiveGroup = { readonly name: string; readonly values: readonly string[] | null; readonly state: "ok" | "burning" | "exhausted" | "no-data" | "no-events"; readonly level: "none" | "ticket" | "page"; readonly since: string; readonly good: number; readonly bad: number; readonly badShare: number; readonly totalBad: number; readonly spentBad: number; readonly remainingRatio: number | null; readonly burnRate: number | null; readonly told: "ticket" | "page" | null; readonly sentence: string }
export type ObjectiveImport = { readonly formats: readonly string[]; readonly documents: string; readonly objectives: readonly ImportedObjective[]; readonly leftOut: readonly ObjectiveRemark[]; readonly notes: readonly ObjectiveRemark[] }
export type ObjectiveLint = { readonly formats: readonly string[]; readonly documents: number; readonly objectives: number; readonly others: number; readonly findings: readonly LintFinding[] }
export type ObjectivePeriod = { readonly start: string; readonly end: string; readonly state: "running" | "ended"; readonly target: number; readonly version: number; readonly good: number; readonly bad: number; readonly attainment: number | null; readonly totalBad: number; readonly spentBad: number; readonly remainingRatio: number | null; readonly projectedRemainingRatio: number | null; readonly met: boolean | null; readonly measuredRatio: number }
export type ObjectivePoint = { readonly at: string; readonly remainingRatio: number | null; readonly burnRate: number | null; readonly good: number; readonly bad: number; readonly measured: boolean }
export type ObjectivePolicy = { readonly name: string; readonly displayName: string; readonly steps: readonly ObjectivePolicyStep[] }
export type ObjectivePolicyStep = { readonly name: string; readonly sentence: string; readonly actions: readonly PolicyAction[]; readonly entered: readonly PolicyEpisode[]; readonly last: PolicyEpisode | null }
export type ObjectiveRemark = { readonly line: number; readonly document: string; readonly detail: string }
export type ObjectiveReview = { readonly id: string; readonly subject: "objective" | "journey"; readonly objective: string; readonly at: string; readonly by: string; readonly decision: "keep" | "change-target" | "retire"; readonly reason: string; readonly newTargetText: string | null; readonly dueOn: string | null; readonly figures: ReviewFigures }
export type ObjectiveSummary = { readonly name: string; readonly displayName: string; readonly service: string; readonly team: string | null; readonly tier: number | null; readonly target: number; readonly targetText: string; readonly windowMs: number; readonly kind: "availability" | "latency"; readonly state: "ok" | "burning" | "exhausted" | "no-data" | "no-events" | "expired"; readonly level: "none" | "ticket" | "page"; readonly budget: ObjectiveBudget; readonly burn: BurnRate | null; readonly sentence: string; readonly since: string | null; readonly asOf: string | null; readonly review: "none" | "upcoming" | "due" | "overdue"; readonly expiresAt: string | null }
export type ObjectiveTerms = { readonly subject: "objective" | "journey"; readonly objective: string; readonly displayName: string; readonly service: string | null; readonly team: string | null; readonly targetText: string; readonly owner: ReviewOwner | null; readonly everyText: string | null; readonly dueOn: string | null; readonly review: "none" | "upcoming" | "due" | "overdue"; readonly lastReviewedAt: string | null; readonly lastReviewedBy: string | null; readonly expiresAt: string | null; readonly expiry: "none" | "holds" | "expires-soon" | "expired"; readonly pending: { readonly decision: "change-target" | "retire"; readonly newTargetText: string | null; readonly at: string } | null; readonly sentence: string }
export type ObjectiveWindow = { readonly lengthMs: number; readonly good: number; readonly bad: number; readonly burnRate: number | null; readonly measuredRatio: number }
export type OnCallFigures = { readonly onCallMs: number; readonly pages: number; readonly calls: number; readonly afterHours: number; readonly nights: number; readonly brokenNights: number; readonly awakeMs: number; readonly busyMs: number; readonly stretches: number; readonly overfull: number; readonly callsPerStretch: number | null; readonly pagesPerHour: number | null; readonly answered: number; readonly answeredByOthers: number; readonly unanswered: number; readonly unknown: number; readonly medianAnswerMs: number | null; readonly slowAnswerMs: number | null }
export type OnCallHealth = { readonly from: string; readonly to: string; readonly asOf: string; readonly teams: readonly ({ readonly team: string; readonly displayName: string; readonly people: number | null; readonly total: OnCallFigures | null; readonly missingMs: number })[]; readonly me: PersonOnCallHealth | null }
export type OnCallHealthSpan = { readonly from: string; readonly to: string; readonly people: number; readonly figures: OnCallFigures }
export type OnCallLimit = { readonly limit: "calls" | "broken-nights" | "time-on-call" | "answers"; readonly value: number; readonly allowed: number; readonly isOver: boolean; readonly sentence: string }
export type OnCallMe = { readonly person: string | null; readonly onCall: boolean; readonly schedules: readonly string[]; readonly until: string | null; readonly nextShift: { readonly start: string; readonly end: string } | null; readonly contacts: readonly ({ readonly id: string; readonly kind: string; readonly label: string; readonly verified: boolean })[]; readonly rules: { readonly high: number; readonly low: number }; readonly reachable: boolean }
export type OnCallTermsInForce = { readonly night: string; readonly workingHours: string; readonly calls: number; readonly perMs: number; readonly brokenNights: number; readonly timeOnCall: number; readonly answerMs: number; readonly togetherMs: number; readonly leastMs: number; readonly mostMs: number }
export type OnCallTrend = { readonly weeks: number; readonly calls: { readonly before: number; readonly after: number; readonly trend: "more" | "fewer" | "same" | "unknown" }; readonly brokenNights: { readonly before: number; readonly after: number; readonly trend: "more" | "fewer" | "same" | "unknown" } }
export type Override = { readonly id: string; readonly schedule: string; readonly kind: "replace" | "add" | "remove"; readonly person: string; readonly covers: string | null; readonly rotation: string | null; readonly shift: string | null; readonly start: string; readonly end: string; readonly reason: string; readonly createdBy: string; readonly createdAt: string; readonly fromCalendar: boolean }
export type OverrideOrder = { readonly kind: "replace" | "add" | "remove"; readonly person: string; readonly covers?: string; readonly rotation?: string; readonly shift?: string; readonly start: string; readonly end: string; readonly reason: string }
export type Overview = { readonly needsHuman: readonly NeedsHuman[]; readonly calm: string; readonly recentChanges: readonly ({ readonly id: string; readonly service: string; readonly summary: string; readonly version: string | null; readonly kind: string; readonly at: string })[]; readonly counts: { readonly services: number; readonly objectives: number; readonly healthyObjectives: number; readonly openAlerts: number; readonly openIncidents: number; readonly people: number }; readonly firstRun: boolean }
export type PastAlert = { readonly level: "page" | "ticket"; readonly tier: string; readonly firedAt: string; readonly endedAt: string | null }
export type PayCorrection = { readonly id: string; readonly class: "holiday" | "weekend" | "night" | "weekday"; readonly standbyMs: number; readonly awakeMs: number; readonly reason: string; readonly by: string; readonly at: string }
export type PayPerson = { readonly person: string; readonly displayName: string; readonly zone: string; readonly days: readonly ({ readonly date: string; readonly class: "holiday" | "weekend" | "night" | "weekday"; readonly standbyMs: number; readonly awakeMs: number })[]; readonly sums: readonly PaySum[]; readonly corrections: readonly PayCorrection[]; readonly total: readonly PaySum[]; readonly alsoElsewhereMs: number; readonly alsoElsewhereAwakeMs: number; readonly differs: readonly PaySum[] }
export type PayStatement = { readonly team: string; readonly displayName: string; readonly from: string; readonly until: string; readonly state: "running" | "open" | "signed"; readonly id: string | null; readonly signedBy: string | null; readonly signedAt: string | null; readonly reads: "everybody" | "own"; readonly unrecordedMs: number; readonly people: readonly PayPerson[]; readonly earlier: readonly ({ readonly from: string; readonly until: string; readonly signedBy: string; readonly signedAt: string })[] }
export type PaySum = { readonly class: "holiday" | "weekend" | "night" | "weekday"; readonly standbyMs: number; readonly awakeMs: number }
export type Person = { readonly id: string; readonly email: string; readonly name: string; readonly role: "viewer" | "responder" | "editor" | "admin"; readonly teams: readonly string[]; readonly timeZone: string; readonly disabled: boolean; readonly hasPassword: boolean; readonly linked: boolean; readonly createdAt: string; readonly version: number }
export type PersonOnCallHealth = { readonly person: string; readonly displayName: string; readonly zone: string; readonly total: OnCallFigures; readonly weeks: readonly OnCallHealthSpan[]; readonly limits: readonly OnCallLimit[] }
export type PersonPage = { readonly id: string; readonly escalationId: string; readonly alertId: string; readonly service: string | null; readonly step: number; readonly level: number | null; readonly round: number; readonly person: string; readonly at: string; readonly because: string }
export type Plan = { readonly changes: readonly PlannedChange[] }
export type PlannedChange = { readonly kind: string; readonly name: string; readonly action: "create" | "update" | "unchanged" | "delete" | "conflict"; readonly fields: readonly ({ readonly path: string; readonly before: unknown; readonly after: unknown; readonly owner: string | null })[]; readonly warnings: readonly ({ readonly pointer?: string; readonly line?: number; readonly column?: number; readonly detail: string })[] }
export type PolicyAct = { readonly kind: "notify" | "open-task" | "require-approval" | "freeze-changes"; readonly at: string; readonly sentence: string }
export type PolicyAction = { readonly kind: "notify" | "open-task" | "require-approval" | "freeze-changes"; readonly sentence: string }
export type PolicyEpisode = { readonly id: string; readonly policy: string; readonly subject: "objective" | "journey"; readonly objective: string; readonly service: string; readonly step: string; readonly cause: string; readonly causeLabel: string; readonly reading: number; readonly sentence: string; readonly enteredAt: string; readonly clearSince: string | null; readonly leftAt: string | null; readonly leftBecause: string | null; readonly acts: readonly PolicyAct[] }
export type PolicySimulation = { readonly at: string; readonly steps: readonly ({ readonly at: string; readonly level: number | null; readonly round: number; readonly person: string; readonly contact: string; readonly channel: string; readonly because: string })[]; readonly webhooks: readonly ({ readonly at: string; readonly level: number | null; readonly round: number; readonly webhook: string; readonly because: string })[]; readonly trace: readonly ({ readonly at: string; readonly code: string; readonly sentence: string })[]; readonly findings: readonly ({ readonly person: string; readonly code: string; readonly sentence: string })[]; readonly readiness: readonly ({ readonly person: string; readonly state: "ready" | "doubtful" | "unreachable"; readonly sentences: readonly string[]; readonly channels: readonly ({ readonly kind: string; readonly label: string; readonly verified: boolean })[]; readonly lastReachedAt: string | null })[]; readonly complete: boolean }
export type PolicyStep = { readonly name: string; readonly sentence: string; readonly actions: readonly PolicyAction[] }
export type Postmortem = { readonly id: string; readonly number: number; readonly title: string; readonly incident: { readonly id: string; readonly number: number }; readonly severity: string; readonly services: readonly string[]; readonly team: string | null; readonly owner: string | null; readonly status: "draft" | "review" | "published"; readonly because: string; readonly openedAt: string; readonly dueAt: string; readonly overdue: boolean; readonly exception: { readonly by: string; readonly at: string; readonly because: string } | null; readonly publishedAt: string | null; readonly actions: { readonly open: number; readonly proving: number; readonly proven: number; readonly dropped: number }; readonly organisation: string | null; readonly dueBecause: string | null; readonly openedBy: string; readonly approvedBy: string | null; readonly hash: string | null; readonly facts: { readonly frozenAt: string; readonly timeline: readonly ({ readonly id?: number; readonly at: string; readonly sentence: string; readonly actor: string })[]; readonly timelineCut: boolean; readonly impact: { readonly statement: string | null; readonly minutes: number | null; readonly people?: number | null; readonly regions?: readonly string[]; readonly customers?: readonly string[] }; readonly times: readonly ({ readonly name: string; readonly at: string | null })[]; readonly measures: readonly ({ readonly name: string; readonly ms: number | null; readonly because: string | null })[]; readonly budget: readonly ({ readonly objective: string; readonly displayName: string; readonly service: string; readonly sentence: string })[]; readonly graphs?: readonly GraphPin[]; readonly responders: readonly string[]; readonly items: readonly ({ readonly kind: string; readonly text: string; readonly state: string; readonly reason: string | null })[] }; readonly factors: readonly ({ readonly id: string; readonly text: string; readonly kind: "trigger" | "latent" | "detection" | "response" | "organisation"; readonly leadsTo: readonly string[] })[]; readonly sections: readonly ({ readonly section: "summary" | "what-happened" | "went-well" | "went-badly" | "lucky" | "lessons"; readonly title: string; readonly body: string; readonly version: number; readonly updatedBy: string; readonly updatedAt: string })[]; readonly correctiveActions: readonly CorrectiveAction[]; readonly next: readonly ("draft" | "review" | "published")[]; readonly version: number }
export type PostmortemAgendaItem = { readonly postmortem: PostmortemSummary; readonly waitsSince: string; readonly quorum: number; readonly approvals: number; readonly missing: readonly string[]; readonly ready: boolean; readonly sentence: string }
export type PostmortemAuthors = { readonly sections: readonly ({ readonly section: "summary" | "what-happened" | "went-well" | "went-badly" | "lucky" | "lessons"; readonly title: string; readonly runs: readonly ({ readonly by: string; readonly text: string })[] })[] }
export type PostmortemComment = { readonly comment: string; readonly section: "summary" | "what-happened" | "went-well" | "went-badly" | "lucky" | "lessons" | null; readonly body: string; readonly by: string; readonly at: string; readonly resolved: { readonly by: string; readonly at: string } | null }
export type PostmortemCompliance = { readonly from: string; readonly to: string; readonly due: number; readonly onTime: number; readonly late: number; readonly open: number; readonly ratio: number | null; readonly excused: number; readonly severities: readonly ({ readonly severity: string; readonly due: number; readonly onTime: number; readonly late: number; readonly open: number; readonly ratio: number | null; readonly excused: number })[]; readonly teams: readonly ({ readonly team: string | null; readonly due: number; readonly onTime: number; readonly late: number; readonly open: number; readonly ratio: number | null; readonly excused: number })[] }
export type PostmortemExport = { readonly postmortem: Postmortem; readonly markdown: string }
export type PostmortemReview = { readonly quorum: number; readonly approvals: number; readonly missing: readonly string[]; readonly ready: boolean; readonly sentence: string; readonly textHash: string; readonly reviewers: readonly ({ readonly person: string; readonly askedBy: string | null; readonly askedAt: string; readonly state: "asked" | "approved" | "changes" | "outdated"; readonly reason: string | null; readonly decidedAt: string | null })[]; readonly comments: readonly PostmortemComment[] }
export type PostmortemSummary = { readonly id: string; readonly number: number; readonly title: string; readonly incident: { readonly id: string; readonly number: number }; readonly severity: string; readonly services: readonly string[]; readonly team: string | null; readonly owner: string | null; readonly status: "draft" | "review" | "published"; readonly because: string; readonly openedAt: string; readonly dueAt: string; readonly overdue: boolean; readonly exception: { readonly by: string; readonly at: string; readonly because: string } | null; readonly publishedAt: string | null; readonly actions: { readonly open: number; readonly proving: number; readonly proven: number; readonly dropped: number } }
export type PostmortemVersion = { readonly number: number; readonly at: string; readonly because: string; readonly authors: readonly string[]; readonly sections: readonly ({ readonly section: "summary" | "what-happened" | "went-well" | "went-badly" | "lucky" | "lessons"; readonly title: string; readonly body: string })[] }
export type PostmortemVersions = { readonly items: readonly ({ readonly number: number; readonly at: string; readonly because: string; readonly authors: readonly string[] })[] }
export type Probe = { readonly name: string; readonly service: string | null; readonly kind: "http" | "tcp" | "dns" | "tls" | "grpc" | "heartbeat"; readonly everyMs: number; readonly target: string; readonly url: string; readonly nextAt: string; readonly lastAt: string | null; readonly lastGood: boolean | null; readonly lastReason: string | null; readonly lastMs: number | null }
export type ProbeResult = { readonly at: string; readonly good: boolean; readonly status: number | null; readonly totalMs: number; readonly reason: string; readonly evidence: Readonly<Record<string, string>> }
export type Problem = { readonly type: string; readonly title: string; readonly status: number; readonly code: string; readonly detail: string; readonly requestId: string; readonly errors?: readonly ({ readonly pointer?: string; readonly line?: number; readonly column?: number; readonly detail: string })[] }
export type ProblemRecord = { readonly id: string; readonly number: number; readonly title: string; readonly state: "open" | "known-error" | "planned" | "watching" | "eliminated" | "accepted"; readonly class: string | null; readonly services: readonly string[]; readonly owner: string | null; readonly dueAt: string | null; readonly overdue: boolean; readonly openedAt: string; readonly incidents: number; readonly lastSeenAt: string | null; readonly actions: { readonly open: number; readonly proving: number; readonly proven: number; readonly dropped: number }; readonly windowMs: number; readonly watchedSince: string | null; readonly cause: string | null; readonly workaround: string | null; readonly plan: string | null; readonly linkedIncidents: readonly LearntIncident[]; readonly linkedActions: readonly ({ readonly id: string; readonly number: number; readonly title: string; readonly owner: string; readonly state: string; readonly dueAt: string; readonly overdue: boolean; readonly postmortem: string })[]; readonly moves: readonly ({ readonly at: string; readonly before: "open" | "known-error" | "planned" | "watching" | "eliminated" | "accepted" | null; readonly after: "open" | "known-error" | "planned" | "watching" | "eliminated" | "accepted"; readonly because: string; readonly by: string })[]; readonly sentence: string; readonly openedBy: string; readonly next: readonly ("open" | "known-error" | "planned" | "watching" | "eliminated" | "accepted")[]; readonly version: number }
export type ProblemRecordSummary = { readonly id: string; readonly number: number; readonly title: string; readonly state: "open" | "known-error" | "planned" | "watching" | "eliminated" | "accepted"; readonly class: string | null; readonly services: readonly string[]; readonly owner: string | null; readonly dueAt: string | null; readonly overdue: boolean; readonly openedAt: string; readonly incidents: number; readonly lastSeenAt: string | null; readonly actions: { readonly open: number; readonly proving: number; readonly proven: number; readonly dropped: number }; readonly windowMs: number; readonly watchedSince: string | null }
export type Proof = { readonly proof: "faults" | "takeover" | "restart" | "acknowledge" | "lifeboat" | "outage" | "failover" | "simulation" | "plants"; readonly promise: string; readonly holds: boolean; readonly done: number; readonly goal: number; readonly unit: string; readonly figures: readonly ({ readonly label: string; readonly value: string })[]; readonly firstRanAt: string; readonly lastRanAt: string; readonly versions: readonly string[]; readonly machines: readonly string[]; readonly seconds: number; readonly command: string }
export type PublicChoices = { readonly title: string | null; readonly sections: readonly ("summary" | "what-happened" | "went-well" | "went-badly" | "lucky" | "lessons")[]; readonly parts: readonly ("services" | "figures" | "timeline" | "factors" | "actions")[]; readonly passages: readonly string[]; readonly roles: readonly ({ readonly person: string; readonly role: string })[]; readonly noNames: readonly string[] }
export type PublicCopy = { readonly title: string; readonly organisation: string | null; readonly figures: readonly ({ readonly name: string; readonly value: string })[]; readonly sections: readonly ({ readonly title: string; readonly body: string; readonly lines: readonly string[] })[]; readonly partial: boolean }
export type PublicVersion = { readonly choices: PublicChoices; readonly prepared: { readonly by: string; readonly at: string; readonly hash: string; readonly copy: PublicCopy; readonly current: boolean; readonly needsSecond: boolean } | null; readonly served: { readonly by: string; readonly at: string; readonly hash: string; readonly url: string; readonly current: boolean } | null; readonly withdrawn: { readonly by: string; readonly at: string; readonly because: string } | null }
export type PushedCount = { readonly objective?: string; readonly indicator?: string; readonly at?: string; readonly good?: number; readonly bad?: number; readonly labels?: Readonly<Record<string, string>> }
export type Regrouping = { readonly id: string; readonly kind: "split" | "merge"; readonly from: { readonly id: string; readonly number: number; readonly title: string }; readonly to: { readonly id: string; readonly number: number; readonly title: string }; readonly alerts: readonly string[]; readonly reason: string; readonly saidBy: string; readonly saidAt: string; readonly undoneBy: string | null; readonly undoneAt: string | null; readonly pairs: readonly LearntPair[] }
export type RelatedToIncident = { readonly causes: readonly ({ readonly service: string; readonly score: number; readonly because: readonly string[] })[]; readonly looked: { readonly series: number; readonly services: number; readonly deviating: number } | null; readonly changes: readonly ({ readonly id: string; readonly service: string; readonly kind: string; readonly summary: string; readonly version: string | null; readonly link: string | null; readonly at: string; readonly score: number; readonly because: readonly string[] })[]; readonly similar: readonly ({ readonly id: string; readonly number: number; readonly title: string; readonly severity: "SEV1" | "SEV2" | "SEV3" | "SEV4"; readonly startedAt: string; readonly resolvedAt: string | null; readonly because: readonly string[] })[]; readonly reach: readonly ({ readonly service: string; readonly displayName: string; readonly tier: number; readonly distance: number; readonly of: string })[]; readonly vendors: readonly ({ readonly service: string; readonly displayName: string; readonly contacts: readonly ({ readonly label: string; readonly kind: string; readonly value: string })[]; readonly distance: number })[]; readonly journeys: readonly string[]; readonly relations: readonly ({ readonly id: string; readonly number: number; readonly title: string; readonly status: string; readonly relation: "parent" | "child" | "related" | "merged-into" | "merged-from" })[] }
export type Reliability = { readonly version: string; readonly report: { readonly proofs: readonly Proof[] } | null }
export type RepeatPair = { readonly incident: LearntIncident; readonly earlier: LearntIncident; readonly score: number; readonly evidence: readonly ({ readonly part: "alerts" | "classes" | "text" | "services"; readonly value: number; readonly sentence: string })[]; readonly said: { readonly verdict: "confirmed" | "rejected"; readonly reason: string | null; readonly by: string; readonly at: string } | null }
export type RepeatProposal = { readonly earlier: LearntIncident; readonly score: number; readonly evidence: readonly ({ readonly part: "alerts" | "classes" | "text" | "services"; readonly value: number; readonly sentence: string })[]; readonly said: { readonly verdict: "confirmed" | "rejected"; readonly reason: string | null; readonly by: string; readonly at: string } | null }
export type Resource = { readonly apiVersion: string; readonly kind: string; readonly metadata: { readonly name: string; readonly displayName?: string; readonly description?: string; readonly labels?: Readonly<Record<string, string | readonly string[]>>; readonly annotations?: Readonly<Record<string, string>> }; readonly spec: Readonly<Record<string, unknown>>; readonly status: { readonly version: number; readonly owners: Readonly<Record<string, string>>; readonly createdAt: string; readonly updatedAt: string } }
export type Retention = { readonly rows: readonly KeptRows[]; readonly startedAt: string | null; readonly finishedAt: string | null; readonly running: boolean; readonly held: boolean }
export type ReviewFigures = { readonly target: number; readonly targetText: string; readonly version: number; readonly attained: { readonly from: string; readonly to: string; readonly ratio: number | null; readonly text: string; readonly verdict: "met" | "missed" | "unknown"; readonly measuredRatio: number | null }; readonly remainingRatio: number | null; readonly alerts: { readonly from: string; readonly to: string; readonly pages: number; readonly tickets: number; readonly incidents: number; readonly precision: number | null; readonly recall: number | null } | null; readonly pagesOfService: number }
export type ReviewOwner = { readonly kind: "team" | "person"; readonly name: string }
export type RouteNode = { readonly line: number; readonly depth: number; readonly receiver: string; readonly matchers: readonly string[]; readonly groupBy: readonly string[]; readonly groupWaitMs: number; readonly groupIntervalMs: number; readonly repeatIntervalMs: number; readonly muteIn: readonly string[]; readonly activeIn: readonly string[]; readonly continues: boolean; readonly closed: string | null; readonly sends: boolean; readonly open: number; readonly held: number; readonly groups: number }
export type RoutingFile = { readonly text: string; readonly version: number; readonly changedBy: string; readonly changedAt: string; readonly timing: "as-written" | "no-interval" | "at-once"; readonly criticalAtOnce: boolean; readonly receivers: readonly string[]; readonly notes: readonly ({ readonly line: number; readonly detail: string })[] }
export type RoutingReplay = { readonly from: string; readonly looked: number; readonly more: boolean; readonly toldBefore: number; readonly toldAfter: number; readonly newlyHeld: number; readonly newlyTold: number; readonly moved: number; readonly unreached: number; readonly notes: readonly string[]; readonly receivers: readonly ({ readonly name: string; readonly before: number; readonly after: number; readonly routedBefore: number; readonly routedAfter: number })[]; readonly examples: readonly ({ readonly id: string; readonly number: number; readonly title: string; readonly severity: "critical" | "warning" | "info"; readonly openedAt: string; readonly before: { readonly receivers: readonly string[]; readonly telling: readonly string[]; readonly held: "inhibited" | "muted" | "nobody" | null }; readonly after: { readonly receivers: readonly string[]; readonly telling: readonly string[]; readonly held: "inhibited" | "muted" | "nobody" | null } })[] }
export type SampleCost = { readonly amount: number; readonly currency: string }
export type SavedView = { readonly name: string; readonly query: string }
export type SavedViews = { readonly views: readonly SavedView[] }
export type ScheduleFinding = { readonly code: "gap" | "unreachable" | "double-booking" | "short-rest" | "three-weekends" | "lone-newcomer" | "holiday" | "clock-change"; readonly level: "serious" | "weigh" | "know"; readonly start: string; readonly end: string; readonly people: readonly string[]; readonly sentence: string }
export type ScheduleImport = { readonly source: string; readonly documents: string; readonly schedules: readonly ({ readonly name: string; readonly displayName: string; readonly rotations: number; readonly agreement: number | null })[]; readonly newPeople: readonly ({ readonly name: string; readonly email: string })[]; readonly missing: readonly string[]; readonly notes: readonly string[] }
export type ScheduleLint = { readonly name: string; readonly findings: readonly ScheduleFinding[] }
export type ScheduleLoad = { readonly name: string; readonly from: string; readonly to: string; readonly unevenness: number; readonly people: readonly ({ readonly person: string; readonly shifts: number; readonly totalMs: number; readonly nightMs: number; readonly weekendMs: number; readonly holidayMs: number; readonly weightedMs: number; readonly share: number })[] }
export type ScheduleNow = { readonly name: string; readonly displayName: string; readonly people: readonly ({ readonly person: string; readonly displayName: string; readonly until: string | null; readonly source: string })[]; readonly next: { readonly at: string; readonly people: readonly string[] } | null }
export type SchedulePreview = { readonly name: string; readonly from: string; readonly to: string; readonly shifts: readonly Shift[]; readonly gaps: readonly ({ readonly start: string; readonly end: string })[]; readonly missing: readonly ({ readonly start: string; readonly end: string })[]; readonly findings: readonly ({ readonly code: "gap" | "unreachable" | "double-booking" | "short-rest" | "three-weekends" | "lone-newcomer" | "holiday" | "clock-change"; readonly level: "serious" | "weigh" | "know"; readonly start: string; readonly end: string; readonly people: readonly string[]; readonly sentence: string; readonly fresh: boolean })[]; readonly changes: readonly ({ readonly start: string; readonly end: string; readonly before: readonly string[]; readonly after: readonly string[] })[] }
export type Service = { readonly name: string; readonly displayName: string; readonly description: string; readonly team: string | null; readonly tier: number; readonly lifecycle: string; readonly type: string; readonly system: string | null; readonly dependsOn: readonly ({ readonly service: string; readonly strength: string })[]; readonly environments: readonly string[]; readonly links: readonly ({ readonly title: string; readonly url: string; readonly kind: string })[]; readonly labels: Readonly<Record<string, string>>; readonly escalationPolicy: string | null; readonly dependants: readonly ({ readonly service: string; readonly displayName: string; readonly tier: number; readonly distance: number; readonly softened: boolean; readonly via: string })[]; readonly contacts: readonly ({ readonly label: string; readonly kind: string; readonly value: string })[]; readonly members: readonly ({ readonly name: string; readonly displayName: string; readonly email: string; readonly timeZone: string | null })[]; readonly journeys: readonly string[]; readonly sloCount: number; readonly defaults: { readonly availabilityTarget: number; readonly escalateAfterMs: number; readonly rtoMs: number; readonly rpoMs: number; readonly gate: string }; readonly version: number; readonly manager: string | null; readonly updatedAt: string }
export type ServiceCoverage = { readonly service: string; readonly displayName: string; readonly declared: boolean; readonly team: string | null; readonly tier: number | null; readonly cells: readonly CoverageCell[]; readonly missing: number; readonly lastAt: string | null; readonly usage: UsedDay | null; readonly storedBytes: number }
export type ServiceCoverageDetail = { readonly service: string; readonly displayName: string; readonly declared: boolean; readonly team: string | null; readonly tier: number | null; readonly cells: readonly CoverageCell[]; readonly missing: number; readonly lastAt: string | null; readonly usage: UsedDay | null; readonly storedBytes: number; readonly metrics: readonly MetricUsage[] }
export type ServiceSignals = { readonly service: string; readonly from: string; readonly to: string; readonly stepMs: number; readonly resolution: "minute" | "hour"; readonly lastAt: string | null; readonly signals: readonly SignalStanding[]; readonly bound: string; readonly findings: readonly ({ readonly kind: string; readonly count: number; readonly lastAt: string; readonly sentence: string })[]; readonly points: readonly SignalPoint[] }
export type Session = { readonly id: string; readonly person: { readonly id: string; readonly name: string }; readonly startedAt: string; readonly seenAt: string; readonly address: string; readonly agent: string; readonly method: "password" | "oidc" | "link"; readonly current: boolean }
export type SetAsideWork = { readonly id: number; readonly kind: string; readonly key: string | null; readonly lane: "page" | "notify" | "normal" | "bulk" | "webhook" | "mail" | "chat" | "outside" | "letters" | "hooks"; readonly dueAt: string; readonly setAsideAt: string; readonly attempts: number; readonly lastError: string | null }
export type SeverityDefinition = { readonly severity: "SEV1" | "SEV2" | "SEV3" | "SEV4"; readonly meaning: string; readonly updateEveryMs: number | null; readonly postmortem: boolean; readonly peopleAffected: number | null }
export type SeverityProposal = { readonly severity: "SEV1" | "SEV2" | "SEV3" | "SEV4"; readonly reasons: readonly string[] }
export type SharedDocument = { readonly epoch: number; readonly seq: number; readonly state: string }
export type Shift = { readonly person: string; readonly start: string; readonly end: string; readonly source: string; readonly kind: "rotation" | "custom-shift" | "override"; readonly rotation: string | null; readonly covers: string | null }
export type SignalOrder = { readonly dedupKey: string; readonly status?: "firing" | "resolved"; readonly summary: string; readonly severity?: string; readonly service?: string; readonly labels?: Readonly<Record<string, string>>; readonly annotations?: Readonly<Record<string, string>>; readonly startsAt?: string; readonly endsAt?: string; readonly links?: readonly ({ readonly title: string; readonly url: string })[] }
export type SignalPercentile = { readonly seconds: number | null; readonly low: number; readonly high: number | null; readonly error: number | null }
export type SignalPoint = { readonly start: string; readonly state: "measured" | "partial" | "gap"; readonly measuredMs: number; readonly traffic: { readonly requests: number; readonly perSecond: number } | null; readonly errors: { readonly count: number; readonly judged: number; readonly ratio: number | null } | null; readonly latency: { readonly p50: SignalPercentile; readonly p90: SignalPercentile; readonly p99: SignalPercentile } | null; readonly saturation: { readonly highest: number; readonly of: "cpu" | "memory" | "loop" | "pool"; readonly all: Readonly<Record<string, number>> } | null }
export type SignalStanding = { readonly signal: "traffic" | "errors" | "latency" | "saturation"; readonly state: "told" | "silent" | "never"; readonly lastAt: string | null; readonly sentence: string }
export type Silence = { readonly id: string; readonly sets: readonly (readonly ({ readonly name: string; readonly operator: "=" | "!=" | "=~" | "!~"; readonly value: string })[])[]; readonly startsAt: string; readonly endsAt: string; readonly endsWith: readonly string[]; readonly lostEnds: readonly string[]; readonly createdBy: string; readonly reason: string; readonly state: "pending" | "active" | "expired" }
export type SilenceEnds = { readonly incident?: string; readonly ticket?: string; readonly change?: string; readonly rate?: { readonly alerts: number; readonly withinMs: number } }
export type SilencePreview = { readonly open: number; readonly history: number; readonly services: readonly string[]; readonly critical: number; readonly warnings: readonly string[]; readonly examples: readonly ({ readonly id: string; readonly number: number; readonly status: "firing" | "acknowledged" | "snoozed" | "resolved"; readonly severity: "critical" | "warning" | "info"; readonly urgency: "high" | "low"; readonly service: string | null; readonly team: string | null; readonly tier: number | null; readonly title: string; readonly source: string; readonly startedAt: string; readonly openedAt: string; readonly lastSeenAt: string; readonly acknowledgedBy: string | null; readonly acknowledgedAt: string | null; readonly snoozedUntil: string | null; readonly resolvedAt: string | null; readonly ended: "resolved" | "expired" | "silent" | "closed" | null; readonly count: number; readonly useful: boolean | null; readonly silencedBy: string | null; readonly pagedWith: { readonly id: string; readonly number: number } | null; readonly alsoPaged: number; readonly flapping: boolean; readonly incident: { readonly id: string } | null; readonly labels: Readonly<Record<string, string>> })[] }
export type SliceView = { readonly start: string; readonly good: number; readonly bad: number; readonly state: "closed" | "closed-empty" | "gap" }
export type SloReport = { readonly period: { readonly kind: "week" | "month" | "quarter" | "year" | "trailing"; readonly start: string; readonly end: string; readonly zone: string; readonly running: boolean }; readonly madeAt: string; readonly rows: readonly SloReportRow[]; readonly services: readonly SloReportGroup[]; readonly teams: readonly SloReportGroup[]; readonly tiers: readonly SloReportGroup[]; readonly total: SloReportGroup; readonly notes: readonly string[] }
export type SloReportGroup = { readonly key: string; readonly objectives: number; readonly met: number; readonly missed: number; readonly unknown: number; readonly badMinutes: number; readonly unknownMinutes: number; readonly pages: number }
export type SloReportRow = { readonly objective: string; readonly displayName: string; readonly service: string; readonly team: string | null; readonly tier: number | null; readonly target: number; readonly targetText: string; readonly attained: number | null; readonly attainedText: string; readonly verdict: "met" | "missed" | "unknown"; readonly good: number; readonly bad: number; readonly badMinutes: number; readonly unknownMinutes: number; readonly measuredRatio: number | null }
export type SourceFinding = { readonly kind: string; readonly count: number; readonly lastAt: string; readonly example: string; readonly sentence: string }
export type StatusCustomerLink = { readonly customer: string; readonly url: string }
export type StatusCustomerView = { readonly name: string; readonly title: string; readonly page: string; readonly state: "operational" | "under_maintenance" | "degraded_performance" | "partial_outage" | "major_outage"; readonly sentence: string; readonly components: readonly ({ readonly name: string; readonly title: string; readonly state: "operational" | "under_maintenance" | "degraded_performance" | "partial_outage" | "major_outage"; readonly own: boolean })[]; readonly link: { readonly madeAt: string; readonly madeBy: string } | null; readonly subscribers: { readonly confirmed: number; readonly waiting: number; readonly paused: number }; readonly open: readonly StatusPost[]; readonly past: readonly StatusPost[] }
export type StatusHistory = { readonly month: string; readonly posts: readonly StatusPost[]; readonly older: string | null; readonly newer: string | null }
export type StatusHost = { readonly name: string; readonly answers: boolean; readonly record: { readonly name: string; readonly type: "TXT"; readonly value: string }; readonly because: string | null; readonly checkedAt: string | null }
export type StatusImage = { readonly kind: "logo" | "icon"; readonly type: string; readonly url: string }
export type StatusImport = { readonly from: string; readonly added: number; readonly known: number; readonly leftOut: readonly string[]; readonly missing: readonly string[] }
export type StatusPageView = { readonly name: string; readonly title: string; readonly visibility: "public" | "private"; readonly url: string; readonly logo: string | null; readonly icon: string | null; readonly host: StatusHost | null; readonly languages: readonly ("en" | "de" | "fr" | "es" | "pt" | "nl" | "ja")[]; readonly state: "operational" | "under_maintenance" | "degraded_performance" | "partial_outage" | "major_outage"; readonly sentence: string; readonly components: readonly ({ readonly name: string; readonly title: string; readonly group: string | null; readonly state: "operational" | "under_maintenance" | "degraded_performance" | "partial_outage" | "major_outage"; readonly services: readonly string[]; readonly objective: string | null; readonly uptime: { readonly ratio: number | null; readonly measuredDays: number; readonly sentence: string } })[]; readonly subscribers: { readonly confirmed: number; readonly waiting: number; readonly paused: number }; readonly open: readonly StatusPost[]; readonly past: readonly StatusPost[]; readonly asOf: string }
export type StatusPost = { readonly id: string; readonly page: string; readonly customer: string | null; readonly kind: "incident" | "maintenance"; readonly title: string; readonly titles: Readonly<Record<string, string>>; readonly incident: string | null; readonly state: "investigating" | "identified" | "monitoring" | "resolved" | "scheduled" | "in_progress" | "completed" | "cancelled"; readonly impacts: Readonly<Record<string, "operational" | "under_maintenance" | "degraded_performance" | "partial_outage" | "major_outage">>; readonly startsAt: string | null; readonly endsAt: string | null; readonly openedAt: string; readonly closedAt: string | null; readonly updates: readonly StatusUpdate[] }
export type StatusSubscriber = { readonly id: string; readonly page: string; readonly customer: string | null; readonly channel: "email" | "webhook"; readonly address: string; readonly components: readonly string[] | null; readonly language: "en" | "de" | "fr" | "es" | "pt" | "nl" | "ja"; readonly state: "waiting" | "hearing" | "paused"; readonly since: string | null; readonly failingSince: string | null; readonly because: string | null }
export type StatusUpdate = { readonly id: string; readonly at: string; readonly state: "investigating" | "identified" | "monitoring" | "resolved" | "scheduled" | "in_progress" | "completed" | "cancelled"; readonly body: string; readonly bodies: Readonly<Record<string, string>>; readonly impacts: Readonly<Record<string, "operational" | "under_maintenance" | "degraded_performance" | "partial_outage" | "major_outage">>; readonly author: string }
export type Swap = { readonly id: string; readonly schedule: string; readonly asker: string; readonly candidate: string | null; readonly start: string; readonly end: string; readonly back: { readonly start: string; readonly end: string } | null; readonly reason: string; readonly state: "open" | "accepted" | "declined" | "withdrawn" | "expired"; readonly answeredBy: string | null; readonly answeredAt: string | null; readonly note: string | null; readonly createdAt: string }
export type SwapOrder = { readonly start: string; readonly end: string; readonly candidate?: string; readonly back?: { readonly start: string; readonly end: string }; readonly reason: string }
export type TargetCeiling = { readonly state: "fits" | "unknown" | "above-promised" | "above-measured"; readonly promised: number | null; readonly measured: number | null; readonly sentence: string | null }
export type Team = { readonly name: string; readonly displayName: string; readonly lead: string | null; readonly members: readonly ({ readonly name: string; readonly displayName: string; readonly email: string; readonly timeZone: string | null })[]; readonly contacts: readonly ({ readonly label: string; readonly kind: string; readonly value: string })[]; readonly services: readonly string[] }
export type TeamOnCallHealth = { readonly from: string; readonly to: string; readonly asOf: string; readonly team: string; readonly displayName: string; readonly lead: string | null; readonly terms: OnCallTermsInForce; readonly reads: "people" | "sums" | "nothing"; readonly total: OnCallFigures | null; readonly spans: readonly OnCallHealthSpan[]; readonly trend: OnCallTrend | null; readonly people: readonly PersonOnCallHealth[]; readonly coverage: readonly ({ readonly schedule: string; readonly displayName: string; readonly requiredMs: number; readonly missingMs: number })[]; readonly pagesByService: readonly ({ readonly service: string; readonly pages: number })[]; readonly advice: readonly ({ readonly code: "cover-gaps" | "too-many-calls" | "nights-uneven" | "nights-broken" | "too-few-people" | "nobody-answers" | "slow-answers" | "mostly-nights"; readonly sentence: string; readonly because: string; readonly people: readonly string[] })[] }
export type TelemetrySource = { readonly name: string; readonly kind: "otlp" | "prometheus" | "push" | "probe" | "remote-write" | "scrape"; readonly firstAt: string; readonly lastAt: string; readonly samples: number; readonly matched: number; readonly objectives: readonly string[]; readonly findings: readonly SourceFinding[] }
export type Ticket = { readonly id: string; readonly connection: string; readonly tracker: "github" | "gitlab" | "jira" | "servicenow"; readonly trackerTitle: string; readonly about: { readonly kind: "incident" | "action"; readonly id: string }; readonly incident: string; readonly phase: "wanted" | "creating" | "there" | "gone"; readonly key: string | null; readonly url: string | null; readonly title: string | null; readonly stateName: string | null; readonly state: "open" | "doing" | "done" | "dropped" | null; readonly agreed: "open" | "doing" | "done" | "dropped" | null; readonly conflict: boolean; readonly held: string | null; readonly fault: string | null; readonly waiting: string | null; readonly seenAt: string | null; readonly createdBy: string; readonly createdAt: string }
export type TicketConnection = { readonly name: string; readonly tracker: "github" | "gitlab" | "jira" | "servicenow"; readonly title: string; readonly url: string; readonly project: string; readonly user: string | null; readonly type: string | null; readonly shown: Readonly<Record<string, string>>; readonly states: TicketStateNames; readonly hookUrl: string; readonly hookSigned: boolean; readonly heardAt: string | null; readonly away: { readonly since: string; readonly because: string; readonly nextTryAt: string | null } | null; readonly tickets: number; readonly attention: number; readonly changedBy: string; readonly changedAt: string }
export type TicketConnectionTest = { readonly ok: boolean; readonly sentence: string }
export type TicketStateNames = { readonly open?: readonly string[]; readonly doing?: readonly string[]; readonly done?: readonly string[]; readonly dropped?: readonly string[] }
export type TicketSubject = { readonly kind: "incident" | "action"; readonly id: string }
export type TimelineEntry = { readonly id: number; readonly at: string; readonly recordedAt: string | null; readonly type: string; readonly actor: { readonly kind: string; readonly id: string; readonly name: string }; readonly sentence: string; readonly data: Readonly<Record<string, unknown>> }
export type TrafficAdvice = { readonly verdict: "impossible" | "thin" | "enough"; readonly eventsInWindow: number; readonly allowedBad: number; readonly oneFailureSpends: number | null; readonly oneFailureFires: readonly string[]; readonly sentence: string; readonly ways: readonly string[] }
export type UpdateDraft = { readonly audience: "responders" | "company" | "executives" | "customers" | "customer"; readonly customer: string | null; readonly text: string; readonly since: string | null; readonly changed: readonly ({ readonly fact: string; readonly before: string | null; readonly after: string | null })[]; readonly nextAt: string | null }
export type UpdateProposal = { readonly number: number; readonly audience: "responders" | "company" | "executives" | "customers" | "customer"; readonly customer: string | null; readonly text: string; readonly proposedBy: string; readonly mine: boolean; readonly proposedAt: string; readonly outcome: "waiting" | "approved" | "declined" | "taken-back"; readonly decidedBy: string | null; readonly decidedAt: string | null; readonly because: string | null; readonly update: number | null }
export type UsedDay = { readonly day: string; readonly whole: boolean; readonly samples: number; readonly series: number; readonly cost: SampleCost | null }
export type WatchedSeries = { readonly service: string; readonly signal: "traffic" | "errors" | "latency"; readonly objective: string | null; readonly mode: "alert" | "hint" | "off"; readonly timeZone: string; readonly steps: number; readonly learning: boolean; readonly lastAt: string | null }
export type Webhook = { readonly name: string; readonly url: string; readonly team: string | null; readonly secretAt: string; readonly secretBy: string | null; readonly formerUntil: string | null; readonly last: { readonly at: string; readonly state: "pending" | "sending" | "sent" | "failed" | "unknown" | "cancelled"; readonly because: string | null } | null }
export type WebhookSecret = { readonly webhook: Webhook; readonly secret: string | null }
export type WorkflowHook = { readonly name: string; readonly target: string; readonly changedBy: string; readonly changedAt: string; readonly calledAt: string | null; readonly outcome: string | null }
export type WorkflowRun = { readonly id: string; readonly workflow: string; readonly title: string; readonly incident: { readonly id: string; readonly number: number; readonly title: string }; readonly cause: "declared" | "activated" | "mitigated" | "resolved" | "reopened" | "reviewed" | "severity-changed" | "role-taken" | "role-vacant" | "update-overdue" | "alert-joined" | "by-hand"; readonly because: string; readonly state: "waiting" | "running" | "approval" | "done" | "failed" | "not-needed"; readonly steps: readonly ({ readonly name: string; readonly kind: "page" | "chat" | "ticket" | "task" | "assign" | "update" | "status" | "webhook" | "call"; readonly does: string; readonly state: "pending" | "calling" | "approval" | "done" | "failed" | "refused" | "rejected" | "skipped"; readonly attempts: number; readonly said: string | null; readonly link: string | null; readonly draft: string | null; readonly approval: "commander" | "deputy" | "operations-lead" | "communications-lead" | "scribe" | "expert" | "observer" | null; readonly approvedBy: string | null; readonly dueAt: string | null; readonly changedAt: string | null })[]; readonly startedBy: string; readonly createdAt: string; readonly dueAt: string | null; readonly endedAt: string | null }
export type WorkflowSummary = { readonly name: string; readonly title: string; readonly description: string | null; readonly team: string | null; readonly enabled: boolean; readonly on: readonly ("declared" | "activated" | "mitigated" | "resolved" | "reopened" | "reviewed" | "severity-changed" | "role-taken" | "role-vacant" | "update-overdue" | "alert-joined")[]; readonly when: string | null; readonly afterMs: number; readonly once: boolean; readonly restricted: boolean; readonly steps: readonly ({ readonly name: string; readonly kind: "page" | "chat" | "ticket" | "task" | "assign" | "update" | "status" | "webhook" | "call"; readonly does: string; readonly approval: "commander" | "deputy" | "operations-lead" | "communications-lead" | "scribe" | "expert" | "observer" | null; readonly continueOnError: boolean })[]; readonly last: { readonly id: string; readonly state: "waiting" | "running" | "approval" | "done" | "failed" | "not-needed"; readonly createdAt: string; readonly incident: string; readonly incidentNumber: number } | null }
export type WorkflowTest = { readonly workflow: string; readonly incident: { readonly id: string; readonly number: number; readonly title: string }; readonly runs: boolean; readonly because: string; readonly steps: readonly ({ readonly name: string; readonly kind: "page" | "chat" | "ticket" | "task" | "assign" | "update" | "status" | "webhook" | "call"; readonly would: "run" | "ask" | "refuse"; readonly sentence: string })[]; readonly facts: Readonly<Record<string, unknown>> }

export interface Operations {
  /** Add a corrective action: who does what until when */
  'actions.add': { readonly input: { readonly params: { readonly "id": string }; readonly body: { readonly title: string; readonly kind: "detect" | "mitigate" | "prevent" | "process"; readonly owner: string; readonly dueAt: string; readonly size?: "S" | "M" | "L" | undefined; readonly signal?: { readonly kind: "objective"; readonly objective: string; readonly windowMs: number } | { readonly kind: "alert"; readonly service: string; readonly title: string; readonly windowMs: number } | { readonly kind: "check"; readonly service: string; readonly check: "traffic" | "errors" | "latency" | "saturation" | "objective" | "dashboard" | "runbook" | "owner"; readonly windowMs: number } | { readonly kind: "drill"; readonly service: string; readonly windowMs: number; readonly mitigatedWithinMs: number | null } | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: CorrectiveAction }
  /** How long what is not done has been agreed */
  'actions.ageing': { readonly input: { readonly signal?: AbortSignal }; readonly reply: ActionAgeing }
  /** Change owner, date, size or signal; drop or reopen it with a reason */
  'actions.change': { readonly input: { readonly params: { readonly "id": string }; readonly body: { readonly owner?: string | undefined; readonly dueAt?: string | undefined; readonly size?: "S" | "M" | "L" | null | undefined; readonly signal?: { readonly kind: "objective"; readonly objective: string; readonly windowMs: number } | { readonly kind: "alert"; readonly service: string; readonly title: string; readonly windowMs: number } | { readonly kind: "check"; readonly service: string; readonly check: "traffic" | "errors" | "latency" | "saturation" | "objective" | "dashboard" | "runbook" | "owner"; readonly windowMs: number } | { readonly kind: "drill"; readonly service: string; readonly windowMs: number; readonly mitigatedWithinMs: number | null } | undefined; readonly state?: "open" | "dropped" | undefined; readonly reason?: string | undefined }; readonly signal?: AbortSignal }; readonly reply: CorrectiveAction }
  /** The work is done; from now on its signal must prove it */
  'actions.finish': { readonly input: { readonly params: { readonly "id": string }; readonly body: { readonly signal?: { readonly kind: "objective"; readonly objective: string; readonly windowMs: number } | { readonly kind: "alert"; readonly service: string; readonly title: string; readonly windowMs: number } | { readonly kind: "check"; readonly service: string; readonly check: "traffic" | "errors" | "latency" | "saturation" | "objective" | "dashboard" | "runbook" | "owner"; readonly windowMs: number } | { readonly kind: "drill"; readonly service: string; readonly windowMs: number; readonly mitigatedWithinMs: number | null } | undefined; readonly note?: string | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: CorrectiveAction }
  /** Corrective actions, the earliest due first */
  'actions.list': { readonly input: { readonly query?: { readonly "limit"?: number | undefined; readonly "cursor"?: string | undefined; readonly "state"?: "open" | "proving" | "proven" | "dropped" | "unfinished" | "overdue" | undefined; readonly "owner"?: string | undefined; readonly "number"?: number | undefined; readonly "sort"?: "due" | "priority" | undefined }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly CorrectiveAction[]; readonly nextCursor: string | null } }
  /** Service-level agreements and how their running periods stand */
  'agreements.list': { readonly input: { readonly query?: { readonly "state"?: "declared" | "removed" | "all" | undefined }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly AgreementSummary[] } }
  /** One agreement: its terms, the period that runs, and what was settled */
  'agreements.read': { readonly input: { readonly params: { readonly "name": string }; readonly signal?: AbortSignal }; readonly reply: Agreement }
  /** Settle a period that ended: what was not measured counts as up, or as down */
  'agreements.settle': { readonly input: { readonly params: { readonly "name": string }; readonly body: { readonly start: string; readonly unmeasured: "up" | "down"; readonly reason: string }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: AgreementStatement }
  /** What a period came to: attained, downtime, exclusions, credit */
  'agreements.statement': { readonly input: { readonly params: { readonly "name": string }; readonly query?: { readonly "at"?: string | undefined; readonly "ago"?: number | undefined; readonly "end"?: string | undefined }; readonly signal?: AbortSignal }; readonly reply: AgreementStatement }
  /** Take it: paging stops */
  'alerts.acknowledge': { readonly input: { readonly params: { readonly "id": string }; readonly query?: { readonly "useful"?: boolean | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: AlertSummary }
  /** The same action on up to 500 alerts; each answers for itself */
  'alerts.bulk': { readonly input: { readonly body: { readonly ids: readonly string[]; readonly action: "acknowledge" | "unacknowledge" | "resolve"; readonly useful?: boolean | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: { readonly done: readonly string[]; readonly refused: readonly ({ readonly id: string; readonly code: string; readonly detail: string })[] } }
  /** Open alerts by status and severity */
  'alerts.counts': { readonly input: { readonly signal?: AbortSignal }; readonly reply: { readonly firing: number; readonly acknowledged: number; readonly snoozed: number; readonly critical: number; readonly warning: number; readonly info: number } }
  /** Who would be told of a signal, now or at another time, or why nobody; changes nothing */
  'alerts.explain': { readonly input: { readonly body: { readonly labels: Readonly<Record<string, string>>; readonly severity?: string | undefined; readonly service?: string | undefined; readonly at?: string | undefined; readonly wall?: string | undefined; readonly timeZone?: string | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: { readonly at: string; readonly alert: AlertSummary | null; readonly told: boolean; readonly sentence: string; readonly receivers: readonly string[]; readonly trace: readonly ({ readonly rule: string; readonly verdict: string; readonly because: string })[]; readonly paged: ForeseenPaging | null } }
  /** Alerts, newest first */
  'alerts.list': { readonly input: { readonly query?: { readonly "limit"?: number | undefined; readonly "cursor"?: string | undefined; readonly "status"?: "firing" | "acknowledged" | "snoozed" | "resolved" | "open" | undefined; readonly "service"?: string | undefined; readonly "team"?: string | undefined; readonly "rule"?: string | undefined; readonly "severity"?: "critical" | "warning" | "info" | undefined; readonly "incident"?: string | undefined; readonly "number"?: number | undefined; readonly "search"?: string | undefined; readonly "from"?: string | undefined; readonly "to"?: string | undefined }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly AlertSummary[]; readonly nextCursor: string | null } }
  /** Noise and toil by rule, service or team, the worst first */
  'alerts.quality': { readonly input: { readonly query?: { readonly "by"?: "rule" | "service" | "team" | undefined; readonly "from"?: string | undefined; readonly "to"?: string | undefined; readonly "zone"?: string | undefined; readonly "limit"?: number | undefined }; readonly signal?: AbortSignal }; readonly reply: AlertQuality }
  /** Say whether an alert was worth it, open or over; null takes it back */
  'alerts.rate': { readonly input: { readonly params: { readonly "id": string }; readonly body: { readonly useful: boolean | null }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: AlertRating }
  /** One alert with its decision trace and pages */
  'alerts.read': { readonly input: { readonly params: { readonly "id": string }; readonly signal?: AbortSignal }; readonly reply: Alert }
  /** Close it by hand */
  'alerts.resolve': { readonly input: { readonly params: { readonly "id": string }; readonly body: { readonly note?: string | undefined; readonly useful?: boolean | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: AlertSummary }
  /** Report problems and their ends; answered after they are stored */
  'alerts.send': { readonly input: { readonly body: { readonly source?: string | undefined; readonly signals: readonly SignalOrder[] }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: { readonly opened: number; readonly refreshed: number; readonly resolved: number; readonly ignored: number; readonly lifeboat?: string } }
  /** Leave it until later: paging stops and starts again by itself */
  'alerts.snooze': { readonly input: { readonly params: { readonly "id": string }; readonly body: { readonly forMs: number }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: AlertSummary }
  /** Give it back: paging goes on */
  'alerts.unacknowledge': { readonly input: { readonly params: { readonly "id": string }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: AlertSummary }
  /** What is or was unusual for services, newest first */
  'anomalies.list': { readonly input: { readonly query?: { readonly "limit"?: number | undefined; readonly "cursor"?: string | undefined; readonly "service"?: string | undefined; readonly "signal"?: "traffic" | "errors" | "latency" | undefined; readonly "state"?: "open" | "ended" | undefined; readonly "from"?: string | undefined; readonly "to"?: string | undefined }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly Anomaly[]; readonly nextCursor: string | null } }
  /** What is watched for anomalies, and how much of it is learnt */
  'anomalies.series': { readonly input: { readonly query?: { readonly "limit"?: number | undefined; readonly "cursor"?: string | undefined; readonly "service"?: string | undefined }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly WatchedSeries[]; readonly nextCursor: string | null } }
  /** Error-budget policies, with how many of their steps are entered */
  'budget-policies.list': { readonly input: { readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly BudgetPolicy[] } }
  /** One policy: its steps, the objectives it applies to, what is entered and what was (the last 100) */
  'budget-policies.read': { readonly input: { readonly params: { readonly "name": string }; readonly signal?: AbortSignal }; readonly reply: BudgetPolicyDetail }
  /** Say that a task is done, or dropped, and why */
  'budget-tasks.close': { readonly input: { readonly params: { readonly "id": string }; readonly body: { readonly outcome: "done" | "dropped"; readonly note: string }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: BudgetTask }
  /** Tasks that policies opened, soonest due first */
  'budget-tasks.list': { readonly input: { readonly query?: { readonly "limit"?: number | undefined; readonly "cursor"?: string | undefined; readonly "state"?: "open" | "done" | "dropped" | "all" | undefined; readonly "owner"?: string | undefined; readonly "objective"?: string | undefined; readonly "journey"?: string | undefined }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly BudgetTask[]; readonly nextCursor: string | null } }
  /** A secret address that calendar programs subscribe to; shown once */
  'calendars.create': { readonly input: { readonly body: { readonly kind: "person" | "schedule" | "team"; readonly name?: string | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: CalendarAddress }
  /** Close a calendar address: whoever has it reads nothing any more */
  'calendars.delete': { readonly input: { readonly params: { readonly "id": string }; readonly signal?: AbortSignal }; readonly reply: undefined }
  /** Read an iCalendar file: as holidays, or as overrides by the people its events name */
  'calendars.import': { readonly input: { readonly params: { readonly "name": string }; readonly body: { readonly text: string; readonly as: "holidays" | "overrides"; readonly kind?: "replace" | "add" | "remove" | undefined; readonly dryRun?: boolean | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: CalendarReport }
  /** The calendar addresses you made (100 at most); their secrets are not shown again */
  'calendars.list': { readonly input: { readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly CalendarFeed[] } }
  /** May this service be changed, and why not */
  'change-decisions.read': { readonly input: { readonly query: { readonly "service": string; readonly "at"?: string | undefined; readonly "kind"?: string | undefined }; readonly signal?: AbortSignal }; readonly reply: ChangeDecision }
  /** Approve an exception that was asked for */
  'change-exceptions.approve': { readonly input: { readonly params: { readonly "id": string }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: ChangeException }
  /** Let changes of a service pass for a while, in spite of a freeze or an approval */
  'change-exceptions.ask': { readonly input: { readonly body: { readonly service: string; readonly policy?: string | undefined; readonly reason: string; readonly from?: string | undefined; readonly until: string; readonly approver?: string | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: ChangeException }
  /** Exceptions from freezes and approvals, newest first */
  'change-exceptions.list': { readonly input: { readonly query?: { readonly "limit"?: number | undefined; readonly "cursor"?: string | undefined; readonly "service"?: string | undefined; readonly "state"?: "open" | "all" | undefined }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly ChangeException[]; readonly nextCursor: string | null } }
  /** End an exception, or a request for one, before its time */
  'change-exceptions.withdraw': { readonly input: { readonly params: { readonly "id": string }; readonly body: { readonly reason: string }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: ChangeException }
  /** Freezes and approvals that policies ordered: in force now, or all there were */
  'change-holds.list': { readonly input: { readonly query?: { readonly "limit"?: number | undefined; readonly "cursor"?: string | undefined; readonly "service"?: string | undefined; readonly "objective"?: string | undefined; readonly "journey"?: string | undefined; readonly "state"?: "in-force" | "all" | undefined }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly ChangeHold[]; readonly nextCursor: string | null } }
  /** What changed and what maintenance was and is planned, in order; a week back and four ahead unless said */
  'changes.calendar': { readonly input: { readonly query?: { readonly "from"?: string | undefined; readonly "to"?: string | undefined; readonly "service"?: string | undefined }; readonly signal?: AbortSignal }; readonly reply: { readonly from: string; readonly to: string; readonly entries: readonly CalendarEntry[]; readonly more: boolean } }
  /** Changes, newest first */
  'changes.list': { readonly input: { readonly query?: { readonly "limit"?: number | undefined; readonly "cursor"?: string | undefined; readonly "service"?: string | undefined; readonly "from"?: string | undefined; readonly "to"?: string | undefined }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly Change[]; readonly nextCursor: string | null } }
  /** Record a deployment or another change, once for each source and external id */
  'changes.record': { readonly input: { readonly body: ChangeOrder; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: Change }
  /** Connect a provider; it is asked whether the secrets work, then they are sealed and never shown again */
  'channels.connect': { readonly input: { readonly params: { readonly "kind": string }; readonly body: ChannelConnectionOrder; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly ChannelState[] } }
  /** Forget a provider; contacts that need it fail from then on */
  'channels.disconnect': { readonly input: { readonly params: { readonly "kind": string }; readonly signal?: AbortSignal }; readonly reply: undefined }
  /** The ways this installation can reach people, with what is missing (eleven) */
  'channels.list': { readonly input: { readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly ChannelState[] } }
  /** Run a command as it is written in chat, with one’s own rights */
  'chat.command': { readonly input: { readonly body: { readonly text: string; readonly incident?: string | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: ChatCommandAnswer }
  /** The room of an incident in chat, and how it stands */
  'chat.room': { readonly input: { readonly params: { readonly "id": string }; readonly signal?: AbortSignal }; readonly reply: { readonly room: ChatRoom | null; readonly rooms: readonly ChatRoom[] } }
  /** The chats incidents are led from, with what is missing */
  'chat.status': { readonly input: { readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly ChatState[] } }
  /** Ask a chat whether incidents can be led there, and what is missing; it shows nothing to anybody */
  'chat.test': { readonly input: { readonly params: { readonly "provider": "slack" | "mattermost" | "teams" }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: ChatTest }
  /** Add a way to reach oneself; all but a browser are then verified by a code */
  'contacts.create': { readonly input: { readonly body: ContactOrder; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: { readonly contact: Contact; readonly secret: string | null } }
  /** Remove a contact and the rules that name it */
  'contacts.delete': { readonly input: { readonly params: { readonly "id": string }; readonly signal?: AbortSignal }; readonly reply: undefined }
  /** The ways to reach a person, one’s own unless said (20 at most) */
  'contacts.list': { readonly input: { readonly query?: { readonly "person"?: string | undefined }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly Contact[] } }
  /** Send a test page: the whole path, no alert */
  'contacts.test': { readonly input: { readonly params: { readonly "id": string }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: { readonly delivery: string } }
  /** Give the code that was sent to the contact; without a code a new one is sent */
  'contacts.verify': { readonly input: { readonly params: { readonly "id": string }; readonly body: { readonly code?: string | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: Contact }
  /** It no longer counts where alerts are placed */
  'correlation.forget-pair': { readonly input: { readonly params: { readonly "id": string }; readonly body: { readonly reason: string }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: LearntPair }
  /** What was learnt about alerts that are one problem or two; 500 at most */
  'correlation.pairs': { readonly input: { readonly query?: { readonly "service"?: string | undefined }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly LearntPair[] } }
  /** Messages to people and webhooks with every attempt, newest first */
  'deliveries.list': { readonly input: { readonly query?: { readonly "limit"?: number | undefined; readonly "cursor"?: string | undefined; readonly "alert"?: string | undefined; readonly "page"?: string | undefined; readonly "person"?: string | undefined; readonly "webhook"?: string | undefined }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly Delivery[]; readonly nextCursor: string | null } }
  /** Break a service of the demo shop */
  'demo.break': { readonly input: { readonly body: { readonly service: string; readonly mode?: string | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: Demo }
  /** The demo shop and the local mailbox */
  'demo.read': { readonly input: { readonly signal?: AbortSignal }; readonly reply: Demo }
  /** Repair one service of the demo shop, or all */
  'demo.repair': { readonly input: { readonly body: { readonly service?: string | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: Demo }
  /** Page the next level of the alert now */
  'escalations.escalate': { readonly input: { readonly params: { readonly "alert": string }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: Escalation }
  /** Open escalations, newest first */
  'escalations.list': { readonly input: { readonly query?: { readonly "limit"?: number | undefined; readonly "cursor"?: string | undefined }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly Escalation[]; readonly nextCursor: string | null } }
  /** Where the page of an alert stands, and what its policy would do if it was edited since and taken over now */
  'escalations.read': { readonly input: { readonly params: { readonly "alert": string }; readonly signal?: AbortSignal }; readonly reply: EscalationNow }
  /** Go on by the policy as it is saved now: whom it adds is paged, whoever was paged is not paged again. Without it a page goes on by the policy it began with */
  'escalations.reapply': { readonly input: { readonly params: { readonly "alert": string }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: Escalation }
  /** Pass the alert to people, also off shift, or to another policy */
  'escalations.reassign': { readonly input: { readonly params: { readonly "alert": string }; readonly body: { readonly people?: readonly string[] | undefined; readonly policy?: string | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: Escalation }
  /** Lift a legal hold: what is old by then goes with the next round */
  'holds.lift': { readonly input: { readonly params: { readonly "id": string }; readonly body: { readonly reason: string }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: LegalHold }
  /** The legal holds in force, the newest first (1,000 at most) */
  'holds.list': { readonly input: { readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly LegalHold[] } }
  /** Nothing about this is removed any more, whatever its age */
  'holds.place': { readonly input: { readonly body: { readonly kind: "everything" | "service" | "incident" | "person"; readonly name?: string | undefined; readonly reason: string }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: LegalHold }
  /** Change my password; ends my other sessions */
  'identity.change-password': { readonly input: { readonly body: { readonly current: string; readonly next: string }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: undefined }
  /** Forget a view; one that is not there is forgotten already */
  'identity.forget-view': { readonly input: { readonly params: { readonly "list": "incidents" | "alerts" }; readonly query: { readonly "name": string }; readonly signal?: AbortSignal }; readonly reply: SavedViews }
  /** Save a view; one of the same name or the same query gives way */
  'identity.save-view': { readonly input: { readonly params: { readonly "list": "incidents" | "alerts" }; readonly body: { readonly name: string; readonly query: string }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: SavedViews }
  /** Use a one-time link: become the first administrator, accept an invitation, or come back in */
  'identity.setup': { readonly input: { readonly body: { readonly token: string; readonly email?: string | undefined; readonly name?: string | undefined; readonly password: string; readonly timeZone?: string | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: { readonly person: Person } }
  /** Whether the first administrator is still missing, and how people sign in */
  'identity.setup-state': { readonly input: { readonly signal?: AbortSignal }; readonly reply: { readonly needed: boolean; readonly oidc: boolean } }
  /** Change my own name or time zone */
  'identity.update-self': { readonly input: { readonly body: { readonly name?: string | undefined; readonly timeZone?: string | undefined }; readonly signal?: AbortSignal }; readonly reply: { readonly person: Person } }
  /** My saved views of a list */
  'identity.views': { readonly input: { readonly params: { readonly "list": "incidents" | "alerts" }; readonly signal?: AbortSignal }; readonly reply: SavedViews }
  /** Add a task, decision, hypothesis, mitigation or case at a vendor */
  'incidents.add-item': { readonly input: { readonly params: { readonly "id": string }; readonly body: { readonly kind: "task" | "decision" | "hypothesis" | "mitigation" | "vendor-case"; readonly text: string; readonly owner?: string | undefined; readonly dueAt?: string | undefined; readonly reason?: string | undefined; readonly vendorCase?: { readonly vendor: string; readonly contact?: string | undefined; readonly caseNumber?: string | undefined } | undefined; readonly verify?: { readonly objective: string; readonly holdMs?: number | undefined; readonly withinMs?: number | undefined } | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: IncidentItem }
  /** Accept or decline a role one was offered */
  'incidents.answer-offer': { readonly input: { readonly params: { readonly "id": string }; readonly body: { readonly role: "commander" | "deputy" | "operations-lead" | "communications-lead" | "scribe" | "expert" | "observer"; readonly accept: boolean }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: Incident }
  /** Take a role or hand it to somebody */
  'incidents.assign-role': { readonly input: { readonly params: { readonly "id": string }; readonly body: { readonly role: "commander" | "deputy" | "operations-lead" | "communications-lead" | "scribe" | "expert" | "observer"; readonly person?: string | undefined; readonly release?: boolean | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: Incident }
  /** Move it on, give it an owner, add evidence */
  'incidents.change-item': { readonly input: { readonly params: { readonly "id": string; readonly "item": string }; readonly body: { readonly state?: "open" | "done" | "dropped" | "recorded" | "withdrawn" | "confirmed" | "refuted" | "started" | "verified" | "ineffective" | "asked" | "answered" | undefined; readonly reason?: string | undefined; readonly owner?: string | null | undefined; readonly dueAt?: string | null | undefined; readonly evidence?: { readonly side: "for" | "against"; readonly text: string } | undefined; readonly caseNumber?: string | null | undefined }; readonly signal?: AbortSignal }; readonly reply: IncidentItem }
  /** Correct one of its times, with a reason; the measures follow */
  'incidents.correct-time': { readonly input: { readonly params: { readonly "id": string }; readonly body: { readonly time: "impactStartedAt" | "detectedAt" | "acknowledgedAt" | "mitigatedAt" | "resolvedAt"; readonly at: string | null; readonly reason: string }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: Incident }
  /** Approve a proposed update, which posts it, or decline it; who proposed it does not approve it */
  'incidents.decide-update': { readonly input: { readonly params: { readonly "id": string; readonly "number": number }; readonly body: { readonly approve: boolean; readonly reason?: string | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: UpdateProposal }
  /** Declare an incident; a sentence is enough */
  'incidents.declare': { readonly input: { readonly body: { readonly title: string; readonly severity?: string | undefined; readonly services?: readonly string[] | undefined; readonly alerts?: readonly string[] | undefined; readonly startedAt?: string | undefined; readonly note?: string | undefined; readonly peopleAffected?: number | undefined; readonly kind?: "normal" | "security" | "drill" | "backfilled" | "scheduled" | undefined; readonly readers?: readonly string[] | undefined; readonly detectedAt?: string | undefined; readonly acknowledgedAt?: string | undefined; readonly mitigatedAt?: string | undefined; readonly resolvedAt?: string | undefined; readonly startsAt?: string | undefined; readonly endsAt?: string | undefined; readonly maintenance?: string | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: Incident }
  /** An update made of facts only, and what changed since the last one */
  'incidents.draft-update': { readonly input: { readonly params: { readonly "id": string }; readonly query?: { readonly "audience"?: "responders" | "company" | "executives" | "customers" | "customer" | undefined; readonly "customer"?: string | undefined }; readonly signal?: AbortSignal }; readonly reply: UpdateDraft }
  /** Everything about it: as data and as Markdown */
  'incidents.export': { readonly input: { readonly params: { readonly "id": string }; readonly signal?: AbortSignal }; readonly reply: IncidentExport }
  /** Who was hurt and for how long; minutes in common count once */
  'incidents.impact': { readonly input: { readonly params: { readonly "id": string }; readonly signal?: AbortSignal }; readonly reply: IncidentImpact }
  /** Take an alert into the incident */
  'incidents.link-alert': { readonly input: { readonly params: { readonly "id": string }; readonly body: { readonly alert: string }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: Incident }
  /** Incidents, newest first */
  'incidents.list': { readonly input: { readonly query?: { readonly "limit"?: number | undefined; readonly "cursor"?: string | undefined; readonly "status"?: "planned" | "triage" | "active" | "mitigated" | "resolved" | "reviewed" | "open" | "over" | undefined; readonly "service"?: string | undefined; readonly "severity"?: "SEV1" | "SEV2" | "SEV3" | "SEV4" | undefined; readonly "kind"?: "normal" | "security" | "drill" | "backfilled" | "scheduled" | undefined; readonly "number"?: number | undefined; readonly "search"?: string | undefined; readonly "from"?: string | undefined; readonly "to"?: string | undefined }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly IncidentSummary[]; readonly nextCursor: string | null } }
  /** It is the same as another one: its alerts, its work and what is known of it move there, and it ends */
  'incidents.merge': { readonly input: { readonly params: { readonly "id": string }; readonly body: { readonly into: string; readonly reason: string; readonly learn?: boolean | undefined; readonly people?: number | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: Incident }
  /** Write into the timeline */
  'incidents.note': { readonly input: { readonly params: { readonly "id": string }; readonly body: { readonly text: string; readonly at?: string | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: TimelineEntry }
  /** Offer a role to somebody; the holder keeps it until they accept */
  'incidents.offer-role': { readonly input: { readonly params: { readonly "id": string }; readonly body: { readonly role: "commander" | "deputy" | "operations-lead" | "communications-lead" | "scribe" | "expert" | "observer"; readonly person: string }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: Incident }
  /** Pin the counts of an objective as they are now: frozen data, no link */
  'incidents.pin-graph': { readonly input: { readonly params: { readonly "id": string }; readonly body: { readonly objective: string; readonly from: string; readonly to: string; readonly title?: string | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: GraphPin }
  /** Say when an entry of the timeline really happened */
  'incidents.place-entry': { readonly input: { readonly params: { readonly "id": string; readonly "entry": number }; readonly body: { readonly at: string; readonly reason: string }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: { readonly entry: number; readonly at: string } }
  /** Tell people; the clock for the next update starts anew */
  'incidents.post-update': { readonly input: { readonly params: { readonly "id": string }; readonly body: { readonly audience: "responders" | "company" | "executives" | "customers" | "customer"; readonly customer?: string | undefined; readonly text: string; readonly nextInMs?: number | null | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: IncidentUpdate }
  /** Which severity the measurements of these services speak for, and why */
  'incidents.propose': { readonly input: { readonly body: { readonly services: readonly string[]; readonly peopleAffected?: number | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: SeverityProposal }
  /** Propose an update: nobody is told before a second person approves it */
  'incidents.propose-update': { readonly input: { readonly params: { readonly "id": string }; readonly body: { readonly audience: "responders" | "company" | "executives" | "customers" | "customer"; readonly customer?: string | undefined; readonly text: string; readonly nextInMs?: number | null | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: UpdateProposal }
  /** One incident */
  'incidents.read': { readonly input: { readonly params: { readonly "id": string }; readonly signal?: AbortSignal }; readonly reply: Incident }
  /** What people split off, merged and took back; the newest 50 */
  'incidents.regroupings': { readonly input: { readonly params: { readonly "id": string }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly Regrouping[] } }
  /** Link it to another, as its child or beside it; or undo that */
  'incidents.relate': { readonly input: { readonly params: { readonly "id": string }; readonly body: { readonly other: string; readonly relation: "child-of" | "related" | "none"; readonly reason: string }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: Incident }
  /** Where to look first, changes that may have caused it, similar incidents, who else is reached; with reasons */
  'incidents.related': { readonly input: { readonly params: { readonly "id": string }; readonly signal?: AbortSignal }; readonly reply: RelatedToIncident }
  /** Put planned work off, or let it last longer; the maintenance it follows moves with it */
  'incidents.replan': { readonly input: { readonly params: { readonly "id": string }; readonly body: { readonly startsAt?: string | undefined; readonly endsAt?: string | undefined; readonly reason: string }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: Incident }
  /** Make it a security incident, or say who may read it */
  'incidents.restrict': { readonly input: { readonly params: { readonly "id": string }; readonly body: { readonly kind: "normal" | "security"; readonly readers: readonly string[]; readonly reason: string }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: Incident }
  /** What each severity means here, and what follows from it */
  'incidents.severities': { readonly input: { readonly signal?: AbortSignal }; readonly reply: { readonly severities: readonly SeverityDefinition[]; readonly postmortemDueDays: number; readonly declared: boolean } }
  /** Some of its alerts are another problem: they get an incident of their own */
  'incidents.split': { readonly input: { readonly params: { readonly "id": string }; readonly body: { readonly alerts: readonly string[]; readonly title?: string | undefined; readonly reason: string; readonly learn?: boolean | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: Regrouping }
  /** State who was hurt and when; replaces what was stated before */
  'incidents.state-impact': { readonly input: { readonly params: { readonly "id": string }; readonly body: { readonly statement: string | null; readonly spans: readonly ({ readonly service: string; readonly startedAt: string; readonly endedAt: string | null })[]; readonly people?: number | null | undefined; readonly regions?: readonly string[] | undefined; readonly customers?: readonly string[] | undefined }; readonly signal?: AbortSignal }; readonly reply: Incident }
  /** What happened, as the journal tells it */
  'incidents.timeline': { readonly input: { readonly params: { readonly "id": string }; readonly query?: { readonly "limit"?: number | undefined; readonly "after"?: number | undefined }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly TimelineEntry[]; readonly more: boolean } }
  /** Move it on: active, mitigated, resolved, or active again; planned work is begun or called off */
  'incidents.transition': { readonly input: { readonly params: { readonly "id": string }; readonly body: { readonly to: "planned" | "triage" | "active" | "mitigated" | "resolved" | "reviewed"; readonly note?: string | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: Incident }
  /** Take a split or a merge back: the alerts return, and what was learnt of it is forgotten */
  'incidents.undo-regrouping': { readonly input: { readonly params: { readonly "id": string; readonly "regrouping": string }; readonly body: { readonly reason: string }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: Regrouping }
  /** Change title, severity or where people talk; severity needs a reason */
  'incidents.update': { readonly input: { readonly params: { readonly "id": string }; readonly body: { readonly title?: string | undefined; readonly severity?: string | undefined; readonly reason?: string | undefined; readonly callUrl?: string | null | undefined }; readonly signal?: AbortSignal }; readonly reply: Incident }
  /** What people were told, newest first */
  'incidents.updates': { readonly input: { readonly params: { readonly "id": string }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly IncidentUpdate[]; readonly updateEveryMs: number | null; readonly approval: readonly ("responders" | "company" | "executives" | "customers" | "customer")[]; readonly waiting: readonly UpdateProposal[] } }
  /** Planned work went wrong: from now on it is an incident as any other */
  'incidents.went-wrong': { readonly input: { readonly params: { readonly "id": string }; readonly body: { readonly reason: string; readonly severity?: string | undefined; readonly startedAt?: string | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: Incident }
  /** Take back an update one proposed; nobody is told */
  'incidents.withdraw-update': { readonly input: { readonly params: { readonly "id": string; readonly "number": number }; readonly body: { readonly reason?: string | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: UpdateProposal }
  /** Tasks, decisions, hypotheses, mitigations, cases at vendors and pinned graphs */
  'incidents.work': { readonly input: { readonly params: { readonly "id": string }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly IncidentItem[]; readonly pins: readonly GraphPin[] } }
  /** Nobody needs it; it is kept thirty days more */
  'intake.dismiss': { readonly input: { readonly params: { readonly "id": string }; readonly body: { readonly reason?: string | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: undefined }
  /** Make a token; the former one goes on for a while */
  'intake.issue-token': { readonly input: { readonly params: { readonly "name": string }; readonly body: { readonly overlapMs?: number | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: { readonly token: string; readonly issued: IntakeToken; readonly setUp: readonly ({ readonly title: string; readonly text: string })[] } }
  /** Senders with their rates, by name (1,000 at most) */
  'intake.list': { readonly input: { readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly IntakeSource[] } }
  /** What was sent and could not be understood, newest first */
  'intake.orphans': { readonly input: { readonly query?: { readonly "limit"?: number | undefined; readonly "cursor"?: string | undefined; readonly "source"?: string | undefined }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly IntakeOrphan[]; readonly nextCursor: string | null } }
  /** What a payload would become; nothing is taken in */
  'intake.preview': { readonly input: { readonly body: { readonly source?: string | undefined; readonly format?: "generic" | "alertmanager" | "grafana" | "pagerduty" | "opsgenie" | "cloudwatch" | "datadog" | "sentry" | "zabbix" | "uptimekuma" | "email" | "heartbeat" | undefined; readonly mapping?: IntakeMapping | undefined; readonly severities?: Readonly<Record<string, "critical" | "warning" | "info">> | undefined; readonly body: string }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: { readonly signals: readonly IntakeSignal[]; readonly acknowledged: readonly string[]; readonly unread: readonly string[]; readonly notes: readonly string[]; readonly nothing: string | null } }
  /** One sender: tokens, newest payloads, how to set it up */
  'intake.read': { readonly input: { readonly params: { readonly "name": string }; readonly signal?: AbortSignal }; readonly reply: IntakeSourceDetail }
  /** Stop checking signatures; the token alone counts again */
  'intake.remove-secret': { readonly input: { readonly params: { readonly "name": string }; readonly signal?: AbortSignal }; readonly reply: undefined }
  /** Try it again as the source is declared now */
  'intake.replay': { readonly input: { readonly params: { readonly "id": string }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: { readonly understood: boolean; readonly signals: number; readonly because: string | null } }
  /** End a token now */
  'intake.revoke-token': { readonly input: { readonly params: { readonly "name": string; readonly "id": string }; readonly signal?: AbortSignal }; readonly reply: undefined }
  /** Store what signs its deliveries; from now on they must be signed */
  'intake.set-secret': { readonly input: { readonly params: { readonly "name": string }; readonly body: { readonly secret: string; readonly overlapMs?: number | undefined }; readonly signal?: AbortSignal }; readonly reply: undefined }
  /** What came without a source, by an API key or an unknown routing key, and was not understood (the newest 100) */
  'intake.unclaimed': { readonly input: { readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly IntakeUnclaimed[] } }
  /** Signed checkpoints of the journal, newest first */
  'journal.checkpoints': { readonly input: { readonly query?: { readonly "limit"?: number | undefined; readonly "cursor"?: string | undefined }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly JournalCheckpoint[]; readonly nextCursor: string | null } }
  /** What happened, newest first */
  'journal.list': { readonly input: { readonly query?: { readonly "limit"?: number | undefined; readonly "cursor"?: string | undefined; readonly "subjectKind"?: string | undefined; readonly "subjectId"?: string | undefined; readonly "service"?: string | undefined; readonly "concerns"?: string | undefined; readonly "type"?: string | undefined; readonly "from"?: string | undefined; readonly "to"?: string | undefined }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly JournalEntry[]; readonly nextCursor: string | null } }
  /** Read the whole journal again and compare it with its leaves and signed checkpoints */
  'journal.verify': { readonly input: { readonly signal?: AbortSignal }; readonly reply: JournalVerification }
  /** Journeys with what they came to, as of the last evaluation */
  'journey-objectives.list': { readonly input: { readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly JourneyObjectiveSummary[] } }
  /** The policies of a journey: which step is entered, since when, and what was done */
  'journey-objectives.policies': { readonly input: { readonly params: { readonly "name": string }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly ObjectivePolicy[] } }
  /** One journey: members, weights, worst, product beside mean, ceiling */
  'journey-objectives.read': { readonly input: { readonly params: { readonly "name": string }; readonly signal?: AbortSignal }; readonly reply: JourneyObjective }
  /** Record that a journey was looked at, and what was decided */
  'journey-objectives.record-review': { readonly input: { readonly params: { readonly "name": string }; readonly body: { readonly decision: "keep" | "change-target" | "retire"; readonly reason: string; readonly newTarget?: string | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: ObjectiveReview }
  /** When a journey is looked at again, until when its promise holds, and what reviews came to */
  'journey-objectives.review': { readonly input: { readonly params: { readonly "name": string }; readonly signal?: AbortSignal }; readonly reply: { readonly terms: ObjectiveTerms | null; readonly reviews: readonly ObjectiveReview[] } }
  /** What a review of a journey looks at: what it came to over its window, pages about its services */
  'journey-objectives.review-figures': { readonly input: { readonly params: { readonly "name": string }; readonly signal?: AbortSignal }; readonly reply: ReviewFigures }
  /** What users come to do, and the services they pass through (500 at most) */
  'journeys.list': { readonly input: { readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly ({ readonly name: string; readonly displayName: string; readonly tier: number; readonly services: readonly string[] })[] } }
  /** Create an API key; its secret is shown once */
  'keys.create': { readonly input: { readonly body: { readonly name: string; readonly role: "viewer" | "responder" | "editor" | "admin"; readonly scopes: readonly string[]; readonly teams?: readonly string[] | undefined; readonly service?: boolean | undefined; readonly expiresAt?: string | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: { readonly key: ApiKey; readonly token: string } }
  /** API keys by name: own ones, for administrators all */
  'keys.list': { readonly input: { readonly query?: { readonly "limit"?: number | undefined; readonly "cursor"?: string | undefined; readonly "revoked"?: boolean | undefined }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly ApiKey[]; readonly nextCursor: string | null } }
  /** Revoke a key; takes effect within a second everywhere */
  'keys.revoke': { readonly input: { readonly params: { readonly "id": string }; readonly signal?: AbortSignal }; readonly reply: undefined }
  /** The classes of failure that hold, and how long a problem is watched */
  'learning.classes': { readonly input: { readonly signal?: AbortSignal }; readonly reply: { readonly declared: boolean; readonly classes: readonly FailureClass[]; readonly eliminationWindowMs: number } }
  /** How an incident and the factors of its postmortem are classified */
  'learning.classes-of': { readonly input: { readonly params: { readonly "id": string }; readonly signal?: AbortSignal }; readonly reply: IncidentClassification }
  /** Classify an incident as a whole, or one factor of its postmortem */
  'learning.classify': { readonly input: { readonly params: { readonly "id": string }; readonly body: { readonly factor?: string | null | undefined; readonly class: string | null }; readonly signal?: AbortSignal }; readonly reply: IncidentClassification }
  /** Say that it repeats an earlier one, that it does not, or take such a word back */
  'learning.judge-repeat': { readonly input: { readonly params: { readonly "id": string }; readonly body: { readonly earlier: string; readonly verdict: "confirmed" | "rejected" | "undecided"; readonly reason?: string | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: IncidentRepeats }
  /** The review of a month: what happened, what came again, what was done and what was learnt */
  'learning.pack': { readonly input: { readonly params: { readonly "month": string }; readonly signal?: AbortSignal }; readonly reply: LearningPack }
  /** Repeats that wait for a word, of the last 90 days; or those confirmed or rejected, newest first */
  'learning.repeats': { readonly input: { readonly query?: { readonly "limit"?: number | undefined; readonly "cursor"?: string | undefined; readonly "verdict"?: "undecided" | "confirmed" | "rejected" | undefined }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly RepeatPair[]; readonly nextCursor: string | null } }
  /** Earlier incidents it may repeat, and known errors it resembles */
  'learning.repeats-of': { readonly input: { readonly params: { readonly "id": string }; readonly signal?: AbortSignal }; readonly reply: IncidentRepeats }
  /** Incidents, postmortems, factors, actions and problems with these words, the newest first */
  'learning.search': { readonly input: { readonly query: { readonly "q": string; readonly "kind"?: "incident" | "postmortem" | "action" | "problem" | undefined; readonly "service"?: string | undefined; readonly "class"?: string | undefined; readonly "limit"?: number | undefined }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly LearntHit[]; readonly more: boolean; readonly capped: boolean; readonly behind: boolean } }
  /** Incidents by class, service, team, change and month; the last twelve months unless said */
  'learning.trends': { readonly input: { readonly query?: { readonly "from"?: string | undefined; readonly "to"?: string | undefined; readonly "service"?: string | undefined; readonly "team"?: string | undefined; readonly "class"?: string | undefined }; readonly signal?: AbortSignal }; readonly reply: LearningTrends }
  /** Whether the database is there, how old the plan is that pages would go out from, and the gaps so far */
  'lifeboat.read': { readonly input: { readonly signal?: AbortSignal }; readonly reply: Lifeboat }
  /** Cancel one that has not begun; the others of its window stay */
  'maintenance.cancel': { readonly input: { readonly params: { readonly "id": string }; readonly body: { readonly reason: string }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: MaintenanceOccurrence }
  /** End it before its time; what still fires is told at once */
  'maintenance.end': { readonly input: { readonly params: { readonly "id": string }; readonly body: { readonly reason: string }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: MaintenanceOccurrence }
  /** Let it last longer */
  'maintenance.extend': { readonly input: { readonly params: { readonly "id": string }; readonly body: { readonly until: string; readonly reason: string }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: MaintenanceOccurrence }
  /** Maintenance in a stretch of time, in order; from now on for 30 days unless said */
  'maintenance.list': { readonly input: { readonly query?: { readonly "limit"?: number | undefined; readonly "cursor"?: string | undefined; readonly "from"?: string | undefined; readonly "to"?: string | undefined; readonly "service"?: string | undefined; readonly "window"?: string | undefined }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly MaintenanceOccurrence[]; readonly nextCursor: string | null } }
  /** When it would take place next, whom it would cover, and what else is planned for them; nothing is kept */
  'maintenance.preview': { readonly input: { readonly body: MaintenanceDraft; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: { readonly occurrences: readonly ({ readonly startsAt: string; readonly endsAt: string; readonly lastsMs: number })[]; readonly services: readonly ({ readonly name: string; readonly named: boolean; readonly team: string | null })[]; readonly overlaps: readonly MaintenanceOccurrence[]; readonly warnings: readonly string[] } }
  /** One time a maintenance takes place */
  'maintenance.read': { readonly input: { readonly params: { readonly "id": string }; readonly signal?: AbortSignal }; readonly reply: MaintenanceOccurrence }
  /** Objectives and journeys to look at: reviews that are due, promises that end */
  'objective-reviews.list': { readonly input: { readonly query?: { readonly "limit"?: number | undefined; readonly "cursor"?: string | undefined; readonly "state"?: "open" | "due" | "overdue" | "expiring" | "expired" | "all" | undefined; readonly "owner"?: string | undefined; readonly "service"?: string | undefined }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly ObjectiveTerms[]; readonly nextCursor: string | null } }
  /** What another definition would have said of the past */
  'objectives.back-test': { readonly input: { readonly params: { readonly "name": string }; readonly body: { readonly target?: number | undefined; readonly windowMs?: number | undefined; readonly sliceTarget?: number | undefined; readonly tiers?: readonly BurnTierOrder[] | undefined; readonly from?: string | undefined; readonly to?: string | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: { readonly from: string; readonly to: string; readonly measuredRatio: number; readonly current: BackTestOutcome; readonly proposed: BackTestOutcome; readonly incidents: readonly BackTestIncident[] } }
  /** Budgets of many objectives at once, as numbers alone */
  'objectives.budgets': { readonly input: { readonly query?: { readonly "limit"?: number | undefined; readonly "cursor"?: string | undefined; readonly "objective"?: string | undefined; readonly "service"?: string | undefined }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly ObjectiveBudgetNumbers[]; readonly nextCursor: string | null } }
  /** Whether the target can be kept with the services it depends on */
  'objectives.ceiling': { readonly input: { readonly params: { readonly "name": string }; readonly signal?: AbortSignal }; readonly reply: ObjectiveCeiling }
  /** Take a past stretch out of the budget, with a reason */
  'objectives.correct': { readonly input: { readonly params: { readonly "name": string }; readonly body: { readonly from: string; readonly to: string; readonly mode: "drop" | "good"; readonly reason: string }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: BudgetCorrection }
  /** What was corrected, by whom and why; withdrawn ones too */
  'objectives.corrections': { readonly input: { readonly params: { readonly "name": string }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly BudgetCorrection[] } }
  /** How many objectives are in which state */
  'objectives.counts': { readonly input: { readonly query?: { readonly "search"?: string | undefined }; readonly signal?: AbortSignal }; readonly reply: { readonly total: number; readonly ok: number; readonly burning: number; readonly exhausted: number; readonly noData: number; readonly noEvents: number; readonly expired: number; readonly reviewDue: number } }
  /** Objectives as OpenSLO v1, with all that they refer to */
  'objectives.export': { readonly input: { readonly query?: { readonly "name"?: string | undefined; readonly "service"?: string | undefined }; readonly signal?: AbortSignal }; readonly reply: ObjectiveExport }
  /** Who of the groups was hit by what, and when the budget of each will be gone: the worst N */
  'objectives.group-ledger': { readonly input: { readonly params: { readonly "name": string }; readonly query?: { readonly "most"?: number | undefined }; readonly signal?: AbortSignal }; readonly reply: { readonly from: string; readonly to: string; readonly by: readonly string[]; readonly causes: readonly ({ readonly cause: { readonly kind: "incident" | "change" | "dependency" | "background" | "unknown"; readonly id: string | null; readonly label: string }; readonly bad: number; readonly share: number })[]; readonly groups: readonly GroupLedgerRow[]; readonly others: { readonly groups: number; readonly bad: number; readonly share: number; readonly byCause: readonly number[] } | null; readonly total: number; readonly sentence: string } }
  /** The groups of an objective, with the budget of each */
  'objectives.groups': { readonly input: { readonly params: { readonly "name": string }; readonly query?: { readonly "limit"?: number | undefined; readonly "cursor"?: string | undefined; readonly "search"?: string | undefined; readonly "sort"?: "spent" | "remaining" | "name" | undefined }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly ObjectiveGroup[]; readonly nextCursor: string | null; readonly by: readonly string[]; readonly limit: number; readonly groups: number; readonly burning: number; readonly others: number; readonly groupedSince: string | null; readonly alerts: GroupAlerts | null; readonly sums: GroupSums; readonly sentence: string } }
  /** Read objectives of Sloth, Pyrra or an older OpenSLO as OpenSLO v1 to apply; saves nothing */
  'objectives.import': { readonly input: { readonly body: { readonly text: string; readonly dataSource?: string | undefined; readonly service?: string | undefined; readonly window?: string | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: ObjectiveImport }
  /** What spent the budget of the window: incidents, changes, the everyday, and what is not known */
  'objectives.ledger': { readonly input: { readonly params: { readonly "name": string }; readonly query?: { readonly "from"?: string | undefined; readonly "to"?: string | undefined }; readonly signal?: AbortSignal }; readonly reply: { readonly rows: readonly LedgerRow[]; readonly total: number; readonly excluded: readonly LedgerExclusion[] } }
  /** Everything that is wrong with a file of objectives, by line; looks at nothing but the file */
  'objectives.lint': { readonly input: { readonly body: { readonly text: string; readonly dataSource?: string | undefined; readonly service?: string | undefined; readonly window?: string | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: ObjectiveLint }
  /** Objectives with their budget and verdict */
  'objectives.list': { readonly input: { readonly query?: { readonly "limit"?: number | undefined; readonly "cursor"?: string | undefined; readonly "service"?: string | undefined; readonly "state"?: "ok" | "burning" | "exhausted" | "no-data" | "no-events" | "expired" | "trouble" | "unknown" | undefined; readonly "search"?: string | undefined; readonly "review"?: "due" | "overdue" | undefined; readonly "sort"?: "name" | "remaining" | "worst" | undefined }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly ObjectiveSummary[]; readonly nextCursor: string | null } }
  /** Budget report of a calendar window: the running period, and those that ended */
  'objectives.periods': { readonly input: { readonly params: { readonly "name": string }; readonly query?: { readonly "limit"?: number | undefined }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly ObjectivePeriod[] } }
  /** The policies of an objective: which step is entered, since when, and what was done */
  'objectives.policies': { readonly input: { readonly params: { readonly "name": string }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly ObjectivePolicy[] } }
  /** Recording and alert rules for a Prometheus server, right as sums of events */
  'objectives.prometheus-rules': { readonly input: { readonly params: { readonly "name": string }; readonly signal?: AbortSignal }; readonly reply: { readonly yaml: string; readonly warnings: readonly string[] } }
  /** One objective: budget, tiers, windows, definition */
  'objectives.read': { readonly input: { readonly params: { readonly "name": string }; readonly signal?: AbortSignal }; readonly reply: Objective }
  /** Record that an objective was looked at, and what was decided */
  'objectives.record-review': { readonly input: { readonly params: { readonly "name": string }; readonly body: { readonly decision: "keep" | "change-target" | "retire"; readonly reason: string; readonly newTarget?: string | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: ObjectiveReview }
  /** When an objective is looked at again, until when it holds, and what reviews came to */
  'objectives.review': { readonly input: { readonly params: { readonly "name": string }; readonly signal?: AbortSignal }; readonly reply: { readonly terms: ObjectiveTerms | null; readonly reviews: readonly ObjectiveReview[] } }
  /** What a review looks at: attainment since the last one, pages, precision */
  'objectives.review-figures': { readonly input: { readonly params: { readonly "name": string }; readonly signal?: AbortSignal }; readonly reply: ReviewFigures }
  /** Budget and burn rate over time */
  'objectives.series': { readonly input: { readonly params: { readonly "name": string }; readonly query: { readonly "from": string; readonly "to": string }; readonly signal?: AbortSignal }; readonly reply: { readonly stepMs: number; readonly points: readonly ObjectivePoint[] } }
  /** Let a corrected stretch count again */
  'objectives.withdraw-correction': { readonly input: { readonly params: { readonly "name": string; readonly "id": string }; readonly body: { readonly reason: string }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: BudgetCorrection }
  /** What being on call does to each team that has a schedule, and to you */
  'oncall.health': { readonly input: { readonly query?: { readonly "weeks"?: number | undefined }; readonly signal?: AbortSignal }; readonly reply: OnCallHealth }
  /** Am I on call, until when, and can I be reached */
  'oncall.me': { readonly input: { readonly signal?: AbortSignal }; readonly reply: OnCallMe }
  /** Who is on call now, or at an instant, and next, for every schedule (500 at most) */
  'oncall.now': { readonly input: { readonly query?: { readonly "at"?: string | undefined }; readonly signal?: AbortSignal }; readonly reply: { readonly asOf: string; readonly schedules: readonly ScheduleNow[] } }
  /** On-call health of a team: weeks, limits, coverage, what paged, suggestions */
  'oncall.team-health': { readonly input: { readonly params: { readonly "team": string }; readonly query?: { readonly "weeks"?: number | undefined }; readonly signal?: AbortSignal }; readonly reply: TeamOnCallHealth }
  /** Cover somebody, join or step out for a while; the past is never changed */
  'overrides.create': { readonly input: { readonly params: { readonly "name": string }; readonly body: OverrideOrder; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: Override }
  /** Take an override back; one that has begun ends now */
  'overrides.delete': { readonly input: { readonly params: { readonly "id": string }; readonly signal?: AbortSignal }; readonly reply: undefined }
  /** Overrides of a schedule that have not ended, in the order they were made (1000 at most) */
  'overrides.list': { readonly input: { readonly params: { readonly "name": string }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly Override[] } }
  /** What needs a human now, ranked, and one sentence about the rest */
  'overview.read': { readonly input: { readonly signal?: AbortSignal }; readonly reply: Overview }
  /** Who was paged for what and why, newest first */
  'pages.list': { readonly input: { readonly query?: { readonly "limit"?: number | undefined; readonly "cursor"?: string | undefined; readonly "alert"?: string | undefined; readonly "person"?: string | undefined }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly PersonPage[]; readonly nextCursor: string | null } }
  /** Add a line to what was signed: more, or less, with its reason */
  'pay.correct': { readonly input: { readonly params: { readonly "id": string }; readonly body: { readonly person: string; readonly class: "holiday" | "weekend" | "night" | "weekday"; readonly standbyMs?: number | undefined; readonly awakeMs?: number | undefined; readonly reason: string }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: PayStatement }
  /** Hours on call and called out, by person and kind of hour; what was signed stays as it was */
  'pay.read': { readonly input: { readonly params: { readonly "team": string }; readonly query?: { readonly "from"?: string | undefined; readonly "until"?: string | undefined }; readonly signal?: AbortSignal }; readonly reply: PayStatement }
  /** Sign a period off: its lines are kept as they are and never change */
  'pay.sign': { readonly input: { readonly params: { readonly "team": string }; readonly body: { readonly from: string; readonly until: string }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: PayStatement }
  /** Add a person and get the invitation to hand over */
  'people.create': { readonly input: { readonly body: { readonly email: string; readonly name: string; readonly role: "viewer" | "responder" | "editor" | "admin"; readonly timeZone?: string | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: { readonly person: Person; readonly invitation: string } }
  /** A new one-time link for somebody who lost the password; earlier ones end */
  'people.invite': { readonly input: { readonly params: { readonly "id": string }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: { readonly person: Person; readonly invitation: string } }
  /** People by name */
  'people.list': { readonly input: { readonly query?: { readonly "limit"?: number | undefined; readonly "cursor"?: string | undefined; readonly "search"?: string | undefined }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly Person[]; readonly nextCursor: string | null } }
  /** Change role, name or time zone; disable or enable. Takes effect within a second everywhere */
  'people.update': { readonly input: { readonly params: { readonly "id": string }; readonly body: { readonly name?: string | undefined; readonly role?: "viewer" | "responder" | "editor" | "admin" | undefined; readonly timeZone?: string | undefined; readonly disabled?: boolean | undefined; readonly reason?: string | undefined }; readonly signal?: AbortSignal }; readonly reply: { readonly person: Person } }
  /** Who is paged, when and on what, if an alert comes at an instant and nobody answers */
  'policies.simulate': { readonly input: { readonly params: { readonly "name": string }; readonly body: { readonly at?: string | undefined; readonly urgency?: "high" | "low" | undefined; readonly spec?: { readonly team?: string | undefined; readonly levels: readonly ({ readonly notify: readonly ({ readonly person?: string | undefined; readonly schedule?: string | undefined; readonly team?: string | undefined; readonly webhook?: string | undefined })[]; readonly waitFor?: string | undefined; readonly strategy?: "everyone" | "round-robin" | undefined })[]; readonly repeat?: number | undefined; readonly acknowledgementTimeout?: string | "never" | undefined; readonly pageOnHandOver?: boolean | undefined; readonly fallbackOwner: string } | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: PolicySimulation }
  /** What waits for review, the oldest first: the agenda of the meeting */
  'postmortems.agenda': { readonly input: { readonly query?: { readonly "limit"?: number | undefined; readonly "cursor"?: string | undefined }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly PostmortemAgendaItem[]; readonly nextCursor: string | null } }
  /** Let the prepared version out, as it was seen: frozen, at an address of its own */
  'postmortems.approve-public': { readonly input: { readonly params: { readonly "id": string }; readonly body: { readonly hash: string }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: PublicVersion }
  /** Ask somebody to review it; they are told */
  'postmortems.ask-reviewer': { readonly input: { readonly params: { readonly "id": string }; readonly body: { readonly person: string }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: PostmortemReview }
  /** Who wrote which words of each section */
  'postmortems.authors': { readonly input: { readonly params: { readonly "id": string }; readonly signal?: AbortSignal }; readonly reply: PostmortemAuthors }
  /** Say where this hand is, so that others see it; silent for 30 s, it is gone */
  'postmortems.be-here': { readonly input: { readonly params: { readonly "id": string; readonly "client": number }; readonly body: { readonly here: boolean; readonly section?: "summary" | "what-happened" | "went-well" | "went-badly" | "lucky" | "lessons" | null | undefined; readonly line?: number | null | undefined }; readonly signal?: AbortSignal }; readonly reply: Readonly<Record<string, unknown>> }
  /** Say something on it that its authors are to answer */
  'postmortems.comment': { readonly input: { readonly params: { readonly "id": string }; readonly body: { readonly section: "summary" | "what-happened" | "went-well" | "went-badly" | "lucky" | "lessons" | null; readonly body: string }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: PostmortemReview }
  /** How many are published by their day, of those whose day lies in between; the last 90 days unless said */
  'postmortems.compliance': { readonly input: { readonly query?: { readonly "from"?: string | undefined; readonly "to"?: string | undefined }; readonly signal?: AbortSignal }; readonly reply: PostmortemCompliance }
  /** Approve it as you read it, or ask for changes and say which */
  'postmortems.decide-review': { readonly input: { readonly params: { readonly "id": string }; readonly body: { readonly decision: "approved" | "changes"; readonly reason?: string | undefined; readonly textHash: string }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: PostmortemReview }
  /** The shared document as it is, to go on after a gap */
  'postmortems.document': { readonly input: { readonly params: { readonly "id": string }; readonly signal?: AbortSignal }; readonly reply: SharedDocument }
  /** It needs no postmortem, and why; or it does after all. Nobody excuses their own */
  'postmortems.excuse': { readonly input: { readonly params: { readonly "id": string }; readonly body: { readonly excused: boolean; readonly reason: string }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: Postmortem }
  /** As data and as Markdown */
  'postmortems.export': { readonly input: { readonly params: { readonly "id": string }; readonly signal?: AbortSignal }; readonly reply: PostmortemExport }
  /** Begin to write: a number for this hand, and the shared document as it is */
  'postmortems.join': { readonly input: { readonly params: { readonly "id": string }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: JoinedDocument }
  /** The library: newest first */
  'postmortems.list': { readonly input: { readonly query?: { readonly "limit"?: number | undefined; readonly "cursor"?: string | undefined; readonly "status"?: "draft" | "review" | "published" | undefined; readonly "service"?: string | undefined; readonly "incident"?: string | undefined; readonly "search"?: string | undefined }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly PostmortemSummary[]; readonly nextCursor: string | null } }
  /** Open the postmortem of an incident, drafted from its facts; answers the one that exists */
  'postmortems.open': { readonly input: { readonly body: { readonly incident: string; readonly because?: string | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: Postmortem }
  /** Prepare the public version of what is published: what is left out, and who is called what */
  'postmortems.prepare-public': { readonly input: { readonly params: { readonly "id": string }; readonly body: PublicChoices; readonly signal?: AbortSignal }; readonly reply: PublicVersion }
  /** One postmortem with its facts, sections, factors and actions */
  'postmortems.read': { readonly input: { readonly params: { readonly "id": string }; readonly signal?: AbortSignal }; readonly reply: Postmortem }
  /** Its public version: what is prepared, and what anybody may read */
  'postmortems.read-public-version': { readonly input: { readonly params: { readonly "id": string }; readonly signal?: AbortSignal }; readonly reply: PublicVersion }
  /** Freeze the facts anew, as the journal tells them now */
  'postmortems.refresh-facts': { readonly input: { readonly params: { readonly "id": string }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: Postmortem }
  /** A comment is answered, or open again */
  'postmortems.resolve-comment': { readonly input: { readonly params: { readonly "id": string; readonly "comment": string }; readonly body: { readonly resolved: boolean }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: PostmortemReview }
  /** Write the sections as they were; what they are now stays as a version */
  'postmortems.restore': { readonly input: { readonly params: { readonly "id": string; readonly "number": number }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: Postmortem }
  /** Who reviews it, what they decided, what they ask, and what is missing until it may be published */
  'postmortems.review': { readonly input: { readonly params: { readonly "id": string }; readonly signal?: AbortSignal }; readonly reply: PostmortemReview }
  /** Send it to review, publish it, or take it back */
  'postmortems.transition': { readonly input: { readonly params: { readonly "id": string }; readonly body: { readonly to: "draft" | "review" | "published"; readonly note?: string | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: Postmortem }
  /** Change title, owner or due date */
  'postmortems.update': { readonly input: { readonly params: { readonly "id": string }; readonly body: { readonly title?: string | undefined; readonly owner?: string | null | undefined; readonly dueAt?: string | undefined }; readonly signal?: AbortSignal }; readonly reply: Postmortem }
  /** The sections as they were */
  'postmortems.version': { readonly input: { readonly params: { readonly "id": string; readonly "number": number }; readonly signal?: AbortSignal }; readonly reply: PostmortemVersion }
  /** Earlier versions, newest first: one for each sitting and each step; 200 are kept */
  'postmortems.versions': { readonly input: { readonly params: { readonly "id": string }; readonly signal?: AbortSignal }; readonly reply: PostmortemVersions }
  /** Take the public version back; its address is never used again */
  'postmortems.withdraw-public': { readonly input: { readonly params: { readonly "id": string }; readonly body: { readonly reason: string }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: PublicVersion }
  /** Add what this hand wrote; the same again changes nothing */
  'postmortems.write': { readonly input: { readonly params: { readonly "id": string }; readonly body: { readonly client: number; readonly update: string }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: { readonly seq: number } }
  /** Contributing factors and what each led to; refused when somebody changed the postmortem since you read it */
  'postmortems.write-factors': { readonly input: { readonly params: { readonly "id": string }; readonly body: { readonly factors: readonly ({ readonly id: string; readonly text: string; readonly kind: "trigger" | "latent" | "detection" | "response" | "organisation"; readonly leadsTo: readonly string[] })[]; readonly version: number }; readonly signal?: AbortSignal }; readonly reply: Postmortem }
  /** Write a section; refused when somebody wrote it since you read it */
  'postmortems.write-section': { readonly input: { readonly params: { readonly "id": string; readonly "section": "summary" | "what-happened" | "went-well" | "went-badly" | "lucky" | "lessons" }; readonly body: { readonly body: string; readonly version: number }; readonly signal?: AbortSignal }; readonly reply: Postmortem }
  /** Say that a job ran */
  'probes.beat': { readonly input: { readonly params: { readonly "name": string }; readonly body: { readonly ok?: boolean | undefined; readonly note?: string | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: { readonly at: string; readonly expectedBefore: string } }
  /** Probes with their last result */
  'probes.list': { readonly input: { readonly query?: { readonly "limit"?: number | undefined; readonly "cursor"?: string | undefined }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly Probe[]; readonly nextCursor: string | null } }
  /** A probe with its last result */
  'probes.read': { readonly input: { readonly params: { readonly "name": string }; readonly signal?: AbortSignal }; readonly reply: Probe }
  /** The checks of a probe, newest first: the newest 1,000 of the last 14 days */
  'probes.results': { readonly input: { readonly params: { readonly "name": string }; readonly query?: { readonly "limit"?: number | undefined; readonly "cursor"?: string | undefined }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly ProbeResult[]; readonly nextCursor: string | null } }
  /** Write its cause, workaround or plan; name owner, date or how long it is watched */
  'problems.change': { readonly input: { readonly params: { readonly "id": string }; readonly body: { readonly title?: string | undefined; readonly cause?: string | null | undefined; readonly workaround?: string | null | undefined; readonly plan?: string | null | undefined; readonly class?: string | null | undefined; readonly services?: readonly string[] | undefined; readonly owner?: string | null | undefined; readonly dueAt?: string | null | undefined; readonly windowMs?: number | undefined }; readonly signal?: AbortSignal }; readonly reply: ProblemRecord }
  /** Add an incident, or a corrective action that is to eliminate it */
  'problems.link': { readonly input: { readonly params: { readonly "id": string }; readonly body: { readonly incident?: string | undefined; readonly action?: string | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: ProblemRecord }
  /** Problems, the newest first */
  'problems.list': { readonly input: { readonly query?: { readonly "limit"?: number | undefined; readonly "cursor"?: string | undefined; readonly "state"?: "open" | "known-error" | "planned" | "watching" | "eliminated" | "accepted" | "current" | undefined; readonly "service"?: string | undefined; readonly "number"?: number | undefined }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly ProblemRecordSummary[]; readonly nextCursor: string | null } }
  /** Open a problem, from incidents that repeat each other or by hand */
  'problems.open': { readonly input: { readonly body: { readonly title: string; readonly incidents?: readonly string[] | undefined; readonly cause?: string | null | undefined; readonly workaround?: string | null | undefined; readonly class?: string | null | undefined; readonly services?: readonly string[] | undefined; readonly owner?: string | null | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: ProblemRecord }
  /** One problem with its incidents and its plan */
  'problems.read': { readonly input: { readonly params: { readonly "id": string }; readonly signal?: AbortSignal }; readonly reply: ProblemRecord }
  /** Move it on; eliminated it becomes by itself, when it did not repeat for its time */
  'problems.transition': { readonly input: { readonly params: { readonly "id": string }; readonly body: { readonly to: "open" | "known-error" | "planned" | "watching" | "eliminated" | "accepted"; readonly note?: string | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: ProblemRecord }
  /** Take an incident or an action out of it again */
  'problems.unlink': { readonly input: { readonly params: { readonly "id": string }; readonly body: { readonly incident?: string | undefined; readonly action?: string | undefined; readonly reason: string }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: ProblemRecord }
  /** What was proven about paging, when, on which version, and how to repeat it */
  'reliability.read': { readonly input: { readonly signal?: AbortSignal }; readonly reply: Reliability }
  /** Make the declared objects so, all or nothing */
  'resources.apply': { readonly input: { readonly body: ApplyOrder; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: Plan }
  /** Remove a declared object that nothing refers to */
  'resources.delete': { readonly input: { readonly params: { readonly "plural": string; readonly "name": string }; readonly signal?: AbortSignal }; readonly reply: undefined }
  /** The versions of one object, newest first (500 at most) */
  'resources.history': { readonly input: { readonly params: { readonly "plural": string; readonly "name": string }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly ({ readonly version: number; readonly at: string; readonly actor: string; readonly deleted: boolean; readonly document: Readonly<Record<string, unknown>> | null })[] } }
  /** The kinds that can be declared, with the shape of their spec */
  'resources.kinds': { readonly input: { readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly ({ readonly apiVersion: string; readonly kind: string; readonly plural: string; readonly aliases: readonly string[]; readonly summary: string; readonly spec: unknown; readonly count: number })[] } }
  /** Declared objects of a kind, by name */
  'resources.list': { readonly input: { readonly params: { readonly "plural": string }; readonly query?: { readonly "limit"?: number | undefined; readonly "cursor"?: string | undefined }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly Resource[]; readonly nextCursor: string | null } }
  /** What an apply would change, by the very same code */
  'resources.plan': { readonly input: { readonly body: ApplyOrder; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: Plan }
  /** One declared object, now or as of a time */
  'resources.read': { readonly input: { readonly params: { readonly "plural": string; readonly "name": string }; readonly query?: { readonly "at"?: string | undefined }; readonly signal?: AbortSignal }; readonly reply: Resource }
  /** How long what is kept, and what the last round removed */
  'retention.read': { readonly input: { readonly signal?: AbortSignal }; readonly reply: Retention }
  /** The routing file that was taken over from an Alertmanager */
  'routing.read': { readonly input: { readonly signal?: AbortSignal }; readonly reply: RoutingFile }
  /** Go back to the escalation policies of the services alone */
  'routing.remove': { readonly input: { readonly signal?: AbortSignal }; readonly reply: undefined }
  /** Take over the routes, inhibitions and hours of an alertmanager.yml; what cannot be kept is refused by line */
  'routing.replace': { readonly input: { readonly body: { readonly text: string; readonly timing?: "as-written" | "no-interval" | "at-once" | undefined; readonly criticalAtOnce?: boolean | undefined }; readonly signal?: AbortSignal }; readonly reply: RoutingFile }
  /** What another routing file would have decided of the alerts of the last days; changes nothing */
  'routing.replay': { readonly input: { readonly body: { readonly text?: string | undefined; readonly days?: number | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: RoutingReplay }
  /** Where an alert with these labels would go, and why; changes nothing */
  'routing.test': { readonly input: { readonly body: { readonly labels: Readonly<Record<string, string>>; readonly text?: string | undefined; readonly at?: string | undefined; readonly wall?: string | undefined; readonly timeZone?: string | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: { readonly at: string; readonly receivers: readonly string[]; readonly telling: readonly string[]; readonly told: boolean; readonly trace: readonly ({ readonly rule: string; readonly verdict: string; readonly because: string })[] } }
  /** The routes of the file that decides now, with the open alerts that each one gets */
  'routing.tree': { readonly input: { readonly signal?: AbortSignal }; readonly reply: { readonly version: number | null; readonly timing: "as-written" | "no-interval" | "at-once"; readonly criticalAtOnce: boolean; readonly looked: number; readonly routes: readonly RouteNode[] } }
  /** Which contacts are tried when, one’s own unless said */
  'rules.read': { readonly input: { readonly query?: { readonly "person"?: string | undefined }; readonly signal?: AbortSignal }; readonly reply: NotificationRulesOfPerson }
  /** Replace one’s own rules */
  'rules.replace': { readonly input: { readonly body: NotificationRules; readonly signal?: AbortSignal }; readonly reply: NotificationRulesOfPerson }
  /** The final schedule after overrides, with every gap; the past as it was kept; 400 days at most */
  'schedules.final': { readonly input: { readonly params: { readonly "name": string }; readonly query?: { readonly "from"?: string | undefined; readonly "to"?: string | undefined }; readonly signal?: AbortSignal }; readonly reply: FinalSchedule }
  /** What whoever comes on call should know, written from what happened in the shift */
  'schedules.hand-over': { readonly input: { readonly params: { readonly "name": string }; readonly query?: { readonly "at"?: string | undefined }; readonly signal?: AbortSignal }; readonly reply: HandOverNote }
  /** Read an export of PagerDuty, Opsgenie or Grafana OnCall as documents to apply; saves nothing */
  'schedules.import': { readonly input: { readonly body: { readonly text: string }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: ScheduleImport }
  /** What is wrong with a schedule in the coming twelve weeks (300 findings at most) */
  'schedules.lint': { readonly input: { readonly params: { readonly "name": string }; readonly signal?: AbortSignal }; readonly reply: ScheduleLint }
  /** How the load falls on people: hours, nights, weekends, holidays and their weighted share */
  'schedules.load': { readonly input: { readonly params: { readonly "name": string }; readonly query?: { readonly "from"?: string | undefined; readonly "to"?: string | undefined }; readonly signal?: AbortSignal }; readonly reply: ScheduleLoad }
  /** What a changed definition or an override would do: shifts, gaps, findings and who is affected; saves nothing */
  'schedules.preview': { readonly input: { readonly params: { readonly "name": string }; readonly body: { readonly spec?: { readonly zone: string; readonly team?: string | undefined; readonly rotations: readonly ({ readonly name: string; readonly zone?: string | undefined; readonly start?: string | undefined; readonly turn?: { readonly unit: "hour" | "day" | "week" | "month" | "quarter"; readonly every: number } | undefined; readonly shifts?: readonly ({ readonly start: string; readonly end: string; readonly repeat?: string | undefined; readonly except?: readonly string[] | undefined; readonly also?: readonly string[] | undefined })[] | undefined; readonly assign?: "in-turn" | "everyone" | undefined; readonly perMember?: number | undefined; readonly hours?: readonly ({ readonly days?: readonly ("mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun")[] | undefined; readonly from: string; readonly to: string })[] | undefined; readonly advance?: "calendar" | "served" | undefined; readonly layer?: number | undefined; readonly members: readonly ({ readonly person?: string | undefined; readonly nobody?: true | undefined; readonly since?: string | undefined; readonly until?: string | undefined })[]; readonly since?: string | undefined; readonly until?: string | undefined })[]; readonly customShifts?: readonly ({ readonly name: string; readonly person: string; readonly start: string; readonly end: string; readonly reason?: string | undefined })[] | undefined; readonly coverage?: readonly ({ readonly days?: readonly ("mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun")[] | undefined; readonly from: string; readonly to: string })[] | undefined; readonly holidays?: readonly ({ readonly name: string; readonly date: string; readonly until?: string | undefined })[] | undefined } | undefined; readonly override?: OverrideOrder | undefined; readonly from?: string | undefined; readonly to?: string | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: SchedulePreview }
  /** Who is hurt when it fails */
  'services.blast-radius': { readonly input: { readonly params: { readonly "name": string }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly ({ readonly service: string; readonly displayName: string; readonly tier: number; readonly distance: number; readonly softened: boolean; readonly via: string })[] } }
  /** Services by name */
  'services.list': { readonly input: { readonly query?: { readonly "limit"?: number | undefined; readonly "cursor"?: string | undefined; readonly "team"?: string | undefined; readonly "tier"?: number | undefined; readonly "search"?: string | undefined }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly ListedService[]; readonly nextCursor: string | null } }
  /** One service with everything known of it */
  'services.read': { readonly input: { readonly params: { readonly "name": string }; readonly signal?: AbortSignal }; readonly reply: Service }
  /** Who am I */
  'session.read': { readonly input: { readonly signal?: AbortSignal }; readonly reply: { readonly person: Person | null; readonly key: { readonly id: string; readonly name: string; readonly role: "viewer" | "responder" | "editor" | "admin"; readonly scopes: readonly string[]; readonly teams: readonly string[]; readonly service: boolean; readonly expiresAt: string | null; readonly owner: { readonly id: string; readonly name: string; readonly email: string } | null } | null } }
  /** Sign in with e-mail and password */
  'session.sign-in': { readonly input: { readonly body: { readonly email: string; readonly password: string }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: { readonly person: Person } }
  /** End this session */
  'session.sign-out': { readonly input: { readonly signal?: AbortSignal }; readonly reply: undefined }
  /** Live sessions, newest first: own ones, for administrators all */
  'sessions.list': { readonly input: { readonly query?: { readonly "limit"?: number | undefined; readonly "cursor"?: string | undefined; readonly "person"?: string | undefined }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly Session[]; readonly nextCursor: string | null } }
  /** End a session; takes effect within a second everywhere */
  'sessions.revoke': { readonly input: { readonly params: { readonly "id": string }; readonly signal?: AbortSignal }; readonly reply: undefined }
  /** Hold back pages of matching alerts for a while; ends always get through */
  'silences.create': { readonly input: { readonly body: { readonly sets: readonly (readonly ({ readonly name: string; readonly operator: "=" | "!=" | "=~" | "!~"; readonly value: string })[])[]; readonly startsAt?: string | undefined; readonly endsAt: string; readonly reason: string; readonly endsWith?: SilenceEnds | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: Silence }
  /** End a silence now */
  'silences.expire': { readonly input: { readonly params: { readonly "id": string }; readonly signal?: AbortSignal }; readonly reply: undefined }
  /** Silences that are active or pending (500 at most) */
  'silences.list': { readonly input: { readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly Silence[] } }
  /** What a silence would hide now, and would have hidden in the last 30 days; makes none */
  'silences.preview': { readonly input: { readonly body: { readonly sets: readonly (readonly ({ readonly name: string; readonly operator: "=" | "!=" | "=~" | "!~"; readonly value: string })[])[]; readonly startsAt?: string | undefined; readonly endsAt?: string | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: SilencePreview }
  /** What objectives attained in a week, month, quarter, year or trailing period; by service, team and tier */
  'slo-report.read': { readonly input: { readonly query?: { readonly "period"?: "week" | "month" | "quarter" | "year" | "trailing" | undefined; readonly "zone"?: string | undefined; readonly "at"?: string | undefined; readonly "ago"?: number | undefined; readonly "days"?: number | undefined; readonly "service"?: string | undefined; readonly "team"?: string | undefined; readonly "tier"?: number | undefined }; readonly signal?: AbortSignal }; readonly reply: SloReport }
  /** Make the secret link of a customer, once more where it has one: the one before leads nowhere then */
  'statuscustomers.link': { readonly input: { readonly params: { readonly "customer": string }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: StatusCustomerLink }
  /** The customers of status pages, how their views stand and what is told to each alone (500 at most) */
  'statuscustomers.list': { readonly input: { readonly query?: { readonly "page"?: string | undefined }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly StatusCustomerView[] } }
  /** Take the secret link of a customer away: nobody gets in, who subscribed goes on hearing */
  'statuscustomers.revoke': { readonly input: { readonly params: { readonly "customer": string }; readonly signal?: AbortSignal }; readonly reply: undefined }
  /** Look now whether the DNS of a page’s own host name says that it is for this page */
  'statuspages.check-host': { readonly input: { readonly params: { readonly "page": string }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: StatusHost }
  /** What an incident would say on the page; nothing is published */
  'statuspages.draft': { readonly input: { readonly params: { readonly "page": string }; readonly query: { readonly "incident": string; readonly "customer"?: string | undefined }; readonly signal?: AbortSignal }; readonly reply: { readonly title: string; readonly state: "investigating" | "identified" | "monitoring" | "resolved" | "scheduled" | "in_progress" | "completed" | "cancelled"; readonly body: string; readonly impacts: Readonly<Record<string, "operational" | "under_maintenance" | "degraded_performance" | "partial_outage" | "major_outage">>; readonly published: string | null } }
  /** What a page told in one month, as far back as there is anything */
  'statuspages.history': { readonly input: { readonly params: { readonly "page": string }; readonly query?: { readonly "month"?: string | undefined }; readonly signal?: AbortSignal }; readonly reply: StatusHistory }
  /** Take over what another status page told before: the history of Statuspage or Cachet */
  'statuspages.import': { readonly input: { readonly params: { readonly "page": string }; readonly body: { readonly text: string; readonly dryRun?: boolean | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: StatusImport }
  /** Status pages as they stand (100 at most) */
  'statuspages.list': { readonly input: { readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly StatusPageView[] } }
  /** Publish an incident or a maintenance; subscribers are told */
  'statuspages.publish': { readonly input: { readonly params: { readonly "page": string }; readonly body: { readonly kind: "incident" | "maintenance"; readonly title: string; readonly titles?: { readonly en?: string | undefined; readonly de?: string | undefined; readonly fr?: string | undefined; readonly es?: string | undefined; readonly pt?: string | undefined; readonly nl?: string | undefined; readonly ja?: string | undefined } | undefined; readonly state: "investigating" | "identified" | "monitoring" | "resolved" | "scheduled" | "in_progress" | "completed" | "cancelled"; readonly body: string; readonly bodies?: { readonly en?: string | undefined; readonly de?: string | undefined; readonly fr?: string | undefined; readonly es?: string | undefined; readonly pt?: string | undefined; readonly nl?: string | undefined; readonly ja?: string | undefined } | undefined; readonly impacts?: Readonly<Record<string, "operational" | "under_maintenance" | "degraded_performance" | "partial_outage" | "major_outage">> | undefined; readonly customer?: string | undefined; readonly incident?: string | undefined; readonly startsAt?: string | undefined; readonly endsAt?: string | undefined; readonly notify?: boolean | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: StatusPost }
  /** One status page with what is open and what is over */
  'statuspages.read': { readonly input: { readonly params: { readonly "page": string }; readonly signal?: AbortSignal }; readonly reply: StatusPageView }
  /** Take the logo or the icon of a page away */
  'statuspages.remove-image': { readonly input: { readonly params: { readonly "page": string; readonly "kind": "logo" | "icon" }; readonly signal?: AbortSignal }; readonly reply: undefined }
  /** End a subscription; nothing more is sent */
  'statuspages.remove-subscriber': { readonly input: { readonly params: { readonly "id": string }; readonly signal?: AbortSignal }; readonly reply: undefined }
  /** Send to a paused subscriber again, from the next update on */
  'statuspages.resume-subscriber': { readonly input: { readonly params: { readonly "id": string }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: StatusSubscriber }
  /** Hear of a page by e-mail or webhook: one question is sent, and nothing more before it is answered */
  'statuspages.subscribe': { readonly input: { readonly params: { readonly "page": string }; readonly body: { readonly email?: string | undefined; readonly webhook?: string | undefined; readonly components?: readonly string[] | undefined; readonly language?: "en" | "de" | "fr" | "es" | "pt" | "nl" | "ja" | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: { readonly asked: true } }
  /** Who hears of a page, and who takes nothing any more */
  'statuspages.subscribers': { readonly input: { readonly params: { readonly "page": string }; readonly query?: { readonly "limit"?: number | undefined; readonly "cursor"?: string | undefined; readonly "failing"?: boolean | undefined }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly StatusSubscriber[]; readonly nextCursor: string | null } }
  /** Say what is new about a published incident or maintenance */
  'statuspages.update': { readonly input: { readonly params: { readonly "id": string }; readonly body: { readonly state: "investigating" | "identified" | "monitoring" | "resolved" | "scheduled" | "in_progress" | "completed" | "cancelled"; readonly body: string; readonly bodies?: { readonly en?: string | undefined; readonly de?: string | undefined; readonly fr?: string | undefined; readonly es?: string | undefined; readonly pt?: string | undefined; readonly nl?: string | undefined; readonly ja?: string | undefined } | undefined; readonly impacts?: Readonly<Record<string, "operational" | "under_maintenance" | "degraded_performance" | "partial_outage" | "major_outage">> | undefined; readonly notify?: boolean | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: StatusPost }
  /** Give a page its logo or its icon: a PNG or WebP */
  'statuspages.upload-image': { readonly input: { readonly params: { readonly "page": string; readonly "kind": "logo" | "icon" }; readonly body: { readonly data: string }; readonly signal?: AbortSignal }; readonly reply: StatusImage }
  /** Take the shift: the schedule changes in the same moment */
  'swaps.accept': { readonly input: { readonly params: { readonly "id": string }; readonly body: { readonly note?: string | undefined; readonly despite?: boolean | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: Swap }
  /** Ask somebody, or everybody, to take a shift of yours */
  'swaps.create': { readonly input: { readonly params: { readonly "name": string }; readonly body: SwapOrder; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: Swap }
  /** Say no to a request that was made to you */
  'swaps.decline': { readonly input: { readonly params: { readonly "id": string }; readonly body: { readonly note?: string | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: Swap }
  /** Swap requests, newest first; open ones unless all are asked for */
  'swaps.list': { readonly input: { readonly query?: { readonly "limit"?: number | undefined; readonly "cursor"?: string | undefined; readonly "schedule"?: string | undefined; readonly "all"?: boolean | undefined }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly Swap[]; readonly nextCursor: string | null } }
  /** Take your own request back */
  'swaps.withdraw': { readonly input: { readonly params: { readonly "id": string }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: Swap }
  /** Teams with their members and services (500 at most) */
  'teams.list': { readonly input: { readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly Team[] } }
  /** One team */
  'teams.read': { readonly input: { readonly params: { readonly "name": string }; readonly signal?: AbortSignal }; readonly reply: Team }
  /** Which service lacks which signal, since when, and what its telemetry costs */
  'telemetry.coverage': { readonly input: { readonly query?: { readonly "limit"?: number | undefined; readonly "cursor"?: string | undefined; readonly "search"?: string | undefined; readonly "team"?: string | undefined; readonly "missing"?: "traffic" | "errors" | "latency" | "saturation" | "objective" | "dashboard" | "runbook" | "traces" | "owner" | "any" | undefined; readonly "sort"?: "name" | "missing" | "samples" | undefined }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly ServiceCoverage[]; readonly nextCursor: string | null; readonly summary: { readonly services: number; readonly complete: number; readonly missing: readonly ({ readonly column: "traffic" | "errors" | "latency" | "saturation" | "objective" | "dashboard" | "runbook" | "traces" | "owner"; readonly services: number })[]; readonly samples: number; readonly cost: SampleCost | null } } }
  /** Push good and bad counts of objectives */
  'telemetry.push': { readonly input: { readonly body: { readonly batchId?: string | undefined; readonly counts: readonly PushedCount[] }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: { readonly accepted: number; readonly repeated: boolean } }
  /** What one service sends, metric by metric, and what is odd about it */
  'telemetry.service-coverage': { readonly input: { readonly params: { readonly "name": string }; readonly signal?: AbortSignal }; readonly reply: ServiceCoverageDetail }
  /** Golden signals of a service: traffic, errors, latency and saturation */
  'telemetry.signals': { readonly input: { readonly params: { readonly "name": string }; readonly query: { readonly "from": string; readonly "to": string; readonly "step"?: number | undefined }; readonly signal?: AbortSignal }; readonly reply: ServiceSignals }
  /** Good and bad events of an objective over time */
  'telemetry.slices': { readonly input: { readonly params: { readonly "name": string }; readonly query: { readonly "from": string; readonly "to": string; readonly "step"?: number | undefined }; readonly signal?: AbortSignal }; readonly reply: { readonly stepMs: number; readonly slices: readonly SliceView[] } }
  /** Who sends, what of it is counted, and what is wrong with it */
  'telemetry.sources': { readonly input: { readonly query?: { readonly "limit"?: number | undefined; readonly "cursor"?: string | undefined }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly TelemetrySource[]; readonly nextCursor: string | null } }
  /** Connect a tracker; it is asked whether the token works, then the secrets are sealed and never shown again */
  'tickets.connect': { readonly input: { readonly params: { readonly "name": string }; readonly body: { readonly tracker: "github" | "gitlab" | "jira" | "servicenow"; readonly url: string; readonly project: string; readonly user?: string | null | undefined; readonly token?: string | undefined; readonly hookSecret?: string | undefined; readonly type?: string | null | undefined; readonly states?: TicketStateNames | undefined }; readonly signal?: AbortSignal }; readonly reply: TicketConnection }
  /** The trackers tickets are opened at, and how they are doing */
  'tickets.connections': { readonly input: { readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly TicketConnection[] } }
  /** Forget a tracker and its secrets; its tickets stay there and are looked after no longer */
  'tickets.disconnect': { readonly input: { readonly params: { readonly "name": string }; readonly signal?: AbortSignal }; readonly reply: undefined }
  /** Look after a ticket that is there already */
  'tickets.link': { readonly input: { readonly body: { readonly connection: string; readonly about: TicketSubject; readonly ticket: string }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: Ticket }
  /** Tickets, the newest first */
  'tickets.list': { readonly input: { readonly query?: { readonly "limit"?: number | undefined; readonly "cursor"?: string | undefined; readonly "incident"?: string | undefined; readonly "action"?: string | undefined; readonly "actions"?: string | undefined; readonly "connection"?: string | undefined; readonly "key"?: string | undefined; readonly "attention"?: boolean | undefined }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly Ticket[]; readonly nextCursor: string | null } }
  /** Ask the tracker about it now */
  'tickets.look': { readonly input: { readonly params: { readonly "id": string }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: Ticket }
  /** Open a ticket for an incident or an action; asked again, the one that is there answers */
  'tickets.open': { readonly input: { readonly body: { readonly connection: string; readonly about: TicketSubject; readonly title?: string | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: Ticket }
  /** Decide a conflict: the state that counts from now on */
  'tickets.settle': { readonly input: { readonly params: { readonly "id": string }; readonly body: { readonly take: "ours" | "theirs" }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: Ticket }
  /** Ask the tracker now whether it answers, takes the token and shows the project */
  'tickets.test': { readonly input: { readonly params: { readonly "name": string }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: TicketConnectionTest }
  /** Look after it no longer; nothing changes at the tracker */
  'tickets.unlink': { readonly input: { readonly params: { readonly "id": string }; readonly signal?: AbortSignal }; readonly reply: undefined }
  /** The webhooks that policies may name, with what came of the last message (1,000 at most) */
  'webhooks.list': { readonly input: { readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly Webhook[] } }
  /** Replace the secret that signs; the one before signs as well for a day */
  'webhooks.replace-secret': { readonly input: { readonly params: { readonly "name": string }; readonly body: { readonly secret?: string | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: WebhookSecret }
  /** Send the webhook a test: the whole path of a page, no alert */
  'webhooks.test': { readonly input: { readonly params: { readonly "name": string }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: { readonly delivery: string } }
  /** The public key a browser subscribes with (VAPID, base64url) */
  'webpush.key': { readonly input: { readonly signal?: AbortSignal }; readonly reply: { readonly publicKey: string } }
  /** Give set-aside work up; what it was and why stays in the journal */
  'work.drop': { readonly input: { readonly params: { readonly "id": number }; readonly body: { readonly reason: string }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: SetAsideWork }
  /** Run set-aside work again, at once and with all its attempts */
  'work.retry': { readonly input: { readonly params: { readonly "id": number }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: SetAsideWork }
  /** Work that failed for good, newest first */
  'work.set-aside': { readonly input: { readonly query?: { readonly "limit"?: number | undefined; readonly "cursor"?: string | undefined; readonly "kind"?: string | undefined }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly SetAsideWork[]; readonly nextCursor: string | null } }
  /** Let a step happen that waits for a person, or say no */
  'workflows.decide': { readonly input: { readonly params: { readonly "id": string; readonly "step": number }; readonly body: { readonly approve: boolean; readonly text?: string | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: WorkflowRun }
  /** Webhooks that workflows may call */
  'workflows.hooks': { readonly input: { readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly WorkflowHook[] } }
  /** Keep a webhook by name: its address and the secret that signs are sealed; a new secret is shown once */
  'workflows.keep-hook': { readonly input: { readonly params: { readonly "name": string }; readonly body: { readonly url: string; readonly secret?: string | undefined }; readonly signal?: AbortSignal }; readonly reply: KeptWorkflowHook }
  /** What is done by itself in incidents, and how it went last; at most 500 */
  'workflows.list': { readonly input: { readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly WorkflowSummary[] } }
  /** Forget a webhook; steps that call it fail and say so */
  'workflows.remove-hook': { readonly input: { readonly params: { readonly "name": string }; readonly signal?: AbortSignal }; readonly reply: undefined }
  /** Try a step again that did not work, and what it held up */
  'workflows.retry': { readonly input: { readonly params: { readonly "id": string; readonly "step": number }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: WorkflowRun }
  /** Runs of workflows, newest first */
  'workflows.runs': { readonly input: { readonly query?: { readonly "limit"?: number | undefined; readonly "cursor"?: string | undefined; readonly "workflow"?: string | undefined; readonly "incident"?: string | undefined; readonly "state"?: "waiting" | "running" | "approval" | "done" | "failed" | "not-needed" | undefined }; readonly signal?: AbortSignal }; readonly reply: { readonly items: readonly WorkflowRun[]; readonly nextCursor: string | null } }
  /** Start it for an incident by hand, whatever its condition says */
  'workflows.start': { readonly input: { readonly params: { readonly "name": string }; readonly body: { readonly incident: string }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: WorkflowRun }
  /** What it would do in an incident now; nothing is done */
  'workflows.test': { readonly input: { readonly params: { readonly "name": string }; readonly body: { readonly incident: string; readonly cause?: "declared" | "activated" | "mitigated" | "resolved" | "reopened" | "reviewed" | "severity-changed" | "role-taken" | "role-vacant" | "update-overdue" | "alert-joined" | undefined }; readonly idempotencyKey?: string; readonly signal?: AbortSignal }; readonly reply: WorkflowTest }
}

/** Method and path of each operation. */
export const operationTable: Readonly<Record<keyof Operations, readonly [method: string, path: string]>> = {
  'actions.add': ['POST', '/api/v1/postmortems/{id}/actions'],
  'actions.ageing': ['GET', '/api/v1/action-ageing'],
  'actions.change': ['PATCH', '/api/v1/actions/{id}'],
  'actions.finish': ['POST', '/api/v1/actions/{id}/finish'],
  'actions.list': ['GET', '/api/v1/actions'],
  'agreements.list': ['GET', '/api/v1/agreements'],
  'agreements.read': ['GET', '/api/v1/agreements/{name}'],
  'agreements.settle': ['POST', '/api/v1/agreements/{name}/settle'],
  'agreements.statement': ['GET', '/api/v1/agreements/{name}/statement'],
  'alerts.acknowledge': ['POST', '/api/v1/alerts/{id}/acknowledge'],
  'alerts.bulk': ['POST', '/api/v1/alerts/bulk'],
  'alerts.counts': ['GET', '/api/v1/alerts/counts'],
  'alerts.explain': ['POST', '/api/v1/signals/explain'],
  'alerts.list': ['GET', '/api/v1/alerts'],
  'alerts.quality': ['GET', '/api/v1/alert-quality'],
  'alerts.rate': ['POST', '/api/v1/alerts/{id}/rating'],
  'alerts.read': ['GET', '/api/v1/alerts/{id}'],
  'alerts.resolve': ['POST', '/api/v1/alerts/{id}/resolve'],
  'alerts.send': ['POST', '/api/v1/signals'],
  'alerts.snooze': ['POST', '/api/v1/alerts/{id}/snooze'],
  'alerts.unacknowledge': ['POST', '/api/v1/alerts/{id}/unacknowledge'],
  'anomalies.list': ['GET', '/api/v1/anomalies'],
  'anomalies.series': ['GET', '/api/v1/anomalies/series'],
  'budget-policies.list': ['GET', '/api/v1/budget-policies'],
  'budget-policies.read': ['GET', '/api/v1/budget-policies/{name}'],
  'budget-tasks.close': ['POST', '/api/v1/budget-tasks/{id}/close'],
  'budget-tasks.list': ['GET', '/api/v1/budget-tasks'],
  'calendars.create': ['POST', '/api/v1/calendars'],
  'calendars.delete': ['DELETE', '/api/v1/calendars/{id}'],
  'calendars.import': ['POST', '/api/v1/schedules/{name}/calendar'],
  'calendars.list': ['GET', '/api/v1/calendars'],
  'change-decisions.read': ['GET', '/api/v1/change-decisions'],
  'change-exceptions.approve': ['POST', '/api/v1/change-exceptions/{id}/approve'],
  'change-exceptions.ask': ['POST', '/api/v1/change-exceptions'],
  'change-exceptions.list': ['GET', '/api/v1/change-exceptions'],
  'change-exceptions.withdraw': ['POST', '/api/v1/change-exceptions/{id}/withdraw'],
  'change-holds.list': ['GET', '/api/v1/change-holds'],
  'changes.calendar': ['GET', '/api/v1/changes/calendar'],
  'changes.list': ['GET', '/api/v1/changes'],
  'changes.record': ['POST', '/api/v1/changes'],
  'channels.connect': ['PUT', '/api/v1/channels/{kind}/connection'],
  'channels.disconnect': ['DELETE', '/api/v1/channels/{kind}/connection'],
  'channels.list': ['GET', '/api/v1/channels'],
  'chat.command': ['POST', '/api/v1/chat/commands'],
  'chat.room': ['GET', '/api/v1/incidents/{id}/chat'],
  'chat.status': ['GET', '/api/v1/chat'],
  'chat.test': ['POST', '/api/v1/chat/{provider}/test'],
  'contacts.create': ['POST', '/api/v1/contacts'],
  'contacts.delete': ['DELETE', '/api/v1/contacts/{id}'],
  'contacts.list': ['GET', '/api/v1/contacts'],
  'contacts.test': ['POST', '/api/v1/contacts/{id}/test'],
  'contacts.verify': ['POST', '/api/v1/contacts/{id}/verify'],
  'correlation.forget-pair': ['POST', '/api/v1/correlation/pairs/{id}/forget'],
  'correlation.pairs': ['GET', '/api/v1/correlation/pairs'],
  'deliveries.list': ['GET', '/api/v1/deliveries'],
  'demo.break': ['POST', '/api/v1/demo/break'],
  'demo.read': ['GET', '/api/v1/demo'],
  'demo.repair': ['POST', '/api/v1/demo/repair'],
  'escalations.escalate': ['POST', '/api/v1/escalations/{alert}/escalate'],
  'escalations.list': ['GET', '/api/v1/escalations'],
  'escalations.read': ['GET', '/api/v1/escalations/{alert}'],
  'escalations.reapply': ['POST', '/api/v1/escalations/{alert}/reapply'],
  'escalations.reassign': ['POST', '/api/v1/escalations/{alert}/reassign'],
  'holds.lift': ['POST', '/api/v1/holds/{id}/lift'],
  'holds.list': ['GET', '/api/v1/holds'],
  'holds.place': ['POST', '/api/v1/holds'],
  'identity.change-password': ['POST', '/api/v1/me/password'],
  'identity.forget-view': ['DELETE', '/api/v1/me/views/{list}'],
  'identity.save-view': ['POST', '/api/v1/me/views/{list}'],
  'identity.setup': ['POST', '/api/v1/setup'],
  'identity.setup-state': ['GET', '/api/v1/setup'],
  'identity.update-self': ['PATCH', '/api/v1/me'],
  'identity.views': ['GET', '/api/v1/me/views/{list}'],
  'incidents.add-item': ['POST', '/api/v1/incidents/{id}/work'],
  'incidents.answer-offer': ['POST', '/api/v1/incidents/{id}/roles/answer'],
  'incidents.assign-role': ['POST', '/api/v1/incidents/{id}/roles'],
  'incidents.change-item': ['PATCH', '/api/v1/incidents/{id}/work/{item}'],
  'incidents.correct-time': ['POST', '/api/v1/incidents/{id}/times'],
  'incidents.decide-update': ['POST', '/api/v1/incidents/{id}/updates/proposals/{number}/decision'],
  'incidents.declare': ['POST', '/api/v1/incidents'],
  'incidents.draft-update': ['GET', '/api/v1/incidents/{id}/updates/draft'],
  'incidents.export': ['GET', '/api/v1/incidents/{id}/export'],
  'incidents.impact': ['GET', '/api/v1/incidents/{id}/impact'],
  'incidents.link-alert': ['POST', '/api/v1/incidents/{id}/alerts'],
  'incidents.list': ['GET', '/api/v1/incidents'],
  'incidents.merge': ['POST', '/api/v1/incidents/{id}/merge'],
  'incidents.note': ['POST', '/api/v1/incidents/{id}/notes'],
  'incidents.offer-role': ['POST', '/api/v1/incidents/{id}/roles/offer'],
  'incidents.pin-graph': ['POST', '/api/v1/incidents/{id}/pins'],
  'incidents.place-entry': ['POST', '/api/v1/incidents/{id}/timeline/{entry}/place'],
  'incidents.post-update': ['POST', '/api/v1/incidents/{id}/updates'],
  'incidents.propose': ['POST', '/api/v1/severities/propose'],
  'incidents.propose-update': ['POST', '/api/v1/incidents/{id}/updates/proposals'],
  'incidents.read': ['GET', '/api/v1/incidents/{id}'],
  'incidents.regroupings': ['GET', '/api/v1/incidents/{id}/regroupings'],
  'incidents.relate': ['POST', '/api/v1/incidents/{id}/relations'],
  'incidents.related': ['GET', '/api/v1/incidents/{id}/related'],
  'incidents.replan': ['POST', '/api/v1/incidents/{id}/plan'],
  'incidents.restrict': ['POST', '/api/v1/incidents/{id}/readers'],
  'incidents.severities': ['GET', '/api/v1/severities'],
  'incidents.split': ['POST', '/api/v1/incidents/{id}/split'],
  'incidents.state-impact': ['PUT', '/api/v1/incidents/{id}/impact'],
  'incidents.timeline': ['GET', '/api/v1/incidents/{id}/timeline'],
  'incidents.transition': ['POST', '/api/v1/incidents/{id}/transition'],
  'incidents.undo-regrouping': ['POST', '/api/v1/incidents/{id}/regroupings/{regrouping}/undo'],
  'incidents.update': ['PATCH', '/api/v1/incidents/{id}'],
  'incidents.updates': ['GET', '/api/v1/incidents/{id}/updates'],
  'incidents.went-wrong': ['POST', '/api/v1/incidents/{id}/went-wrong'],
  'incidents.withdraw-update': ['POST', '/api/v1/incidents/{id}/updates/proposals/{number}/withdrawal'],
  'incidents.work': ['GET', '/api/v1/incidents/{id}/work'],
  'intake.dismiss': ['POST', '/api/v1/intake/orphans/{id}/dismiss'],
  'intake.issue-token': ['POST', '/api/v1/intake/sources/{name}/tokens'],
  'intake.list': ['GET', '/api/v1/intake/sources'],
  'intake.orphans': ['GET', '/api/v1/intake/orphans'],
  'intake.preview': ['POST', '/api/v1/intake/preview'],
  'intake.read': ['GET', '/api/v1/intake/sources/{name}'],
  'intake.remove-secret': ['DELETE', '/api/v1/intake/sources/{name}/secret'],
  'intake.replay': ['POST', '/api/v1/intake/orphans/{id}/replay'],
  'intake.revoke-token': ['DELETE', '/api/v1/intake/sources/{name}/tokens/{id}'],
  'intake.set-secret': ['PUT', '/api/v1/intake/sources/{name}/secret'],
  'intake.unclaimed': ['GET', '/api/v1/intake/unclaimed'],
  'journal.checkpoints': ['GET', '/api/v1/journal/checkpoints'],
  'journal.list': ['GET', '/api/v1/journal'],
  'journal.verify': ['GET', '/api/v1/journal/verification'],
  'journey-objectives.list': ['GET', '/api/v1/journey-objectives'],
  'journey-objectives.policies': ['GET', '/api/v1/journey-objectives/{name}/policies'],
  'journey-objectives.read': ['GET', '/api/v1/journey-objectives/{name}'],
  'journey-objectives.record-review': ['POST', '/api/v1/journey-objectives/{name}/reviews'],
  'journey-objectives.review': ['GET', '/api/v1/journey-objectives/{name}/review'],
  'journey-objectives.review-figures': ['GET', '/api/v1/journey-objectives/{name}/review-figures'],
  'journeys.list': ['GET', '/api/v1/journeys'],
  'keys.create': ['POST', '/api/v1/keys'],
  'keys.list': ['GET', '/api/v1/keys'],
  'keys.revoke': ['DELETE', '/api/v1/keys/{id}'],
  'learning.classes': ['GET', '/api/v1/learning/classes'],
  'learning.classes-of': ['GET', '/api/v1/incidents/{id}/classes'],
  'learning.classify': ['PUT', '/api/v1/incidents/{id}/classes'],
  'learning.judge-repeat': ['POST', '/api/v1/incidents/{id}/repeats'],
  'learning.pack': ['GET', '/api/v1/learning/packs/{month}'],
  'learning.repeats': ['GET', '/api/v1/learning/repeats'],
  'learning.repeats-of': ['GET', '/api/v1/incidents/{id}/repeats'],
  'learning.search': ['GET', '/api/v1/learning/search'],
  'learning.trends': ['GET', '/api/v1/learning/trends'],
  'lifeboat.read': ['GET', '/api/v1/lifeboat'],
  'maintenance.cancel': ['POST', '/api/v1/maintenance/{id}/cancel'],
  'maintenance.end': ['POST', '/api/v1/maintenance/{id}/end'],
  'maintenance.extend': ['POST', '/api/v1/maintenance/{id}/extend'],
  'maintenance.list': ['GET', '/api/v1/maintenance'],
  'maintenance.preview': ['POST', '/api/v1/maintenance/preview'],
  'maintenance.read': ['GET', '/api/v1/maintenance/{id}'],
  'objective-reviews.list': ['GET', '/api/v1/objective-reviews'],
  'objectives.back-test': ['POST', '/api/v1/objectives/{name}/back-test'],
  'objectives.budgets': ['GET', '/api/v1/objective-budgets'],
  'objectives.ceiling': ['GET', '/api/v1/objectives/{name}/ceiling'],
  'objectives.correct': ['POST', '/api/v1/objectives/{name}/corrections'],
  'objectives.corrections': ['GET', '/api/v1/objectives/{name}/corrections'],
  'objectives.counts': ['GET', '/api/v1/objective-counts'],
  'objectives.export': ['GET', '/api/v1/export/objectives'],
  'objectives.group-ledger': ['GET', '/api/v1/objectives/{name}/group-ledger'],
  'objectives.groups': ['GET', '/api/v1/objectives/{name}/groups'],
  'objectives.import': ['POST', '/api/v1/import/objectives'],
  'objectives.ledger': ['GET', '/api/v1/objectives/{name}/ledger'],
  'objectives.lint': ['POST', '/api/v1/lint/objectives'],
  'objectives.list': ['GET', '/api/v1/objectives'],
  'objectives.periods': ['GET', '/api/v1/objectives/{name}/periods'],
  'objectives.policies': ['GET', '/api/v1/objectives/{name}/policies'],
  'objectives.prometheus-rules': ['GET', '/api/v1/objectives/{name}/prometheus-rules'],
  'objectives.read': ['GET', '/api/v1/objectives/{name}'],
  'objectives.record-review': ['POST', '/api/v1/objectives/{name}/reviews'],
  'objectives.review': ['GET', '/api/v1/objectives/{name}/review'],
  'objectives.review-figures': ['GET', '/api/v1/objectives/{name}/review-figures'],
  'objectives.series': ['GET', '/api/v1/objectives/{name}/series'],
  'objectives.withdraw-correction': ['POST', '/api/v1/objectives/{name}/corrections/{id}/withdraw'],
  'oncall.health': ['GET', '/api/v1/oncall/health'],
  'oncall.me': ['GET', '/api/v1/oncall/me'],
  'oncall.now': ['GET', '/api/v1/oncall/now'],
  'oncall.team-health': ['GET', '/api/v1/oncall/health/{team}'],
  'overrides.create': ['POST', '/api/v1/schedules/{name}/overrides'],
  'overrides.delete': ['DELETE', '/api/v1/overrides/{id}'],
  'overrides.list': ['GET', '/api/v1/schedules/{name}/overrides'],
  'overview.read': ['GET', '/api/v1/overview'],
  'pages.list': ['GET', '/api/v1/pages'],
  'pay.correct': ['POST', '/api/v1/pay-statements/{id}/corrections'],
  'pay.read': ['GET', '/api/v1/oncall/pay/{team}'],
  'pay.sign': ['POST', '/api/v1/oncall/pay/{team}/sign'],
  'people.create': ['POST', '/api/v1/people'],
  'people.invite': ['POST', '/api/v1/people/{id}/invitation'],
  'people.list': ['GET', '/api/v1/people'],
  'people.update': ['PATCH', '/api/v1/people/{id}'],
  'policies.simulate': ['POST', '/api/v1/escalation-policies/{name}/simulate'],
  'postmortems.agenda': ['GET', '/api/v1/postmortem-agenda'],
  'postmortems.approve-public': ['POST', '/api/v1/postmortems/{id}/public/approve'],
  'postmortems.ask-reviewer': ['POST', '/api/v1/postmortems/{id}/review/reviewers'],
  'postmortems.authors': ['GET', '/api/v1/postmortems/{id}/authors'],
  'postmortems.be-here': ['PUT', '/api/v1/postmortems/{id}/document/writers/{client}'],
  'postmortems.comment': ['POST', '/api/v1/postmortems/{id}/review/comments'],
  'postmortems.compliance': ['GET', '/api/v1/postmortem-compliance'],
  'postmortems.decide-review': ['POST', '/api/v1/postmortems/{id}/review/decision'],
  'postmortems.document': ['GET', '/api/v1/postmortems/{id}/document'],
  'postmortems.excuse': ['POST', '/api/v1/postmortems/{id}/exception'],
  'postmortems.export': ['GET', '/api/v1/postmortems/{id}/export'],
  'postmortems.join': ['POST', '/api/v1/postmortems/{id}/document'],
  'postmortems.list': ['GET', '/api/v1/postmortems'],
  'postmortems.open': ['POST', '/api/v1/postmortems'],
  'postmortems.prepare-public': ['PUT', '/api/v1/postmortems/{id}/public'],
  'postmortems.read': ['GET', '/api/v1/postmortems/{id}'],
  'postmortems.read-public-version': ['GET', '/api/v1/postmortems/{id}/public'],
  'postmortems.refresh-facts': ['POST', '/api/v1/postmortems/{id}/facts'],
  'postmortems.resolve-comment': ['POST', '/api/v1/postmortems/{id}/review/comments/{comment}'],
  'postmortems.restore': ['POST', '/api/v1/postmortems/{id}/versions/{number}/restore'],
  'postmortems.review': ['GET', '/api/v1/postmortems/{id}/review'],
  'postmortems.transition': ['POST', '/api/v1/postmortems/{id}/transition'],
  'postmortems.update': ['PATCH', '/api/v1/postmortems/{id}'],
  'postmortems.version': ['GET', '/api/v1/postmortems/{id}/versions/{number}'],
  'postmortems.versions': ['GET', '/api/v1/postmortems/{id}/versions'],
  'postmortems.withdraw-public': ['POST', '/api/v1/postmortems/{id}/public/withdraw'],
  'postmortems.write': ['POST', '/api/v1/postmortems/{id}/document/updates'],
  'postmortems.write-factors': ['PUT', '/api/v1/postmortems/{id}/factors'],
  'postmortems.write-section': ['PUT', '/api/v1/postmortems/{id}/sections/{section}'],
  'probes.beat': ['POST', '/api/v1/probes/{name}/beat'],
  'probes.list': ['GET', '/api/v1/probes'],
  'probes.read': ['GET', '/api/v1/probes/{name}'],
  'probes.results': ['GET', '/api/v1/probes/{name}/results'],
  'problems.change': ['PATCH', '/api/v1/problems/{id}'],
  'problems.link': ['POST', '/api/v1/problems/{id}/links'],
  'problems.list': ['GET', '/api/v1/problems'],
  'problems.open': ['POST', '/api/v1/problems'],
  'problems.read': ['GET', '/api/v1/problems/{id}'],
  'problems.transition': ['POST', '/api/v1/problems/{id}/transition'],
  'problems.unlink': ['POST', '/api/v1/problems/{id}/unlink'],
  'reliability.read': ['GET', '/api/v1/reliability'],
  'resources.apply': ['POST', '/api/v1/apply'],
  'resources.delete': ['DELETE', '/api/v1/resources/{plural}/{name}'],
  'resources.history': ['GET', '/api/v1/resources/{plural}/{name}/history'],
  'resources.kinds': ['GET', '/api/v1/kinds'],
  'resources.list': ['GET', '/api/v1/resources/{plural}'],
  'resources.plan': ['POST', '/api/v1/plan'],
  'resources.read': ['GET', '/api/v1/resources/{plural}/{name}'],
  'retention.read': ['GET', '/api/v1/retention'],
  'routing.read': ['GET', '/api/v1/routing'],
  'routing.remove': ['DELETE', '/api/v1/routing'],
  'routing.replace': ['PUT', '/api/v1/routing'],
  'routing.replay': ['POST', '/api/v1/routing/replay'],
  'routing.test': ['POST', '/api/v1/routing/test'],
  'routing.tree': ['GET', '/api/v1/routing/tree'],
  'rules.read': ['GET', '/api/v1/notification-rules'],
  'rules.replace': ['PUT', '/api/v1/notification-rules'],
  'schedules.final': ['GET', '/api/v1/schedules/{name}/final'],
  'schedules.hand-over': ['GET', '/api/v1/schedules/{name}/hand-over'],
  'schedules.import': ['POST', '/api/v1/import/schedules'],
  'schedules.lint': ['GET', '/api/v1/schedules/{name}/lint'],
  'schedules.load': ['GET', '/api/v1/schedules/{name}/load'],
  'schedules.preview': ['POST', '/api/v1/schedules/{name}/preview'],
  'services.blast-radius': ['GET', '/api/v1/services/{name}/blast-radius'],
  'services.list': ['GET', '/api/v1/services'],
  'services.read': ['GET', '/api/v1/services/{name}'],
  'session.read': ['GET', '/api/v1/session'],
  'session.sign-in': ['POST', '/api/v1/session'],
  'session.sign-out': ['DELETE', '/api/v1/session'],
  'sessions.list': ['GET', '/api/v1/sessions'],
  'sessions.revoke': ['DELETE', '/api/v1/sessions/{id}'],
  'silences.create': ['POST', '/api/v1/silences'],
  'silences.expire': ['DELETE', '/api/v1/silences/{id}'],
  'silences.list': ['GET', '/api/v1/silences'],
  'silences.preview': ['POST', '/api/v1/silences/preview'],
  'slo-report.read': ['GET', '/api/v1/slo-report'],
  'statuscustomers.link': ['POST', '/api/v1/status-customers/{customer}/link'],
  'statuscustomers.list': ['GET', '/api/v1/status-customers'],
  'statuscustomers.revoke': ['DELETE', '/api/v1/status-customers/{customer}/link'],
  'statuspages.check-host': ['POST', '/api/v1/status-pages/{page}/host/check'],
  'statuspages.draft': ['GET', '/api/v1/status-pages/{page}/draft'],
  'statuspages.history': ['GET', '/api/v1/status-pages/{page}/history'],
  'statuspages.import': ['POST', '/api/v1/status-pages/{page}/import'],
  'statuspages.list': ['GET', '/api/v1/status-pages'],
  'statuspages.publish': ['POST', '/api/v1/status-pages/{page}/posts'],
  'statuspages.read': ['GET', '/api/v1/status-pages/{page}'],
  'statuspages.remove-image': ['DELETE', '/api/v1/status-pages/{page}/images/{kind}'],
  'statuspages.remove-subscriber': ['DELETE', '/api/v1/status-subscribers/{id}'],
  'statuspages.resume-subscriber': ['POST', '/api/v1/status-subscribers/{id}/resume'],
  'statuspages.subscribe': ['POST', '/api/v1/status-pages/{page}/subscriptions'],
  'statuspages.subscribers': ['GET', '/api/v1/status-pages/{page}/subscribers'],
  'statuspages.update': ['POST', '/api/v1/status-posts/{id}/updates'],
  'statuspages.upload-image': ['PUT', '/api/v1/status-pages/{page}/images/{kind}'],
  'swaps.accept': ['POST', '/api/v1/swaps/{id}/accept'],
  'swaps.create': ['POST', '/api/v1/schedules/{name}/swaps'],
  'swaps.decline': ['POST', '/api/v1/swaps/{id}/decline'],
  'swaps.list': ['GET', '/api/v1/swaps'],
  'swaps.withdraw': ['POST', '/api/v1/swaps/{id}/withdraw'],
  'teams.list': ['GET', '/api/v1/teams'],
  'teams.read': ['GET', '/api/v1/teams/{name}'],
  'telemetry.coverage': ['GET', '/api/v1/telemetry/coverage'],
  'telemetry.push': ['POST', '/api/v1/telemetry/counts'],
  'telemetry.service-coverage': ['GET', '/api/v1/services/{name}/coverage'],
  'telemetry.signals': ['GET', '/api/v1/services/{name}/signals'],
  'telemetry.slices': ['GET', '/api/v1/objectives/{name}/slices'],
  'telemetry.sources': ['GET', '/api/v1/telemetry/sources'],
  'tickets.connect': ['PUT', '/api/v1/ticket-connections/{name}'],
  'tickets.connections': ['GET', '/api/v1/ticket-connections'],
  'tickets.disconnect': ['DELETE', '/api/v1/ticket-connections/{name}'],
  'tickets.link': ['POST', '/api/v1/tickets/link'],
  'tickets.list': ['GET', '/api/v1/tickets'],
  'tickets.look': ['POST', '/api/v1/tickets/{id}/look'],
  'tickets.open': ['POST', '/api/v1/tickets'],
  'tickets.settle': ['POST', '/api/v1/tickets/{id}/settle'],
  'tickets.test': ['POST', '/api/v1/ticket-connections/{name}/test'],
  'tickets.unlink': ['DELETE', '/api/v1/tickets/{id}'],
  'webhooks.list': ['GET', '/api/v1/webhooks'],
  'webhooks.replace-secret': ['POST', '/api/v1/webhooks/{name}/secret'],
  'webhooks.test': ['POST', '/api/v1/webhooks/{name}/test'],
  'webpush.key': ['GET', '/api/v1/web-push-key'],
  'work.drop': ['POST', '/api/v1/work/set-aside/{id}/drop'],
  'work.retry': ['POST', '/api/v1/work/set-aside/{id}/retry'],
  'work.set-aside': ['GET', '/api/v1/work/set-aside'],
  'workflows.decide': ['POST', '/api/v1/workflow-runs/{id}/steps/{step}/decide'],
  'workflows.hooks': ['GET', '/api/v1/workflow-hooks'],
  'workflows.keep-hook': ['PUT', '/api/v1/workflow-hooks/{name}'],
  'workflows.list': ['GET', '/api/v1/workflows'],
  'workflows.remove-hook': ['DELETE', '/api/v1/workflow-hooks/{name}'],
  'workflows.retry': ['POST', '/api/v1/workflow-runs/{id}/steps/{step}/retry'],
  'workflows.runs': ['GET', '/api/v1/workflow-runs'],
  'workflows.start': ['POST', '/api/v1/workflows/{name}/start'],
  'workflows.test': ['POST', '/api/v1/workflows/{name}/test'],
}

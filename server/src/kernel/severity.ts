// Three axes kept apart: alert severity (the signal), urgency (how to interrupt), incident severity (the impact).

/** Incident severity. P0–P3 are accepted as aliases of SEV1–SEV4. */
export const severities = ['SEV1', 'SEV2', 'SEV3', 'SEV4'] as const
export type Severity = (typeof severities)[number]

export const alertSeverities = ['critical', 'warning', 'info'] as const
export type AlertSeverity = (typeof alertSeverities)[number]

export const urgencies = ['high', 'low'] as const
export type Urgency = (typeof urgencies)[number]

/** 0 is the most important. Sets defaults of objectives, escalation and required checks. */
export const tiers = [0, 1, 2, 3] as const
export type Tier = (typeof tiers)[number]

export function parseSeverity(text: string): Severity | null {
  const upper = text.toUpperCase()
  const alias = /^P([0-3])$/.exec(upper)
  const named = alias === null ? upper : `SEV${Number(alias[1]) + 1}`
  return severities.find((each) => each === named) ?? null
}

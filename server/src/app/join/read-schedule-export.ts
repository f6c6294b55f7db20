// The exports of other on-call products, told apart by what only they have.
import { readGrafanaSchedules } from '../../integrations/grafana-oncall/read-schedules.ts'
import { readOpsgenieSchedules } from '../../integrations/opsgenie/read-schedules.ts'
import { readPagerDutySchedules } from '../../integrations/pagerduty-schedules/read-schedules.ts'
import { isJsonObject, type JsonValue } from '../../kernel/json.ts'
import type { ReadScheduleExport } from '../../modules/oncall/import.ports.ts'

export const readScheduleExport: ReadScheduleExport = (text, now) => {
  let body: JsonValue
  try {
    body = JSON.parse(text)
  } catch {
    return null
  }
  if (!isJsonObject(body)) return null
  return readPagerDutySchedules(body, now) ?? readGrafanaSchedules(body, now) ?? readOpsgenieSchedules(body, now)
}

// What a person pastes into each sender. The console fills the token in while it is shown; nobody else ever sees it.
import type { Format } from './formats.ts'

export interface SetUpStep {
  readonly title: string
  readonly text: string
}

export const tokenPlaceholder = '<TOKEN>'

/** `url` is where the server is reached, without a slash at the end; `mail` the host of its mail addresses, null when it takes none. */
export function setUpOf(
  format: Format,
  at: { readonly url: string; readonly source: string; readonly mail: string | null },
): readonly SetUpStep[] {
  const token = tokenPlaceholder
  const address = `${at.url}/in/${at.source}`
  // For senders that can set no header.
  const secretAddress = `${address}/${token}`
  const host = at.url.replace(/^https?:\/\//, '')
  switch (format) {
    case 'alertmanager':
      return [
        {
          title: 'alertmanager.yml, under receivers',
          text: `- name: mainstay
  webhook_configs:
    - url: ${address}
      send_resolved: true
      max_alerts: 0
      http_config:
        authorization:
          credentials: ${token}`,
        },
      ]
    case 'grafana':
      return [
        { title: 'Contact point, integration Webhook, URL', text: address },
        { title: 'Authorization header: scheme Bearer, credentials', text: token },
      ]
    case 'pagerduty':
      return [
        { title: 'Events API v2 address, where the sender asks for one', text: `${at.url}/v2/enqueue` },
        { title: 'Integration or routing key', text: token },
        {
          title: 'Try it',
          text: `curl -sS ${at.url}/v2/enqueue -H 'content-type: application/json' -d '{"routing_key":"${token}","event_action":"trigger","dedup_key":"try-it","payload":{"summary":"Trying it","source":"curl","severity":"info"}}'`,
        },
        {
          title: 'For the JavaScript client (pdjs)',
          text: `event({ server: '${host}', data: { routing_key: '${token}', … } })`,
        },
      ]
    case 'opsgenie':
      return [
        { title: 'API address, in place of https://api.opsgenie.com/', text: `${at.url}/` },
        { title: 'API key', text: token },
        {
          title: 'alertmanager.yml, under receivers',
          text: `- name: mainstay
  opsgenie_configs:
    - api_url: ${at.url}/
      api_key: ${token}`,
        },
      ]
    case 'cloudwatch':
      return [
        {
          title: 'Subscribe the address to the topic your alarms notify; it confirms itself',
          text: `aws sns subscribe --topic-arn <TOPIC ARN> --protocol https --notification-endpoint ${secretAddress}`,
        },
        {
          title: 'Let the topic sign with SHA-256',
          text: 'aws sns set-topic-attributes --topic-arn <TOPIC ARN> --attribute-name SignatureVersion --attribute-value 2',
        },
      ]
    case 'datadog':
      return [
        { title: 'Integrations, Webhooks, New: URL', text: address },
        { title: 'Custom headers', text: `{"Authorization": "Bearer ${token}"}` },
        {
          title: 'Payload',
          text: `{
  "alert_id": "$ALERT_ID", "aggreg_key": "$AGGREG_KEY", "transition": "$ALERT_TRANSITION", "alert_type": "$ALERT_TYPE",
  "priority": "$ALERT_PRIORITY", "title": "$EVENT_TITLE", "body": "$EVENT_MSG", "scope": "$ALERT_SCOPE", "tags": "$TAGS",
  "hostname": "$HOSTNAME", "metric": "$ALERT_METRIC", "link": "$LINK", "date": "$DATE", "org": {"id": "$ORG_ID", "name": "$ORG_NAME"}
}`,
        },
        { title: 'In the message of each monitor', text: `@webhook-${at.source}` },
      ]
    case 'sentry':
      return [
        { title: 'Developer settings, internal integration: webhook URL', text: secretAddress },
        {
          title: 'Then store its client secret here, so that signatures are checked',
          text: `mainstay intake secret ${at.source}`,
        },
        { title: 'Turn on', text: 'Alert rule action; resource issue. Then name the integration in your alert rules.' },
      ]
    case 'zabbix':
      return [
        {
          title: 'Media type, type Webhook: parameters',
          text: `url = ${address}
token = ${token}
event_id = {EVENT.ID}
event_value = {EVENT.VALUE}
event_update_status = {EVENT.UPDATE.STATUS}
event_update_action = {EVENT.UPDATE.ACTION}
event_name = {EVENT.NAME}
event_severity = {EVENT.SEVERITY}
event_opdata = {EVENT.OPDATA}
event_tags = {EVENT.TAGSJSON}
host_name = {HOST.NAME}
trigger_id = {TRIGGER.ID}
zabbix_url = {$ZABBIX.URL}`,
        },
        {
          title: 'Script',
          text: `var given = JSON.parse(value)
var request = new HttpRequest()
request.addHeader('Content-Type: application/json')
request.addHeader('Authorization: Bearer ' + given.token)
delete given.token
var answer = request.post(given.url, JSON.stringify(given))
if (request.getStatus() < 200 || request.getStatus() > 299) throw 'Mainstay answered ' + request.getStatus() + ': ' + answer
return answer`,
        },
      ]
    case 'uptimekuma':
      return [
        { title: 'Notification, type Webhook: Post URL', text: address },
        {
          title: 'Request body: preset application/json. Additional headers',
          text: `{"Authorization": "Bearer ${token}"}`,
        },
      ]
    case 'email':
      return [
        { title: 'Recipient of the alarms', text: `${token}@${at.mail ?? 'MAIL-HOST'}` },
        {
          title: 'Where one mailbox is shared, behind a plus',
          text: `alarms+${token}@${at.mail ?? 'MAIL-HOST'}`,
        },
        {
          title: 'Subject: the state first, the rest the same for the beginning and the end',
          text: 'PROBLEM: Disk of db-1 is full\nRESOLVED: Disk of db-1 is full',
        },
        ...(at.mail === null ? [{ title: 'First open the port on the server', text: 'MAINSTAY_MAIL_PORT=2525' }] : []),
      ]
    case 'heartbeat':
      return [
        { title: 'At the end of the job', text: `curl -fsS -m 10 --retry 5 -o /dev/null ${secretAddress}` },
        {
          title: 'Without the token in the address',
          text: `curl -fsS -X POST -H 'authorization: Bearer ${token}' ${address}`,
        },
      ]
    case 'generic':
      return [
        {
          title: 'Any program',
          text: `curl -sS ${address} -H 'authorization: Bearer ${token}' -H 'content-type: application/json' -d '{"status":"firing","dedupKey":"disk-db-1","summary":"Disk of db-1 is full","severity":"critical","service":"checkout"}'`,
        },
        { title: 'For senders that can set no header', text: secretAddress },
      ]
  }
}
